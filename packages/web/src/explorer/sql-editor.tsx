import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching, defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, type Extension } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { COMMON_COLUMNS } from "@fourwire/core";
import { useEffect, useRef, type ReactNode } from "react";
import { WIRE_ORDER } from "../theme/wires.ts";

export interface SqlEditorProps {
  readonly initial: string;
  readonly onEdit: (text: string) => void;
  readonly onRun: (text: string) => void;
}

const TABLES = ["log_record", ...WIRE_ORDER];

// CodeMirror's own colours, drawn towards the ink so that they can be read on light and on dark
const HIGHLIGHT = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) => {
    return typeof spec["color"] === "string"
      ? Object.assign({}, spec, { color: `color-mix(in oklab, ${spec["color"]} 55%, var(--ink))` })
      : spec;
  }),
);

const LOOK = EditorView.theme({
  "&": { fontSize: "13px", maxHeight: "34vh", minHeight: "110px" },
  // the frame around the editor shows the focus (explorer.css): the gutter would cover an outline here
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "10px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { background: "transparent", color: "var(--ink-faint)", border: "0" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection": {
    background: "var(--accent-tint)",
  },
  ".cm-tooltip": { background: "var(--surface)", border: "1px solid var(--hairline-strong)", color: "var(--ink)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--selected)", color: "var(--ink)" },
});

/** A SQL editor that knows the tables. Tab leaves it, as it leaves any field. */
export function SqlEditor({ initial, onEdit, onRun }: SqlEditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const current = useRef({ onEdit, onRun });
  const first = useRef(initial);
  useEffect(() => {
    current.current = { onEdit, onRun };
  });
  useEffect(() => {
    if (host.current === null) return undefined;
    const state = EditorState.create({ doc: first.current, extensions: extensions(current) });
    const view = new EditorView({ state, parent: host.current });
    view.focus();
    return () => view.destroy();
  }, []);
  return <div ref={host} className="sql-editor" data-testid="sql-editor" />;
}

interface Handlers {
  readonly current: Pick<SqlEditorProps, "onEdit" | "onRun">;
}

function extensions(handlers: Handlers): readonly Extension[] {
  const schema = Object.fromEntries(TABLES.map((table) => [table, COMMON_COLUMNS.map((column) => column.name)]));
  const run = (view: EditorView): boolean => {
    handlers.current.onRun(view.state.doc.toString());
    return true;
  };
  return [
    Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
    lineNumbers(),
    history(),
    bracketMatching(),
    autocompletion(),
    keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
    sql({ dialect: PostgreSQL, schema, defaultTable: "log_record" }),
    syntaxHighlighting(HIGHLIGHT),
    LOOK,
    EditorView.contentAttributes.of({ "aria-label": "SQL" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) handlers.current.onEdit(update.state.doc.toString());
    }),
  ];
}
