import { AppError } from "@fourwire/core";

/** A flag's value as a whole number within bounds; throws `parameter_invalid` with the bounds otherwise. */
export function wholeNumber(text: string, name: string, range: { readonly min: number; readonly max: number }): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < range.min || value > range.max) {
    throw new AppError(
      "parameter_invalid",
      `${name} must be a whole number from ${range.min} to ${range.max}, not "${text}"`,
    );
  }
  return value;
}
