import { describe, expect, test } from "vitest";
import {
  listFiles,
  PACKAGES,
  readSourceFiles,
  readText,
  resolveImport,
  type PackageName,
  type SourceFile,
} from "./source-files.ts";

// The directions of ARCHITECTURE.md as a table. TypeScript's project references do not enforce them.

interface Law {
  readonly packages: readonly PackageName[];
  /** Whether `node:` modules may be imported. */
  readonly isNode: boolean;
  /** Libraries besides those the package's own package.json declares: none. */
  readonly libraries: "declared" | "none";
}

const LAWS: Readonly<Record<PackageName, Law>> = {
  core: { packages: [], isNode: false, libraries: "none" },
  store: { packages: ["core"], isNode: true, libraries: "declared" },
  server: { packages: ["core", "store", "simulator"], isNode: true, libraries: "declared" },
  web: { packages: ["core"], isNode: false, libraries: "declared" },
  simulator: { packages: ["core"], isNode: false, libraries: "none" },
};

/** What tests may use beside the law of their package. */
const TEST_LIBRARIES = new Set(["vitest", "fast-check", "@duckdb/node-api", "playwright-core", "aws-sdk-client-mock"]);

/** Names that would bring a clock, randomness, the network or the host into a pure package. */
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.|\bsetTimeout\b|\bsetInterval\b|\bfetch\(|\bprocess\.|\bglobalThis\b|\bcrypto\./;

const files = readSourceFiles();
const product = files.filter((file) => !file.isTest);
const packageNames = new Map<string, PackageName>(
  PACKAGES.map((name) => [(JSON.parse(readText(`packages/${name}/package.json`)) as { name: string }).name, name]),
);

function declaredLibraries(packageName: PackageName): ReadonlySet<string> {
  const manifest = JSON.parse(readText(`packages/${packageName}/package.json`)) as {
    dependencies?: Record<string, string>;
  };
  return new Set(Object.keys(manifest.dependencies ?? {}));
}

/** `@scope/name/deep` and `name/deep` without what follows the name. */
function libraryOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The package an import leads to, by name or by a path out of the folder; undefined for libraries. */
function targetPackage(file: SourceFile, specifier: string): PackageName | undefined {
  const path = resolveImport(file.path, specifier);
  if (path === undefined) return packageNames.get(libraryOf(specifier));
  return PACKAGES.find((name) => path.startsWith(`packages/${name}/`));
}

/** What is wrong with an import, or undefined. */
function breach(file: SourceFile, specifier: string): string | undefined {
  const target = targetPackage(file, specifier);
  if (target === undefined) return specifier.startsWith(".") ? "leaves the packages" : libraryBreach(file, specifier);
  if (target === file.packageName) return undefined;
  if (specifier.startsWith(".")) return "reaches into another package by path";
  return LAWS[file.packageName].packages.includes(target) ? undefined : `${file.packageName} may not import ${target}`;
}

function libraryBreach(file: SourceFile, specifier: string): string | undefined {
  const law = LAWS[file.packageName];
  if (specifier.startsWith("node:"))
    return law.isNode || file.isTest ? undefined : `${file.packageName} may not use Node`;
  if (file.isTest && TEST_LIBRARIES.has(specifier)) return undefined;
  const isDeclared = law.libraries === "declared" && declaredLibraries(file.packageName).has(libraryOf(specifier));
  return isDeclared ? undefined : `${file.packageName} may not use the library`;
}

function sourceFolder(path: string): string | undefined {
  return /^packages\/core\/src\/sources\/([^/]+)\//.exec(path)?.[1];
}

/** One cycle of imports, as its files; undefined when there is none. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of graph.get(path) ?? []) {
      const cycle = visit(next, [...trail, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of graph.keys()) {
    const cycle = visit(path, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe("what the test sees", () => {
  test("more than a hundred files, of every package, with their imports", () => {
    expect(files.length).toBeGreaterThan(100);
    for (const name of PACKAGES)
      expect(files.filter((file) => file.packageName === name).length, name).toBeGreaterThan(5);
    expect(product.filter((file) => file.imports.length > 0).length).toBeGreaterThan(product.length / 2);
  });

  test("every package has a law", () => {
    const folders = [...new Set(listFiles("packages").map((path) => path.split("/")[1]))];
    expect(folders.toSorted()).toEqual(Object.keys(LAWS).toSorted());
  });

  test("a breach is found", () => {
    const file: SourceFile = {
      path: "packages/core/src/json.ts",
      packageName: "core",
      isTest: false,
      lineCount: 1,
      code: "",
      imports: [],
      hasDefaultExport: false,
      isBarrel: false,
    };
    expect(
      ["node:fs", "zod", "@fourwire/store", "../../store/src/lake.ts", "./arn.ts"].map((specifier) =>
        breach(file, specifier),
      ),
    ).toEqual([
      "core may not use Node",
      "core may not use the library",
      "core may not import store",
      "reaches into another package by path",
      undefined,
    ]);
    expect(
      findCycle(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["b"]],
        ]),
      ),
    ).toEqual(["b", "c", "b"]);
    expect(IMPURE.test("const now = Date.now();")).toBe(true);
  });
});

describe("directions", () => {
  test("every import follows the law of its package", () => {
    const breaches = files.flatMap((file) =>
      file.imports.flatMap(({ specifier }) => {
        const reason = breach(file, specifier);
        return reason === undefined ? [] : [`${file.path} imports "${specifier}": ${reason}`];
      }),
    );
    expect(breaches).toEqual([]);
  });

  test("every relative import names a file that exists", () => {
    const known = new Set(PACKAGES.flatMap((name) => listFiles(`packages/${name}`)));
    const missing = files.flatMap((file) =>
      file.imports.flatMap(({ specifier }) => {
        const path = resolveImport(file.path, specifier);
        return path === undefined || known.has(path) ? [] : [`${file.path} imports "${specifier}"`];
      }),
    );
    expect(missing).toEqual([]);
  });

  test("a source does not import another source", () => {
    const crossings = product.flatMap((file) =>
      file.imports.flatMap(({ specifier }) => {
        const from = sourceFolder(file.path);
        const path = resolveImport(file.path, specifier) ?? "";
        const to = sourceFolder(path);
        return from === undefined || to === undefined || from === to ? [] : [`${file.path} -> ${path}`];
      }),
    );
    expect(crossings).toEqual([]);
  });

  test("no files import each other in a circle", () => {
    const graph = new Map(
      files.map((file) => [
        file.path,
        file.imports
          .filter(({ isTypeOnly }) => !isTypeOnly)
          .flatMap(({ specifier }) => resolveImport(file.path, specifier) ?? []),
      ]),
    );
    expect(findCycle(graph)).toBeUndefined();
  });

  test("core and simulator have no clock, no randomness and no host", () => {
    const impure = product.filter(
      (file) => (file.packageName === "core" || file.packageName === "simulator") && IMPURE.test(file.code),
    );
    expect(impure.map((file) => `${file.path}: ${IMPURE.exec(file.code)?.[0]}`)).toEqual([]);
  });
});

describe("shape", () => {
  test("no file is longer than 400 lines", () => {
    expect(files.filter((file) => file.lineCount > 400).map((file) => `${file.path}: ${file.lineCount}`)).toEqual([]);
  });

  test("exports have names", () => {
    expect(files.filter((file) => file.hasDefaultExport).map((file) => file.path)).toEqual([]);
  });

  test("only a package's index.ts passes on what other files export", () => {
    const barrels = files.filter((file) => file.isBarrel).map((file) => file.path);
    expect(barrels.filter((path) => !/^packages\/[^/]+\/src\/index\.ts$/.test(path))).toEqual([]);
    expect(barrels).toContain("packages/core/src/index.ts");
  });

  test("exported functions are declarations, not arrow constants", () => {
    const arrows = files.filter((file) =>
      /^export const \w+(?::[^=\n]+)? = (?:async )?\([^()\n]*\)(?:: [^=\n]+)? =>/m.test(file.code),
    );
    expect(arrows.map((file) => file.path)).toEqual([]);
  });

  test("every source folder has the same shape", () => {
    const required = ["README.md", "columns.ts", "decode.ts", "normalize.ts", "wire.ts"];
    const paths = listFiles("packages/core/src/sources");
    const folders = [...new Set(paths.map((path) => sourceFolder(path)).filter((name) => name !== undefined))];
    const missing = folders.flatMap((folder) =>
      [...required, `${folder}.ts`]
        .filter((name) => !paths.includes(`packages/core/src/sources/${folder}/${name}`))
        .map((name) => `${folder}/${name}`),
    );
    expect(folders.length).toBe(6);
    expect(missing).toEqual([]);
    for (const folder of folders)
      expect(
        paths.some((path) => path.startsWith(`packages/core/src/sources/${folder}/fixtures/`)),
        folder,
      ).toBe(true);
  });
});
