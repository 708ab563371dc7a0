import { AppError } from "@fourwire/core";

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** File with line and column, `fourwire.yaml:3:5`, or the environment variable. */
  readonly place: string;
  /** The key, such as `server.port`; empty for the whole file. */
  readonly key: string;
  readonly message: string;
}

/** `config_invalid` with every problem on a line of its own. */
export function configInvalid(path: string, problems: readonly ConfigProblem[]): AppError {
  const lines = problems.map((problem) => `\n  ${problemText(problem)}`);
  const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
  return new AppError("config_invalid", `${path} has ${count}${lines.join("")}`, { details: { problems } });
}

function problemText(problem: ConfigProblem): string {
  return `${problem.place}: ${problem.key === "" ? "" : `${problem.key}: `}${problem.message}`;
}
