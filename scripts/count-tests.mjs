// Prints "N passed, N failed" from vitest's JSON report. A test file that could not be loaded, or whose hooks failed, has
// no failed test in the report and counts as one failure, and so does a run that left no report. What failed is told on
// stderr, so that the end of a long log names it. A skipped test: exit status 1 as well.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

/** Lines of one failure's message: the reason and the first frames. */
const MESSAGE_LINES = 12;

const report = readReport(process.argv[2]);
const failures = report.testResults.flatMap(failuresOf);
for (const { name, message } of failures) {
  console.error(`\nFAILED ${name}`);
  console.error(message.split("\n").slice(0, MESSAGE_LINES).join("\n"));
}
const skipped = report.testResults.flatMap((file) =>
  file.assertionResults
    .filter(({ status }) => status !== "passed" && status !== "failed")
    .map((test) => nameOf(file, test)),
);
for (const name of skipped) console.error(`not run: ${name}`);
const passed = report.numPassedTests;
console.log(`${passed} passed, ${failures.length} failed`);
if (passed === 0 || failures.length > 0 || skipped.length > 0 || !report.success) process.exitCode = 1;

function failuresOf(file) {
  const failed = file.assertionResults.filter(({ status }) => status === "failed");
  if (failed.length === 0 && file.status === "failed")
    return [{ name: relative(process.cwd(), file.name), message: file.message || "failed outside its tests" }];
  return failed.map((test) => ({ name: nameOf(file, test), message: test.failureMessages.join("\n") }));
}

function nameOf(file, test) {
  return `${relative(process.cwd(), file.name)}: ${test.fullName}`;
}

function readReport(path) {
  const text = readFileSync(path, "utf8");
  if (text !== "") return JSON.parse(text);
  return {
    success: false,
    numPassedTests: 0,
    testResults: [{ name: "the run left no report", status: "failed", message: "", assertionResults: [] }],
  };
}
