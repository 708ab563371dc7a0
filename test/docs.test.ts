import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMON_COLUMNS, DERIVED_TABLES, ERROR_CODES, REJECT_REASONS, SOURCES } from "@fourwire/core";
import { ConfigDocument } from "../packages/server/src/config/config-document.ts";
import { configSchema } from "../packages/server/src/config/config.ts";
import { configJsonSchema, keysAt, schemasAt } from "../packages/server/src/config/json-schema.ts";
import * as limits from "../packages/server/src/receive/limits.ts";
import { recordPages } from "../scripts/record-docs.mjs";
import { openFixtureStore, type FixtureStore } from "./fixture-store.ts";
import { listFiles, readSourceFiles, readText, ROOT } from "./source-files.ts";

/** Our own pages: at the root, in docs and beside the code. */
const pages = listFiles("").filter((path) => path.endsWith(".md") && !path.includes("/fixtures/"));

describe("generated pages", () => {
  const fresh = recordPages({ commonColumns: COMMON_COLUMNS, sources: SOURCES, derivedTables: DERIVED_TABLES });

  test.each([...fresh.keys()])("docs/records/%s is what npm run generate writes", (name) => {
    expect(readText(`docs/records/${name}`)).toBe(fresh.get(name));
  });

  test("no page is left of a source that is gone", () => {
    expect(
      listFiles("docs/records")
        .map((path) => path.replace("docs/records/", ""))
        .toSorted(),
    ).toEqual([...fresh.keys(), "queries.md"].toSorted());
  });

  test("a changed column changes the page", () => {
    const changed = recordPages({
      commonColumns: [
        ...COMMON_COLUMNS,
        { name: "extra_ms", type: "integer", unit: "ms", description: "a|b <c>", from: "X|Y" },
      ],
      sources: SOURCES,
      derivedTables: DERIVED_TABLES,
    });
    expect(changed.get("common.md")).toContain("| `extra_ms` | bigint | ms | a\\|b &lt;c> | `X\\|Y` |");
  });
});

