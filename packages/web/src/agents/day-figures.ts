import type { AgentDayResponse, AgentMetricName } from "@fourwire/core";
import { formatCount, formatDuration } from "../time/format.ts";

export type DayFigure = AgentDayResponse["totals"][AgentMetricName];

/** The figures of the page in reading order, by what they are about. Every metric stands in exactly one block. */
export const FIGURE_BLOCKS: readonly { readonly title: string; readonly metrics: readonly AgentMetricName[] }[] = [
  {
    title: "Time",
    metrics: [
      "logged_in_time",
      "online_time",
      "offline_time",
      "contact_time",
      "idle_time",
      "connecting_time",
      "non_productive_time",
      "error_time",
      "unknown_time",
      "login_sessions",
    ],
  },
  {
    title: "Contacts",
    metrics: [
      "contacts_handled",
      "handle_time",
      "average_handle_time",
      "interaction_time",
      "hold_time",
      "holds",
      "after_contact_work_time",
      "contact_after_contact_work_time",
      "average_after_contact_work_time",
      "concurrency",
    ],
  },
  {
    title: "Offers",
    metrics: [
      "offers",
      "answered",
      "missed",
      "rejected",
      "errors",
      "non_response",
      "non_response_without_customer_abandons",
      "answer_rate",
    ],
  },
  { title: "Shares", metrics: ["occupancy", "contact_share", "idle_share", "non_productive_share"] },
];

/** `4 min 12 s`, `12`, `81.4 %`; a figure that cannot be said is a dash, never 0. */
export function figureText(figure: Pick<DayFigure, "value" | "unit">): string {
  if (figure.value === null) return "–";
  switch (figure.unit) {
    case "ms":
      return formatDuration(figure.value);
    case "count":
      return Number.isInteger(figure.value) ? formatCount(figure.value) : figure.value.toFixed(2);
    case "average":
      return figure.value.toFixed(2);
    case "ratio":
      return `${(figure.value * 100).toFixed(1)} %`;
  }
}

/** `after_contact_work_time` as people say it: "After contact work time". */
export function metricLabel(metric: AgentMetricName): string {
  const words = metric.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a person would say of the day first. */
export function daySentence(day: AgentDayResponse): string {
  const { totals } = day;
  const name = day.name ?? day.agent_username ?? day.agent_id;
  if ((totals.online_time.value ?? 0) === 0) return `${name} was not online on this day.`;
  const parts = [
    `${figureText(totals.contact_time)} on contacts`,
    `${figureText(totals.after_contact_work_time)} of after-contact work`,
    ...problemParts(day),
  ];
  return `${name} was online for ${figureText(totals.online_time)}: ${parts.join(", ")}.`;
}

function problemParts({ totals }: AgentDayResponse): readonly string[] {
  const missed = (totals.missed.value ?? 0) + (totals.rejected.value ?? 0) + (totals.errors.value ?? 0);
  const unknown = totals.unknown_time.value ?? 0;
  return [
    ...(missed > 0 ? [`${formatCount(missed)} of ${figureText(totals.offers)} offers not answered`] : []),
    ...(unknown > 0 ? [`${figureText(totals.unknown_time)} not known`] : []),
  ];
}
