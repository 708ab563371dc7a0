import { describe, expect, test } from "vitest";
import { COMMON_COLUMNS, DERIVED_TABLES, SOURCE_NAMES, SOURCES } from "@fourwire/core";
import { listFiles, PACKAGES, readSourceFiles, readText } from "./source-files.ts";

// The words of the design, section 7, and those the store, the pipeline and the timeline brought.
const REQUIRED = [
  "after-contact work",
  "agent",
  "agent activity",
  "agent status",
  "alert",
  "alert rule",
  "append",
  "carrier",
  "collector",
  "configuration change",
  "contact",
  "contact record",
  "decode",
  "derivation",
  "dropped",
  "duplicate",
  "event bus",
  "event pattern",
  "event source",
  "flow",
  "flow block",
  "hot table",
  "lake",
  "lane",
  "live state",
  "manifest",
  "normalize",
  "notification",
  "piece",
  "publish",
  "receive",
  "record",
  "redact",
  "rejected",
  "retention",
  "rule",
  "source",
  "staged file",
  "target",
  "timeline",
  "wire type",
  "workflow",
];

/** Words that name nothing, and end as drawers for everything. */
const EMPTY_NAMES = new Set(["util", "utils", "helper", "helpers", "manager", "common", "misc", "shared", "info"]);

/** Amazon's names for what we call otherwise. They stay inside wire types, decoders and fixtures. */
const AMAZON_NAMES = /\bcontact flows?\b|\bCTRs?\b|\bcontact trace record/i;

interface Entry {
  readonly word: string;
  readonly meaning: string;
}

const glossary = readText("GLOSSARY.md");
const entries = [...glossary.matchAll(/^\| ([^|]+) \| ([^|]+) \|[^|]*\|$/gm)]
  .map((match): Entry => ({ word: (match[1] ?? "").trim(), meaning: (match[2] ?? "").trim() }))
  .filter((entry) => entry.word !== "word" && !/^:?-+:?$/.test(entry.word));
const columns = [
  ...COMMON_COLUMNS,
  ...SOURCE_NAMES.flatMap((source) => SOURCES[source].columns),
  ...Object.values(DERIVED_TABLES).flatMap((table) => table.columns),
];

describe("GLOSSARY.md", () => {
  test("defines every word of the design", () => {
    const words = new Set(entries.map((entry) => entry.word));
    expect(REQUIRED.filter((word) => !words.has(word))).toEqual([]);
  });

  test("has each word once, in order", () => {
    const words = entries.map((entry) => entry.word);
    expect(words).toEqual([...new Set(words)].toSorted((left, right) => left.localeCompare(right, "en")));
  });

  test("says in each meaning something else than the word", () => {
    expect(
      entries
        .filter((entry) => entry.meaning.length < 12 || entry.meaning.toLowerCase() === entry.word)
        .map((entry) => entry.word),
    ).toEqual([]);
  });
});

describe("names", () => {
  const paths = PACKAGES.flatMap((name) => listFiles(`packages/${name}/src`)).filter((path) => /\.tsx?$/.test(path));

  test("no file is named after nothing", () => {
    const hollow = paths.filter((path) => path.split(/[/.-]/).some((part) => EMPTY_NAMES.has(part)));
    expect(hollow).toEqual([]);
  });

  test("files are kebab-case", () => {
    const names = paths.map((path) => path.slice(path.lastIndexOf("/") + 1));
    expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z-]+)*\.tsx?$/.test(name))).toEqual([]);
  });

  test("columns are snake_case, and Amazon's words end before them", () => {
    const names = columns.map((column) => column.name);
    expect(names.filter((name) => !/^[a-z]+(?:_[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(names.filter((name) => /contact_flow|(?:^|_)(?:ctr|acw|arns|timestamp|ts)(?:_|$)/.test(name))).toEqual([]);
  });

  test("instants end in _time, measured numbers in their unit, and only instants are timestamps", () => {
    expect(
      columns
        .filter((column) => (column.type === "timestamp") !== column.name.endsWith("_time"))
        .map((column) => column.name),
    ).toEqual([]);
    expect(
      columns
        .filter((column) => column.unit !== undefined && !column.name.endsWith(`_${column.unit}`))
        .map((column) => column.name),
    ).toEqual([]);
  });

  test("booleans read as facts", () => {
    const vague = columns
      .filter((column) => column.type === "boolean" && !/^(?:is|has)_/.test(column.name))
      .map((column) => column.name);
    // CloudTrail's own readOnly, kept beside is_write because it is known to be wrong
    expect(vague).toEqual(["read_only"]);
  });

  test("a column of one name has one type in every source", () => {
    const types = new Map<string, Set<string>>();
    for (const column of columns) types.set(column.name, (types.get(column.name) ?? new Set()).add(column.type));
    const mixed = [...types].filter(([, found]) => found.size > 1).map(([name]) => name);
    expect(mixed).toEqual([]);
  });
});

describe("prose", () => {
  test("pages speak of flows and contact records", () => {
    const pages = listFiles("").filter((path) => /^(?:[A-Z]+\.md|docs\/.*\.md)$/.test(path) && path !== "GLOSSARY.md");
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.filter((page) => AMAZON_NAMES.test(readText(page)))).toEqual([]);
  });

  test("so do the texts a reader of the product sees", () => {
    const seen = readSourceFiles().filter(
      (file) => !file.isTest && (file.packageName === "web" || /\/(?:derive|cli|http)\//.test(file.path)),
    );
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.filter((file) => AMAZON_NAMES.test(file.code)).map((file) => file.path)).toEqual([]);
  });
});