describe("docs/configure.md", () => {
  const page = readText("docs/configure.md");
  const receiverPages = listFiles("docs").filter((path) => /^docs\/receive-[\w-]+\.md$/.test(path));
  const pagesWithExamples = [page, ...receiverPages.map(readText)].join("\n");
  // indented where a step of a list shows it
  const examples = [...pagesWithExamples.matchAll(/^ *```yaml\n([\s\S]*?)^ *```/gm)].map((match, index) => ({
    number: index + 1,
    firstLine: match[1]?.split("\n")[0],
    text: match[1] ?? "",
  }));

  test("docs/config.schema.json is what npm run generate writes", () => {
    expect(readText("docs/config.schema.json")).toBe(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`);
  });

  test.each(examples)("example $number is right: $firstLine", ({ text }) => {
    expect(configSchema.safeParse(new ConfigDocument("example", text).toValue()).error).toBeUndefined();
  });

  test("has an example, names every key and every type of receiver", () => {
    expect(examples.length).toBeGreaterThan(0);
    const schema = configJsonSchema();
    const keys = [[], ["server"], ["limits"]].flatMap((path) => keysAt(schema, path, undefined));
    const types = schemasAt(schema, ["receivers", 0, "type"], undefined).flatMap((type) => type.const ?? []);
    expect([...keys, ...types.map(String)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("docs/records/queries.md", () => {
  const text = readText("docs/records/queries.md");
  const queries = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map((match, index) => ({
    number: index + 1,
    firstLine: match[1]?.split("\n")[0],
    sql: match[1] ?? "",
  }));
  let opened: FixtureStore;

  beforeAll(async () => {
    opened = await openFixtureStore();
  });
  afterAll(() => opened.close());

  test("the store it is tried on holds every source", async () => {
    const counts = await opened.store.sourceCounts();
    expect(counts.filter((count) => count.recordCount < 10)).toEqual([]);
    expect(opened.appended).toBeGreaterThan(1000);
  });

  test.each(queries)("query $number runs and finds something: $firstLine", async ({ sql }) => {
    const result = await opened.store.query({ sql, limit: 1000, timeoutMs: 10_000 });
    expect(result.rows.length).toBeGreaterThan(0);
  });

  test("has queries for every source", () => {
    const headings = new Set([...text.matchAll(/^## (\w+)$/gm)].map((match) => match[1]));
    expect([...Object.keys(SOURCES), ...Object.keys(DERIVED_TABLES)].filter((name) => !text.includes(name))).toEqual(
      [],
    );
    expect(Object.keys(SOURCES).filter((source) => !headings.has(source))).toEqual([]);
    expect(queries.length).toBeGreaterThan(25);
  });
});

describe("docs/errors.md", () => {
  const [codes = "", reasons = ""] =
    readText("docs/errors.md").split("## Error codes")[1]?.split("## Reject reasons") ?? [];

  test("explains every error code, and no other", () => {
    expect([...sections(codes).keys()].toSorted()).toEqual([...ERROR_CODES].toSorted());
  });

  test("explains every reject reason, and no other", () => {
    expect([...sections(reasons).keys()].toSorted()).toEqual([...REJECT_REASONS].toSorted());
  });

  test("gives a cause and a remedy for each", () => {
    const all = [...sections(codes), ...sections(reasons)];
    const incomplete = all.filter(([, section]) => !/\*\*Cause\.\*\* \S[\s\S]*\*\*Remedy\.\*\* \S/.test(section));
    expect(incomplete.map(([name]) => name)).toEqual([]);
  });

  test("every code and reason occurs in the product", () => {
    const code = readSourceFiles()
      .filter((file) => !file.isTest && !/core\/src\/(?:errors|rejected)\.ts$/.test(file.path))
      .map((file) => file.code)
      .join("\n");
    expect([...ERROR_CODES, ...REJECT_REASONS].filter((name) => !code.includes(`"${name}"`))).toEqual([]);
  });

  test("the server answers with no code beyond the list", () => {
    const server = readSourceFiles().filter((file) => file.packageName === "server" && !file.isTest);
    const literals = server.flatMap((file) =>
      [...file.code.matchAll(/\bcode: "(\w+)"/g)].map((match) => match[1] ?? ""),
    );
    expect(literals.filter((code) => !ERROR_CODES.some((known) => known === code))).toEqual([]);
  });
});

describe("README.md", () => {
  const readme = readText("README.md");

  test("names the two commands exactly", () => {
    expect(readme).toContain("\nnpm ci && npm run demo\n");
    expect(readme).toContain("\nnpm ci && npm test\n");
  });

  test("lists every command there is, and none that is not", () => {
    const registered = readSourceFiles()
      .filter((file) => file.path.startsWith("packages/server/src/cli/"))
      .flatMap((file) => [...file.code.matchAll(/\bprogram\s*\.command\("(\w+)"\)/g)].map((match) => match[1] ?? ""));
    const listed = [...readme.matchAll(/^\| `fourwire (\w+)`/gm)].map((match) => match[1] ?? "");
    expect(listed.toSorted()).toEqual(registered.toSorted());
  });

  test("lists every source", () => {
    const listed = [...readme.matchAll(/^\| \[`(\w+)`\]/gm)].map((match) => match[1] ?? "");
    expect(listed.toSorted()).toEqual(Object.keys(SOURCES).toSorted());
  });
});

describe("docs/operate.md", () => {
  const operate = readText("docs/operate.md");
  const MEBIBYTE = 1024 * 1024;

  test.each(Object.entries(limits))("states %s as the code has it", (name, value) => {
    const text = name.endsWith("_BYTES") ? `${value / MEBIBYTE} MiB` : String(value);
    const row = operate.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
    expect(row.split("|")[2]?.trim()).toBe(text);
  });
});

describe("links and paths", () => {
  test("every link inside the repository leads somewhere", () => {
    const broken = pages.flatMap((page) =>
      [...withoutCode(readText(page)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => match[1] ?? "")
        .filter((target) => !/^https?:|^mailto:/.test(target) && !leadsSomewhere(page, target))
        .map((target) => `${page}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test("every path that a page names exists", () => {
    const missing = pages.flatMap((page) =>
      [...readText(page).matchAll(/`((?:packages|docs|scripts|test)\/[\w./-]+\w)`/g)]
        .map((match) => match[1] ?? "")
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${page}: ${path}`),
    );
    expect(missing).toEqual([]);
  });

  test("the pages that a reader starts from are there", () => {
    const expected = [
      "ARCHITECTURE.md",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "GLOSSARY.md",
      "README.md",
      "docs/errors.md",
      "docs/operate.md",
      "docs/privacy.md",
    ];
    expect(expected.filter((page) => !pages.includes(page))).toEqual([]);
    expect(readText("LICENSE")).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  });
});

/** Decision records: one page, numbered without a gap, with the four parts. */
describe("docs/decisions", () => {
  const decisions = listFiles("docs/decisions").toSorted();

  test("are numbered without a gap", () => {
    expect(decisions.map((path) => Number(/\/(\d{4})-/.exec(path)?.[1]))).toEqual(
      decisions.map((_, index) => index + 1),
    );
  });

  test.each(decisions)("%s says context, decision, consequences and when to look again", (path) => {
    const text = readText(path);
    const parts = ["**Context.**", "**Decision.**", "**Consequences.**", "**Revisit"];
    expect(parts.map((part) => text.includes(part))).toEqual([true, true, true, true]);
    expect(text.split("\n").length).toBeLessThan(60);
  });
});

/** The headings of a part of docs/errors.md, each with its text. */
function sections(part: string): ReadonlyMap<string, string> {
  const texts = part.split(/^### /m).slice(1);
  return new Map(texts.map((section) => [section.slice(0, section.indexOf("\n")), section]));
}

function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```/g, "").replaceAll(/`[^`\n]*`/g, "code");
}

function leadsSomewhere(page: string, target: string): boolean {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchorsOf(readText(file)).includes(anchor);
}

/** Headings as GitHub makes anchors of them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}
