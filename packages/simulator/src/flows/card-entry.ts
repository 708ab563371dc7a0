import { block, flow, otherwise } from "./flow-language.ts";
import type { FlowTemplate } from "./flow-template.ts";

/**
 * A module with a sensitive part: logging is off while the card number is typed, checked and written, so that none of it
 * is in any log; it is on again before the module returns.
 */
export const CARD_ENTRY: FlowTemplate = {
  name: "Card entry",
  kind: "module",
  definition: flow([
    block("logging_off", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Disabled" }, "ask"),
    block(
      "ask",
      "GetParticipantInput",
      {
        Text: "Please type your card number, then press the hash key.",
        StoreInput: "True",
        InputTimeLimitSeconds: "8",
        DTMFConfiguration: { InputTerminationSequence: "#", InterdigitTimeLimitSeconds: "4" },
        InputValidation: { CustomValidation: { MaximumLength: "19" } },
        InputEncryption: { EncryptionKeyId: "{{encryption.key_id}}", Key: "{{encryption.key}}" },
      },
      otherwise("logging_on", "logging_on", { NextAction: "check" }),
    ),
    block(
      "check",
      "InvokeLambdaFunction",
      {
        LambdaFunctionARN: "{{functions.card_check}}",
        InvocationTimeLimitSeconds: "4",
        LambdaInvocationAttributes: { card: "$.StoredCustomerInput" },
      },
      otherwise("remember", "logging_on"),
    ),
    block(
      "remember",
      "UpdateContactAttributes",
      { Attributes: { cardCheck: "$.External.result" } },
      otherwise("logging_on", "logging_on"),
    ),
    block("logging_on", "UpdateFlowLoggingBehavior", { FlowLoggingBehavior: "Enabled" }, "return"),
    block("return", "EndFlowModuleExecution", {}, {}),
  ]),
};
