import type { Executor } from "./block.ts";
import { ATTRIBUTE_ACTIONS } from "./actions/attribute-actions.ts";
import { CHECK_ACTIONS } from "./actions/check-actions.ts";
import { CONTROL_ACTIONS } from "./actions/control-actions.ts";
import { GENERIC_ACTIONS, runUnknownAction } from "./actions/generic-actions.ts";
import { INPUT_ACTIONS } from "./actions/input-actions.ts";
import { LAMBDA_ACTIONS } from "./actions/lambda-action.ts";
import { LOOK_UP_ACTIONS } from "./actions/look-up-actions.ts";
import { SETTING_ACTIONS } from "./actions/setting-actions.ts";
import { SPEECH_ACTIONS } from "./actions/speech-actions.ts";
import { TRANSFER_ACTIONS } from "./actions/transfer-actions.ts";

const EXECUTORS: ReadonlyMap<string, Executor> = new Map([
  ...GENERIC_ACTIONS,
  ...SPEECH_ACTIONS,
  ...INPUT_ACTIONS,
  ...LAMBDA_ACTIONS,
  ...ATTRIBUTE_ACTIONS,
  ...SETTING_ACTIONS,
  ...CHECK_ACTIONS,
  ...CONTROL_ACTIONS,
  ...TRANSFER_ACTIONS,
  ...LOOK_UP_ACTIONS,
]);

/** What runs an action of this type; a type that nobody knows is reported and passed through. */
export function executorOf(type: string): Executor {
  return EXECUTORS.get(type) ?? runUnknownAction;
}
