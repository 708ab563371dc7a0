import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ccpLine, TemporaryServer, TOKEN, toLines } from "../../test/temporary-server.ts";
import { defaultConfig } from "../config/config.ts";
import { Intake, type Refusal } from "./intake.ts";

const REFUSAL: Refusal = { code: "disk_full", message: "full", retryAfterS: 15 };

describe("the bytes of all requests", () => {
  test("stay within the bound, but for one request alone, which could never be sent otherwise", () => {
    const intake = new Intake({ maxWaitingBytes: 100, storeRefusal: () => undefined });
    const large = intake.open();
    large.hold(90);
    large.hold(60);
    expect([intake.waitingBytes, intake.refusal()?.code]).toEqual([150, "overload"]);
    const other = intake.open();
    expect(() => other.hold(1)).toThrow(expect.objectContaining({ code: "overload", retryable: true }) as Error);
    large.release();
    large.release();
    other.hold(100);
    expect(intake.waitingBytes).toBe(100);
    other.release();
    expect([intake.waitingBytes, intake.refusedCount]).toEqual([0, 1]);
  });

  test("do not matter where the store takes nothing, or the server stops", () => {
    let refusal: Refusal | undefined = REFUSAL;
    const intake = new Intake({ maxWaitingBytes: 100, storeRefusal: () => refusal });
    expect(() => intake.admit()).toThrow(expect.objectContaining({ code: "disk_full" }) as Error);
    refusal = undefined;
    expect(intake.refusal()).toBeUndefined();
    intake.close();
    expect(() => intake.admit()).toThrow(expect.objectContaining({ code: "store_closed" }) as Error);
  });
});

describe("a server with more to take than it has room for", () => {
  let server: TemporaryServer;

  beforeAll(async () => {
    const { limits } = defaultConfig();
    server = await TemporaryServer.create({ limits: { ...limits, max_waiting: 400_000 } });
  });

  afterAll(() => server.remove());

  test("refuses politely what it cannot hold; what is sent again is stored, and once", async () => {
    const batches = Array.from({ length: 30 }, (_, batch) =>
      toLines(
        Array.from({ length: 400 }, (__, line) => ccpLine(`batch ${batch} line ${line} ${"x".repeat(100)}`, line)),
      ),
    );
    let refused = 0;
    const send = async (batch: string): Promise<number> => {
      for (;;) {
        const answer = await server.post("/v1/ccp-logs", batch, { authorization: `Bearer ${TOKEN}` });
        expect(server.context.intake.waitingBytes).toBeLessThanOrEqual(400_000);
        if (answer.status === 200) return Number(answer.body["appended"]);
        expect([answer.status, answer.body["code"], answer.headers["retry-after"]]).toEqual([503, "overload", "1"]);
        refused++;
      }
    };
    const appended = await Promise.all(batches.map(send));
    expect(refused).toBeGreaterThan(0);
    expect(appended).toEqual(batches.map(() => 400));
    const { rows } = await server.context.store.query({
      sql: "select count(*) from ccp_log",
      limit: 1,
      timeoutMs: 5000,
    });
    expect(rows).toEqual([[12_000]]);
    expect(server.context.intake.waitingBytes).toBe(0);
  });
});
