// Writes the generated documentation. Needs `npm run build`; run as `npm run generate`.
import { writeFile } from "node:fs/promises";
import { COMMON_COLUMNS, DERIVED_TABLES, SOURCES } from "@fourwire/core";
import { configJsonSchema } from "../packages/server/dist/config/json-schema.js";
import { recordPages } from "./record-docs.mjs";

const folder = new URL("../docs/records/", import.meta.url);
const pages = recordPages({ commonColumns: COMMON_COLUMNS, sources: SOURCES, derivedTables: DERIVED_TABLES });
for (const [name, text] of pages) await writeFile(new URL(name, folder), text);
console.log(`wrote ${pages.size} pages to docs/records`);

await writeFile(
  new URL("../docs/config.schema.json", import.meta.url),
  `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`,
);
console.log("wrote docs/config.schema.json");
