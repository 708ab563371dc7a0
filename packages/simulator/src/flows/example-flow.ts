import type { JsonObject } from "@fourwire/core";
import { FLOW_TEMPLATES } from "./flow-templates.ts";
import { fillTemplate } from "./flow-template.ts";

/** The instance of the examples: one of the account ids AWS keeps for documentation. */
export const EXAMPLE_INSTANCE_ARN =
  "arn:aws:connect:eu-west-2:111122223333:instance/11111111-2222-4333-8444-555555555555";

const ARN_TYPES: Readonly<Record<string, string>> = {
  flows: "contact-flow",
  modules: "flow-module",
  queues: "queue",
  prompts: "prompt",
};
const OTHER_VALUES: Readonly<Record<string, string>> = {
  language: "en-GB",
  hours: `${EXAMPLE_INSTANCE_ARN}/operating-hours/every-day`,
  "functions.lookup": "arn:aws:lambda:eu-west-2:111122223333:function:customer-lookup",
  "functions.card_check": "arn:aws:lambda:eu-west-2:111122223333:function:card-check",
  "bots.menu": "arn:aws:lex:eu-west-2:111122223333:bot-alias/EXAMPLE001/EXAMPLE001",
  "encryption.key_id": "example-key",
  "encryption.key": "example",
};

export const EXAMPLE_FLOW_NAMES: readonly string[] = Object.keys(FLOW_TEMPLATES);

/** One of the simulated contact centre's flows as the console would export it; undefined for another name. */
export function exampleFlow(name: string): JsonObject | undefined {
  const template = Object.hasOwn(FLOW_TEMPLATES, name) ? FLOW_TEMPLATES[name] : undefined;
  return template === undefined ? undefined : fillTemplate(template.definition, { valueOf: exampleValue });
}

/** `flows.customer_queue` -> `arn:…/contact-flow/customer-queue` */
function exampleValue(placeholder: string): string | undefined {
  const [group = "", name = ""] = placeholder.split(".");
  const type = ARN_TYPES[group];
  return type === undefined
    ? OTHER_VALUES[placeholder]
    : `${EXAMPLE_INSTANCE_ARN}/${type}/${name.replaceAll("_", "-")}`;
}
