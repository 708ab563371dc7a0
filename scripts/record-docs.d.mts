import type { Column, DerivedTable, SourceName } from "@fourwire/core";

/** What the pages are made from: the columns as core declares them. */
export interface RecordDeclarations {
  readonly commonColumns: readonly Column[];
  readonly sources: Readonly<Record<SourceName, { readonly columns: readonly Column[] }>>;
  readonly derivedTables: Readonly<Record<string, DerivedTable>>;
}

/** The generated pages by their file name in docs/records. */
export function recordPages(declarations: RecordDeclarations): ReadonlyMap<string, string>;
