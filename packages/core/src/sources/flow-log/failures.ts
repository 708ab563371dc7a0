import { SEVERITY } from "../../severity.ts";

/**
 * Entries have no level, so failures are read from the words in `Results`. The words are those that people's tools
 * search for (kyoo0008/aws-connect-contact-tracer @da0eb5c) with what each means for the flow. `NotDone` of a Loop block
 * and `false` of a queue transfer (it answers "at capacity?") are ordinary answers and contain none of them.
 */
const FAILURE =
  /Error|Failed|Exception|No prompt provided|Instance has reached concurrent Lambda thread access limit|Unsupported|Invalid/;

/** The flow goes on by a branch made for it: the customer, or what was looked up, did not give an answer. */
const NO_ANSWER = /Timeout|[Nn]ot found/;
const LOOK_UP_OR_MATCH = /^(?:MultipleFound|NoneFound|NoMatch)/;

/** Results of an input block are the customer's digits or a Lex intent's name, so only whole answers count there. */
const INPUT_FAILURES: ReadonlySet<string> = new Set(["Error", "Failed", "Exception"]);
const INPUT_NO_ANSWERS: ReadonlySet<string> = new Set(["Timeout", "NoMatch"]);

/** Shorter than every failure word: "true", "4", "Done". */
const SHORTEST_FAILURE = 5;

/** OpenTelemetry severity of an entry: 9 unless its result says that the block failed (17) or got no answer (13). */
export function severityOfResults(blockType: string | undefined, results: string | undefined): number {
  if (results === undefined || results.length < SHORTEST_FAILURE || results === "false") return SEVERITY.info;
  if (blockType === "GetUserInput" && !results.includes(" ")) return severityOfInput(results);
  // First, because look-ups answer "MultipleFoundError" and "NoneFoundError" too.
  if (LOOK_UP_OR_MATCH.test(results)) return SEVERITY.warn;
  if (FAILURE.test(results)) return SEVERITY.error;
  return NO_ANSWER.test(results) ? SEVERITY.warn : SEVERITY.info;
}

function severityOfInput(results: string): number {
  if (INPUT_FAILURES.has(results)) return SEVERITY.error;
  return INPUT_NO_ANSWERS.has(results) ? SEVERITY.warn : SEVERITY.info;
}
