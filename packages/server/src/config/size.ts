import { z } from "zod";

const UNIT_BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

const FORM = "a size is a whole number and a unit: 512KiB, 16MiB, 1GiB";

const SIZE = /^(\d+)\s*(B|KiB|MiB|GiB)$/;

/** An amount of bytes in the configuration: `512KiB`, `16MiB`. Parsed to bytes, `min` to `max`. */
export function sizeSchema(bounds: { readonly minBytes: number; readonly maxBytes: number }) {
  return z
    .string(FORM)
    .regex(SIZE, FORM)
    .transform(parseSize)
    .refine((bytes) => bytes >= bounds.minBytes && bytes <= bounds.maxBytes, {
      error: `must be between ${sizeText(bounds.minBytes)} and ${sizeText(bounds.maxBytes)}`,
    });
}

function parseSize(text: string): number {
  const [, amount, unit] = SIZE.exec(text) ?? [];
  const unitBytes = Object.entries(UNIT_BYTES).find(([name]) => name === unit)?.[1] ?? 0;
  return Number(amount) * unitBytes;
}

/** The shortest exact way to write a size. */
function sizeText(bytes: number): string {
  for (const unit of ["GiB", "MiB", "KiB"] as const) {
    if (bytes >= UNIT_BYTES[unit] && bytes % UNIT_BYTES[unit] === 0) return `${bytes / UNIT_BYTES[unit]}${unit}`;
  }
  return `${bytes}B`;
}
