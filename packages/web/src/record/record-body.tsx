import { useState, type ReactNode } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { formatCount } from "../time/format.ts";
import { prettyJson } from "./pretty-json.ts";

export interface RecordBodyProps {
  /** The record as received, after redaction. */
  readonly body: string;
}

/** The record exactly as it came. Laid out only on request, and then said so. */
export function RecordBody({ body }: RecordBodyProps): ReactNode {
  const [isPretty, setPretty] = useState(false);
  const pretty = isPretty ? prettyJson(body) : undefined;
  const sizeBytes = new TextEncoder().encode(body).length;
  return (
    <div className="body">
      <div className="body-tools">
        <span className="muted">{formatCount(sizeBytes)} bytes</span>
        <span className="spacer" />
        <button type="button" className="button" aria-pressed={isPretty} onClick={() => setPretty(!isPretty)}>
          Lay out as JSON
        </button>
        <CopyButton text={body} what="record as received" className="button">
          Copy
        </CopyButton>
      </div>
      {isPretty ? (
        <p className="muted">
          {pretty === undefined
            ? "Not JSON: shown as received."
            : "Laid out for reading; Copy still copies the bytes as received."}
        </p>
      ) : null}
      <pre data-testid="record-body">{pretty ?? body}</pre>
    </div>
  );
}
