import type { ReactNode } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { shortenId } from "./shorten-id.ts";

export interface ShortIdProps {
  readonly id: string;
  /** What the id is of: "contact id". */
  readonly what: string;
  readonly isTabStop?: boolean;
}

/** An id that leads nowhere: whole on hover, copied by click. */
export function ShortId({ id, what, isTabStop = true }: ShortIdProps): ReactNode {
  return (
    <CopyButton text={id} what={what} isTabStop={isTabStop} className="short-id">
      {shortenId(id)}
    </CopyButton>
  );
}
