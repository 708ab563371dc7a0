import type { RejectedRecord } from "@fourwire/core";
import type { ReactNode } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { formatCount, formatInstantIn } from "../time/format.ts";
import { usePageRange } from "../time/range-context.ts";
import { remedyOf } from "./remedies.ts";

export interface RejectedDetailProps {
  readonly rejected: RejectedRecord;
  readonly onClose: () => void;
}

/** One rejected record: what is wrong, what to do, where it stood, and its bytes. */
export function RejectedDetail({ rejected, onClose }: RejectedDetailProps): ReactNode {
  const { zone } = usePageRange();
  const remedy = remedyOf(rejected.reason);
  const facts: readonly (readonly [string, string])[] = [
    ["reason", rejected.reason],
    ["detail", rejected.detail],
    ["source", rejected.source],
    ["from", rejected.origin],
    ["position", `byte ${formatCount(rejected.position)}`],
    ["size", `${formatCount(rejected.size_bytes)} bytes`],
    ["rejected", formatInstantIn(rejected.rejected_time, zone)],
  ];
  return (
    <aside className="record-panel" aria-label="Rejected record" data-testid="rejected-detail">
      <header className="panel-head">
        <div className="panel-title">
          <strong>{remedy?.meaning ?? rejected.reason}</strong>
          <span className="spacer" />
          <button type="button" className="button quiet" onClick={onClose} aria-label="Close the rejected record">
            Close <kbd>Esc</kbd>
          </button>
        </div>
      </header>
      <div className="panel-scroll">
        {remedy === undefined ? null : (
          <p className="remedy">
            <strong>What to do:</strong> {remedy.remedy}.
          </p>
        )}
        <dl>
          {facts.map(([name, value]) => (
            <div key={name} className="field">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div className="body">
          <div className="body-tools">
            <span className="muted">
              {rejected.body_encoding === "utf8"
                ? "The bytes, as UTF-8 text"
                : "The bytes are not UTF-8; shown as base64"}
              {rejected.is_body_truncated ? ", the beginning only" : ""}
            </span>
            <span className="spacer" />
            <CopyButton text={rejected.body} what="bytes" className="button">
              Copy
            </CopyButton>
          </div>
          <pre>{rejected.body}</pre>
        </div>
      </div>
    </aside>
  );
}
