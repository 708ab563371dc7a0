import type { RecordResponse } from "@fourwire/core";
import type { ReactNode } from "react";
import { CopyButton } from "../shell/copy-button.tsx";
import { AgentLink } from "./agent-link.tsx";
import { ContactLink } from "./contact-link.tsx";
import { listFields, type Field } from "./field-list.ts";
import type { FilterChange } from "./record-panel.tsx";

export interface RecordFieldsProps {
  readonly response: RecordResponse;
  readonly onFilter: (change: FilterChange) => void;
}

/** Every column with a value: the source's own first, then the common ones, then what has no column. */
export function RecordFields({ response, onFilter }: RecordFieldsProps): ReactNode {
  const groups = listFields(response);
  return (
    <div className="fields">
      {groups.map((group) =>
        group.fields.length === 0 ? null : (
          <section key={group.title} aria-label={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.fields.map((field) => (
                <FieldRow key={field.name} field={field} onFilter={onFilter} />
              ))}
            </dl>
          </section>
        ),
      )}
    </div>
  );
}

interface FieldRowProps {
  readonly field: Field;
  readonly onFilter: (change: FilterChange) => void;
}

function FieldRow({ field, onFilter }: FieldRowProps): ReactNode {
  const { name, text } = field;
  const filter = (isExcluded: boolean): void => onFilter({ field: name, value: text, isExcluded });
  return (
    <div className="field">
      <dt title={field.description}>{name}</dt>
      <dd className={field.isJson ? "mono" : ""}>
        <FieldValue field={field} />
        {field.unit === null ? null : <span className="muted"> {field.unit}</span>}
      </dd>
      <span className="field-actions">
        {field.isFilterable ? (
          <>
            <button
              type="button"
              onClick={() => filter(false)}
              aria-label={`only records with this ${name}`}
              title={`+ ${name}:${text}`}
            >
              +
            </button>
            <button
              type="button"
              onClick={() => filter(true)}
              aria-label={`no records with this ${name}`}
              title={`- ${name}:${text}`}
            >
              −
            </button>
          </>
        ) : null}
        <CopyButton text={text} what={name} />
      </span>
    </div>
  );
}

function FieldValue({ field }: { readonly field: Field }): ReactNode {
  if (field.name === "contact_id") return <ContactLink contactId={field.text} />;
  if (field.name === "agent_id") return <AgentLink agentId={field.text} username={null} />;
  return field.text;
}
