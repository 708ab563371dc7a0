#!/usr/bin/env node
"use strict";
// DuckDB queries, file writes and DNS share libuv's thread pool; with its default of 4 threads four slow
// queries stall every write. The pool reads this variable once, at its first use, so it is set before
// anything else is loaded (and this file is CommonJS because the ES module loader itself uses the pool).
process.env.UV_THREADPOOL_SIZE ??= "16";
void import("../dist/cli/main.js").then((cli) => cli.runCommandLine(process.argv.slice(2)));
