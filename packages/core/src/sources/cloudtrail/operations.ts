import { CONNECT_OPERATIONS } from "./operation-table.ts";

/** What we know of an operation before looking at its parameters. */
export interface Operation {
  readonly isWrite: boolean;
  /** Type of its main object: `user`, `flow`, `queue`, ...; undefined outside the table. */
  readonly resourceType: string | undefined;
  /** False for a connect.amazonaws.com operation the table lacks; undefined for other services, which have no table. */
  readonly isKnown: boolean | undefined;
}

const CONNECT = "connect.amazonaws.com";

// Not in the API model, but documented in the administrator guide ("Emergency access", read 2026-11-20): the console
// calls it to log an administrator in. Until 2024-05 it was named GetFederationTokens; both hand out a session.
const CONSOLE_WRITES = "AdminGetEmergencyAccessToken GetFederationTokens";

const CONNECT_TABLE: ReadonlyMap<string, Operation> = makeTable();

const UNKNOWN_READ: Operation = { isWrite: false, resourceType: undefined, isKnown: false };
const UNKNOWN_WRITE: Operation = { isWrite: true, resourceType: undefined, isKnown: false };
const OTHER_READ: Operation = { isWrite: false, resourceType: undefined, isKnown: undefined };
const OTHER_WRITE: Operation = { isWrite: true, resourceType: undefined, isKnown: undefined };

const READ_VERB =
  /^(?:Batch)?(?:Get|List|Describe|Search|Lookup|Head|Query|Scan|Select|Check|Preview|Discover|Simulate)(?![a-z])/;

function makeTable(): ReadonlyMap<string, Operation> {
  const table = new Map<string, Operation>();
  for (const [resourceType, { reads, writes }] of Object.entries(CONNECT_OPERATIONS)) {
    addOperations(table, reads, { isWrite: false, resourceType, isKnown: true });
    addOperations(table, writes, { isWrite: true, resourceType, isKnown: true });
  }
  addOperations(table, CONSOLE_WRITES, { isWrite: true, resourceType: "session", isKnown: true });
  return table;
}

function addOperations(table: Map<string, Operation>, names: string, operation: Operation): void {
  for (const [name] of names.matchAll(/\w+/g)) table.set(name, operation);
}

/** Whether the operation reads, by its verb alone: `GetBucketLocation` does, `GetawayCar` would not. */
export function isReadVerb(eventName: string): boolean {
  return READ_VERB.test(eventName);
}

/**
 * Connect by the table, never by `readOnly`; the participant service by verb, as its only read (`GetTranscript`) is
 * sent with POST like Connect's; other services by `readOnly`, and by verb in records before it existed (1.01).
 */
export function findOperation(
  eventSource: string | undefined,
  eventName: string,
  readOnly: boolean | undefined,
): Operation {
  if (eventSource === CONNECT) {
    return CONNECT_TABLE.get(eventName) ?? (isReadVerb(eventName) ? UNKNOWN_READ : UNKNOWN_WRITE);
  }
  if (readOnly !== undefined && !isParticipantService(eventSource)) return readOnly ? OTHER_READ : OTHER_WRITE;
  return isReadVerb(eventName) ? OTHER_READ : OTHER_WRITE;
}

/** Its signing name and its endpoint name: no captured record says which one CloudTrail writes. */
function isParticipantService(eventSource: string | undefined): boolean {
  return eventSource === "connectparticipant.amazonaws.com" || eventSource === "participant.connect.amazonaws.com";
}
