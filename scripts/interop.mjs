// npm run test:interop: the receivers and `simulate --to-aws` against moto_server, an emulator of AWS in Python that we did not write.
// Exit codes: 0 passed, or could not be run here (which is said); 1 a test failed.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MOTO = "moto[server]==5.2.5";
const START_MS = 60_000;
const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** What the suite would have proven, for the message when it cannot run. */
const SUITES = ["sqs", "cloudwatch_logs", "s3_cloudtrail", "kinesis", "import from s3", "simulate --to-aws"];

function cannotRun(reason) {
  console.log(`test:interop could not run here: ${reason}`);
  for (const suite of SUITES) console.log(`  not run: ${suite} against moto_server`);
  process.exit(0);
}

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return { isDone: status === 0, said: (error?.message ?? stderr ?? "").trim().split("\n").at(-1) ?? "" };
}

function installMoto(folder) {
  const python = process.env["PYTHON"] ?? "python3";
  const version = run(python, ["--version"]);
  if (!version.isDone) cannotRun(`${python} is not there (${version.said})`);
  const venv = run(python, ["-m", "venv", folder]);
  if (!venv.isDone) cannotRun(`${python} -m venv failed (${venv.said}); on Debian install python3-venv`);
  const installed = run(join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", MOTO]);
  if (!installed.isDone) cannotRun(`pip cannot install ${MOTO} (${installed.said})`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function startMoto(folder) {
  const port = await freePort();
  const child = spawn(join(folder, "bin", "moto_server"), ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + START_MS; Date.now() < end && child.exitCode === null; await sleep(200)) {
    const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return { child, endpoint };
  }
  child.kill();
  return cannotRun("moto_server did not start");
}

const folder = mkdtempSync(join(tmpdir(), "fourwire-interop-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
installMoto(folder);
const moto = await startMoto(folder);
console.log(`test:interop against ${MOTO} at ${moto.endpoint}`);
const vitest = spawn(
  process.execPath,
  [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--config", "test/interop/vitest.config.ts"],
  { cwd: ROOT, stdio: "inherit", env: { ...process.env, FOURWIRE_INTEROP_ENDPOINT: moto.endpoint } },
);
const [code] = await once(vitest, "exit");
moto.child.kill();
process.exit(code === 0 ? 0 : 1);
