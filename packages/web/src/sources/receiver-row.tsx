import type { ReceiversResponse } from "@fourwire/core";
import type { ReactNode } from "react";
import { LevelMark } from "../theme/level-mark.tsx";
import { formatAge, formatCount, formatDuration, formatInstantIn, toMillis } from "../time/format.ts";
import type { Zone } from "../time/range.ts";
import { describeDropped, describeRate, levelOf } from "./receiver-words.ts";

export type ReceiverEntry = ReceiversResponse["receivers"][number];

export interface ReceiverRowProps {
  readonly receiver: ReceiverEntry;
  /** The server's clock. */
  readonly nowMs: number;
  readonly zone: Zone;
}

/** One receiver: what it does now, what it took, what it left out, and, when it fails, what to do. */
export function ReceiverRow({ receiver, nowMs, zone }: ReceiverRowProps): ReactNode {
  const { last_record_time: last, gaps } = receiver;
  return (
    <>
      <tr data-receiver={receiver.name} data-state={receiver.state}>
        <td>{receiver.name}</td>
        <td className="muted">
          {receiver.type.replaceAll("_", " ")}
          {receiver.live_tail?.is_connected === true ? ", live" : ""}
        </td>
        <td>
          <LevelMark severityNumber={levelOf(receiver)} label={receiver.state} />
        </td>
        <td title={last === null ? "" : formatInstantIn(last, zone)}>
          {last === null ? <span className="muted">none yet</span> : `${formatAge(nowMs - toMillis(last))} ago`}
        </td>
        <td className="number">{describeRate(receiver.records_per_minute)}</td>
        <td className="number">{receiver.lag_ms === null ? "" : formatDuration(receiver.lag_ms)}</td>
        <td className="number">{formatCount(receiver.appended)}</td>
        <td className="number">{formatCount(receiver.duplicate)}</td>
        <td className="number">{formatCount(receiver.rejected)}</td>
        <td title={describeDropped(receiver.dropped)} className="number">
          {formatCount(Object.values(receiver.dropped).reduce((sum, count) => sum + count, 0))}
        </td>
        <td>
          <Canary canary={receiver.canary} nowMs={nowMs} />
        </td>
      </tr>
      {receiver.detail === null ? null : (
        <tr className="receiver-detail">
          <td colSpan={11}>{receiver.detail}</td>
        </tr>
      )}
      {gaps.map((gap) => (
        <tr key={gap.from_time} className="receiver-detail">
          <td colSpan={11}>
            <LevelMark severityNumber={17} label="gap" /> {formatInstantIn(gap.from_time, zone)} to{" "}
            {formatInstantIn(gap.to_time, zone)}: {gap.reason}
          </td>
        </tr>
      ))}
    </>
  );
}

interface CanaryProps {
  readonly canary: ReceiverEntry["canary"];
  readonly nowMs: number;
}

/** Whether what is sent comes back: a canary lost or not sent is a problem, whatever the receiver's state says. */
function Canary({ canary, nowMs }: CanaryProps): ReactNode {
  if (canary === null) return <span className="muted">off</span>;
  const { last_arrived_time: last, last_latency_ms: latency } = canary;
  return (
    <>
      {canary.send_error === null ? null : (
        <span title={canary.send_error}>
          <LevelMark severityNumber={17} label="not sent" />{" "}
        </span>
      )}
      {canary.lost === 0 ? null : (
        <>
          <LevelMark severityNumber={17} label={`${formatCount(canary.lost)} lost`} />{" "}
        </>
      )}
      {last === null
        ? "none back yet"
        : `${formatAge(nowMs - toMillis(last))} ago${latency === null ? "" : `, took ${formatDuration(latency)}`}`}
    </>
  );
}
