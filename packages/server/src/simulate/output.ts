import type { Emission, Truth } from "@fourwire/simulator";

/** Where simulated records go. A returned promise is waited for, so a slow output slows the simulation down. */
export interface Output {
  accept(emission: Emission): Promise<void> | undefined;
  tell(truth: Truth): void;
  finish(): Promise<void>;
  readonly files: number;
  readonly bytes: number;
}
