import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

/** The repository's root, with a slash at the end. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));

export const PACKAGES = ["core", "store", "server", "web", "simulator"] as const;
export type PackageName = (typeof PACKAGES)[number];

export interface SourceFile {
  /** From the root, with slashes: `packages/core/src/json.ts`. */
  readonly path: string;
  readonly packageName: PackageName;
  readonly isTest: boolean;
  readonly lineCount: number;
  /** The text with its comments blanked. */
  readonly code: string;
  readonly imports: readonly Import[];
  readonly hasDefaultExport: boolean;
  /** True when it passes on what another file exports. */
  readonly isBarrel: boolean;
}

export interface Import {
  readonly specifier: string;
  /** Gone when compiled, so it cannot make a cycle at run time. */
  readonly isTypeOnly: boolean;
}

/** Files below a folder of the repository, by path from the root. Skips what is installed, built or hidden. */
export function listFiles(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry): readonly string[] => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === "node_modules" || entry.name === "dist" || entry.name.startsWith(".")) return [];
    if (entry.isDirectory()) return listFiles(path);
    return [path];
  });
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Every TypeScript file of the packages, fixtures included. */
export function readSourceFiles(): readonly SourceFile[] {
  return PACKAGES.flatMap((packageName) =>
    listFiles(`packages/${packageName}`)
      .filter((path) => /\/(?:src|test)\//.test(path) && /\.tsx?$/.test(path))
      .map((path) => readSourceFile(packageName, path)),
  );
}

function readSourceFile(packageName: PackageName, path: string): SourceFile {
  const text = readText(path);
  const parsed = parseSync(path, text);
  if (parsed.errors.length > 0) throw new Error(`cannot parse ${path}: ${parsed.errors[0]?.message}`);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const reexports = staticExports.flatMap(({ entries }) => entries.filter((entry) => entry.moduleRequest !== null));
  return {
    path,
    packageName,
    isTest: /\.test\.tsx?$|\/test\/|\/fixtures\//.test(path),
    lineCount: text.split("\n").length - (text.endsWith("\n") ? 1 : 0),
    code: blankComments(text, parsed.comments),
    imports: [
      ...staticImports.map((found) => ({
        specifier: found.moduleRequest.value,
        isTypeOnly: found.entries.length > 0 && found.entries.every((entry) => entry.isType),
      })),
      ...reexports.map((entry) => ({ specifier: entry.moduleRequest?.value ?? "", isTypeOnly: entry.isType })),
      ...dynamicImports.map(({ moduleRequest }) => ({
        specifier: text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/["'`]/g, ""),
        isTypeOnly: false,
      })),
    ],
    hasDefaultExport: parsed.program.body.some((statement) => statement.type === "ExportDefaultDeclaration"),
    isBarrel: reexports.length > 0,
  };
}

function blankComments(text: string, comments: readonly { readonly start: number; readonly end: number }[]): string {
  return comments.reduceRight((code, { start, end }) => `${code.slice(0, start)} ${code.slice(end)}`, text);
}

/** The file a relative import names, from the root; undefined for packages. */
export function resolveImport(fromPath: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return relative(ROOT, join(ROOT, dirname(fromPath), specifier))
    .split(sep)
    .join("/");
}
