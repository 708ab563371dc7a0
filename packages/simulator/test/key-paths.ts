/** What stands at each path of some documents; array elements share one path. `string`, `number`, `null`, `array`, ... */
export type KeyPaths = Map<string, Set<string>>;

/** Paths below which keys are somebody's own, such as attributes and tags. */
export type OpenPaths = ReadonlySet<string>;

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

export function keyPathsOf(documents: readonly unknown[], open: OpenPaths = new Set()): KeyPaths {
  const paths: KeyPaths = new Map();
  const visit = (value: unknown, path: string): void => {
    const types = paths.get(path);
    if (types === undefined) paths.set(path, new Set([typeOf(value)]));
    else types.add(typeOf(value));
    if (open.has(path) || typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) for (const element of value) visit(element, `${path}[]`);
    else for (const [key, child] of Object.entries(value)) if (child !== undefined) visit(child, `${path}.${key}`);
  };
  for (const document of documents) visit(document, "");
  return paths;
}

export function merge(...all: readonly KeyPaths[]): KeyPaths {
  const merged: KeyPaths = new Map();
  for (const paths of all)
    for (const [path, types] of paths) merged.set(path, new Set([...(merged.get(path) ?? []), ...types]));
  return merged;
}

/** Lines such as `.Agent.ARN string|null` as paths. */
export function documentedPaths(lines: readonly string[]): KeyPaths {
  return new Map(
    lines.map((line) => {
      const [path = "", types = ""] = line.split(" ");
      return [path, new Set(types.split("|"))];
    }),
  );
}

export interface Comparison {
  /** What the documents have. */
  readonly ours: KeyPaths;
  /** What others' samples have; all of it is expected. */
  readonly samples: KeyPaths;
  /** What Amazon documents beyond the samples. */
  readonly documented: KeyPaths;
  /** Paths of the samples that the documents leave out, on purpose. */
  readonly exempt: ReadonlySet<string>;
}

/** Everything in which documents differ from samples and documentation: keys too many, keys missing, other types. */
export function differences({ ours, samples, documented, exempt }: Comparison): string[] {
  const known = merge(samples, documented);
  const found: string[] = [];
  for (const [path, types] of ours) {
    const expected = known.get(path);
    if (expected === undefined) found.push(`surplus ${path}`);
    else
      for (const type of types)
        // null in a sample says nothing about the type that stands there otherwise
        if (!expected.has(type) && type !== "null" && !(expected.size === 1 && expected.has("null")))
          found.push(`type ${path}: ${type} and not ${[...expected].join("|")}`);
  }
  for (const path of samples.keys()) if (!ours.has(path) && !exempt.has(path)) found.push(`missing ${path}`);
  return found;
}
