import type { JsonValue } from "../../json.ts";
import { isObject, textAt } from "../../json.ts";

/**
 * Flow logs name blocks by the types of the first flow format (2017), which nobody sees today; people know the names
 * in the flow designer. Read from version-1 flow exports, e.g. amazon-connect/voicemail-for-amazon-connect @5585a7e7
 * (Apache-2.0), whose `modules[].type` are the words of the logs.
 */
const BLOCK_NAMES: ReadonlyMap<string, string> = new Map([
  ["AddToPlayLoop", "Loop prompts"],
  ["AssociateContactToCustomerProfile", "Associate contact to customer profile"],
  ["ChangeRoutingPriority", "Change routing priority / age"],
  ["CheckAttribute", "Check contact attributes"],
  ["CheckHoursOfOperation", "Check hours of operation"],
  ["CheckQueueStatus", "Check queue status"],
  ["CheckStaffing", "Check staffing"],
  ["Dial", "Transfer to phone number"],
  ["Disconnect", "Disconnect / hang up"],
  ["GetMetricData", "Get metrics"],
  ["GetUserInput", "Get customer input"],
  ["InvokeExternalResource", "AWS Lambda function"],
  ["InvokeFlowModule", "Invoke module"],
  ["PlayPrompt", "Play prompt"],
  ["Resume", "End flow / Resume"],
  ["ReturnFromFlowModule", "Return (from module)"],
  ["SetAttributes", "Set contact attributes"],
  ["SetContactData", "Set contact data"],
  ["SetContactFlow", "Set event flow"],
  ["SetEventHook", "Set event flow"],
  ["SetFlowAttributes", "Set flow attributes"],
  ["SetLoggingBehavior", "Set logging behavior"],
  ["SetQueue", "Set working queue"],
  ["SetRecordingBehavior", "Set recording behavior"],
  ["SetRoutingCriteria", "Set routing criteria"],
  ["SetVoice", "Set voice"],
  ["SetWisdomAssistant", "Connect assistant"],
  ["StartMediaStreaming", "Start media streaming"],
  ["StopMediaStreaming", "Stop media streaming"],
  ["StoreUserInput", "Store customer input"],
  ["UpdateContactCallbackNumber", "Set callback number"],
  // Spelled so in flow exports older than the logs' own vocabulary.
  ["CustomerInQueue", "Transfer to queue"],
  ["PlayAudio", "Play prompt"],
  ["StoreCustomerInput", "Store customer input"],
  ["TransferToFlow", "Transfer to flow"],
]);

const spelledOut = new Map<string, string>();
/** Unknown types are a handful; the bound guards against hostile input. */
const SPELLED_OUT_LIMIT = 500;

/** The block's name in the flow designer; a type without a known name is spelled out (`CreateTask` -> "Create task"). */
export function blockName(type: string | undefined, parameters: JsonValue | undefined): string {
  if (type === undefined) return "Unknown block";
  if (type === "Transfer") return transferName(parameters);
  return BLOCK_NAMES.get(type) ?? spelledOut.get(type) ?? spellOut(type);
}

/** A parameter in Amazon's casing, or with the lower-cased key of an Athena export. */
export function parameterAt(parameters: JsonValue | undefined, name: string): string | undefined {
  if (!isObject(parameters)) return undefined;
  return textAt(parameters, name) ?? textAt(parameters, name.toLowerCase());
}

/** A queue transfer has no parameters (5 of 5 seen); flow and phone transfers name their target. */
function transferName(parameters: JsonValue | undefined): string {
  if (parameterAt(parameters, "ContactFlowId") !== undefined) return "Transfer to flow";
  if (parameterAt(parameters, "PhoneNumber") !== undefined) return "Transfer to phone number";
  const isEmpty = !isObject(parameters) || Object.keys(parameters).length === 0;
  return isEmpty || parameterAt(parameters, "Queue") !== undefined ? "Transfer to queue" : "Transfer";
}

function spellOut(type: string): string {
  const words = type.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ");
  const name = words.slice(0, 1) + words.slice(1).replaceAll(/ [A-Z](?![A-Z])/g, (letter) => letter.toLowerCase());
  if (spelledOut.size >= SPELLED_OUT_LIMIT) spelledOut.clear();
  spelledOut.set(type, name);
  return name;
}
