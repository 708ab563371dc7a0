import type { ReactNode } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { PageState } from "./page-state.tsx";

const STEPS: readonly { readonly text: string; readonly command: string }[] = [
  { text: "See the product with a simulated contact centre, on its own port and data.", command: "npx fourwire demo" },
  {
    text: "Bring files you already have: a CCP download, agent events, flow logs, CloudTrail, contact records; plain or .gz, a file or a folder.",
    command: "npx fourwire import PATH",
  },
  {
    text: "Let the sources send here as things happen. TOKEN stands in owner.json in this server's data directory.",
    command: `curl --data-binary @FILE -H "Authorization: Bearer TOKEN" ${globalThis.location?.origin ?? ""}/v1/records/auto`,
  },
];

/** Nothing was ever received: what to do, in three steps. */
export function FirstRun(): ReactNode {
  return (
    <PageState kind="first-run" title="No records yet">
      <p className="muted">This server has not received anything on any of its wires. Three ways to begin:</p>
      <ol className="steps">
        {STEPS.map((step, index) => (
          <li key={step.command}>
            <span className="step-number">{index + 1}</span>
            <div>
              <p>{step.text}</p>
              <p className="command">
                <code>{step.command}</code>
                <CopyButton text={step.command} what="command" />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </PageState>
  );
}
