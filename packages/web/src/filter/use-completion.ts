import { useState } from "react";
import { moveIndex } from "../list/step.ts";
import { complete, type Completion, type KnownValues } from "./complete.ts";

/** What the keys do to the open list of completions. */
export interface CompletionState {
  readonly completion: Completion | undefined;
  /** Index of the highlighted option; -1 for none. */
  readonly index: number;
  readonly suggest: (text: string, caret: number) => void;
  readonly move: (by: 1 | -1) => void;
  readonly close: () => void;
}

export function useCompletion(known: KnownValues): CompletionState {
  const [completion, setCompletion] = useState<Completion>();
  const [index, setIndex] = useState(-1);
  return {
    completion,
    index,
    suggest: (text, caret) => {
      setCompletion(complete(text, caret, known));
      setIndex(-1);
    },
    move: (by) => setIndex(moveIndex(completion?.options.length ?? 0, index, by)),
    close: () => {
      setCompletion(undefined);
      setIndex(-1);
    },
  };
}
