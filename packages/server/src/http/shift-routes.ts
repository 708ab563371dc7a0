import { AppError, inIso, unixMillis, type Shift, type ShiftImportResponse, type ShiftsResponse } from "@fourwire/core";
import type { StoredShift } from "@fourwire/store";
import type { FastifyInstance } from "fastify";
import { importShifts } from "../agents/import-shifts.ts";
import { authorize } from "./access.ts";
import type { ServerContext } from "./context.ts";
import { rangeParameters, textParameter, textParameters, type Parameters } from "./parameters.ts";

const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Shifts in one answer. */
const MAX_SHIFTS = 10_000;

export function addShiftRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get<{ Querystring: Parameters }>("/v1/shifts", async (request): Promise<ShiftsResponse> => {
    const agents = textParameters(request.query, "agent");
    const shifts = await context.store.shifts.list(
      { ...rangeParameters(request.query), agents: agents.length === 0 ? undefined : agents },
      MAX_SHIFTS + 1,
    );
    return { shifts: shifts.slice(0, MAX_SHIFTS).map(toShift), is_truncated: shifts.length > MAX_SHIFTS };
  });

  app.post<{ Querystring: Parameters }>(
    "/v1/shifts",
    { bodyLimit: MAX_BODY_BYTES },
    async (request): Promise<ShiftImportResponse> => {
      authorize(request, context);
      const origin = textParameter(request.query, "origin");
      if (origin === undefined)
        throw new AppError("parameter_invalid", "origin is missing: a name for this plan, under which it is replaced");
      const response = await importShifts(context.store, {
        text: textOf(request.body),
        origin,
        zone: textParameter(request.query, "zone"),
        agent: textParameter(request.query, "agent"),
        now: context.now(),
      });
      await context.board.reloadShifts();
      return response;
    },
  );

  app.delete<{ Querystring: Parameters }>("/v1/shifts", async (request): Promise<{ readonly removed: number }> => {
    authorize(request, context);
    const [origin, shiftId] = ["origin", "shift_id"].map((name) => textParameter(request.query, name));
    if (origin === undefined && shiftId === undefined)
      throw new AppError("parameter_invalid", "say which: origin=<name> or shift_id=<id>");
    const removed = await context.store.shifts.remove({ origin, shiftId });
    await context.board.reloadShifts();
    return { removed };
  });
}

/** Text is given as it is, other types as bytes. */
function textOf(body: unknown): string {
  if (typeof body === "string") return body;
  return Buffer.isBuffer(body) ? body.toString("utf8") : "";
}

function toShift(shift: StoredShift): Shift {
  const { start_time: start, end_time: end, ...rest } = shift;
  return inIso({ ...rest, start_time: unixMillis(start), end_time: unixMillis(end) });
}
