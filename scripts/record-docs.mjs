// The pages of docs/records that are made from the column declarations. Pure: `generate.mjs` writes what this returns,
// and test/docs.test.ts compares it with what is committed.

const NOTICE =
  "<!-- Generated from packages/core by `npm run generate`. Do not edit: change the column declarations. -->";

/** How the column types read in SQL. */
const SQL_TYPES = {
  text: "varchar",
  timestamp: "timestamptz",
  integer: "bigint",
  double: "double",
  boolean: "boolean",
  json: "varchar (JSON)",
};

/** One sentence a source, above its table. */
const SUBJECTS = {
  agent_event: "What the agent did: logins, logouts, status changes and heartbeats, each with a snapshot of the agent.",
  contact_record:
    "What became of a contact, told once it is over and again whenever something about it changes. The view shows the newest delivery of each contact; every delivery is kept.",
  contact_event: "The turns of a contact as they happen: initiated, queued, connected, disconnected.",
  flow_log: "What the flow did to the customer, block by block.",
  cloudtrail: "Who changed or called what in the account. `cloudtrail_logs` is the same in Athena's shape.",
  ccp_log: "What the agent's browser did: log lines of the Contact Control Panel, its softphone and WebRTC sessions.",
};

/**
 * @param {import("./record-docs.d.mts").RecordDeclarations} declarations
 * @returns {ReadonlyMap<string, string>} page text by file name
 */
export function recordPages(declarations) {
  const pages = new Map([["common.md", commonPage(declarations.commonColumns)]]);
  for (const [source, definition] of Object.entries(declarations.sources)) {
    pages.set(`${source}.md`, sourcePage(source, definition.columns));
  }
  for (const derived of Object.values(declarations.derivedTables))
    pages.set(`${derived.name}.md`, derivedPage(derived));
  return pages;
}

function commonPage(columns) {
  return page([
    "# Columns of every record",
    "`log_record` has these columns and one row per thing that happened, whatever wire it came on. The view of each source has them too, followed by its own.",
    table(columns),
    "`event_time` is the origin's clock, `observed_time` the clock of our first component, `ingested_time` the store's. All are UTC.",
  ]);
}

function sourcePage(source, columns) {
  const subject = SUBJECTS[source];
  if (subject === undefined)
    throw new Error(`no sentence for the source "${source}"; add it to SUBJECTS in scripts/record-docs.mjs`);
  const folder = source.replaceAll("_", "-");
  return page([
    `# ${source}`,
    subject,
    `The first columns are those of [every record](common.md); these follow. How the wire is read, and its quirks: [packages/core/src/sources/${folder}](../../packages/core/src/sources/${folder}/README.md). Queries: [queries.md](queries.md).`,
    table(columns),
    "A value is null where the wire said nothing.",
  ]);
}

function derivedPage({ name, subject, columns }) {
  return page([
    `# ${name}`,
    subject,
    "Made from records and kept current: whatever arrives, and however late, is worked in. How it is worked out: [agent-tables.md](../agent-tables.md). Queries: [queries.md](queries.md).",
    table(columns),
    "Instants are UTC. A value is null where nothing tells it, or while it goes on.",
  ]);
}

function page(paragraphs) {
  return `${[NOTICE, ...paragraphs].join("\n\n")}\n`;
}

function table(columns) {
  const rows = columns.map((column) =>
    row([
      code(column.name),
      SQL_TYPES[column.type],
      column.unit ?? "",
      escapeCell(column.description),
      column.from === undefined ? "" : code(column.from),
    ]),
  );
  return [
    row(["column", "type", "unit", "description", "from"]),
    row(["---", "---", "---", "---", "---"]),
    ...rows,
  ].join("\n");
}

function row(cells) {
  return `| ${cells.join(" | ")} |`;
}

/** A pipe would end the cell, even in code. */
function code(text) {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** The same, and `<` would begin HTML. */
function escapeCell(text) {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
