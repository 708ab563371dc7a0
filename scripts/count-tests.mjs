// Prints "N passed, N failed" from vitest's JSON report. A test file that could not be loaded has no tests in the report
// and counts as one failure, and so does a run that left no report. A skipped test: exit status 1 as well.
import { readFileSync } from "node:fs";

const report = readReport(process.argv[2]);
const unloaded = report.testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
).length;
const passed = report.numPassedTests;
const failed = report.numFailedTests + unloaded;
console.log(`${passed} passed, ${failed} failed`);
const skipped = report.numPendingTests + report.numTodoTests;
if (skipped > 0) console.error(`${skipped} tests were skipped`);
if (passed === 0 || failed > 0 || skipped > 0 || !report.success) process.exitCode = 1;

function readReport(path) {
  const text = readFileSync(path, "utf8");
  if (text !== "") return JSON.parse(text);
  return { success: false, numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numTodoTests: 0, testResults: [] };
}
