import { useEffect, useState, type ReactNode } from "react";
import { copyText } from "./copy-text.ts";

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for its accessible name: "contact id". */
  readonly what: string;
  readonly isTabStop?: boolean;
  /** Shown instead of the icon. */
  readonly children?: ReactNode;
  readonly className?: string;
}

const NOTE_MS = 1500;

export function CopyButton({ text, what, isTabStop = true, children, className = "copy" }: CopyButtonProps): ReactNode {
  const [note, setNote] = useState("");
  useEffect(() => {
    if (note === "") return undefined;
    const timer = setTimeout(() => setNote(""), NOTE_MS);
    return () => clearTimeout(timer);
  }, [note]);
  const copy = async (): Promise<void> => setNote((await copyText(text)) ? "copied" : "could not copy");
  return (
    <button
      type="button"
      className={className}
      tabIndex={isTabStop ? 0 : -1}
      title={note === "" ? `copy ${what}: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}` : note}
      aria-label={`copy ${what}`}
      onClick={(event) => {
        event.stopPropagation();
        void copy();
      }}
    >
      {children ?? <CopyIcon isDone={note === "copied"} />}
      <span className="visually-hidden" role="status">
        {note}
      </span>
      {children !== undefined && note !== "" ? <span className="muted"> {note}</span> : null}
    </button>
  );
}

function CopyIcon({ isDone }: { readonly isDone: boolean }): ReactNode {
  return (
    <svg
      width="13"
      height="13"
      viewBox="0 0 13 13"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.2"
      aria-hidden="true"
    >
      {isDone ? <path d="M2 7l3 3 6-7" strokeWidth="1.6" /> : <path d="M4.5 4.5h7v7h-7zM8.5 4.5v-3h-7v7h3" />}
    </svg>
  );
}
