import { arrayAt, isObject, objectAt, textAt, type JsonObject } from "../../json.ts";
import { accepted, rejected, type Decoded } from "../../rejected.ts";
import type { ReceivedRecord } from "../../source.ts";
import { knownKeys, unknownPart } from "../../unknown-keys.ts";
import { instantAt, rejectText, shorten } from "../../wire-values.ts";
import { eventTimeOf } from "./event-time.ts";
import { foldedObjectAt, foldKeys } from "./fold-keys.ts";
import type { ContactEventDetailWire, ContactEventEnvelopeWire, ContactEventWire } from "./wire.ts";

const DETAIL_TYPE = /^(?:amazon connect|connect customer) contact event$/i;
const LATER_DETAIL_TYPE = /\bcontact event$/i;

/** In lower case, as the detail's keys are compared. */
const KNOWN_KEYS = knownKeys(
  "contactid eventtype channel initiationmethod disconnectreason instancearn initialcontactid previouscontactid " +
    "relatedcontactid initiationtimestamp connectedtosystemtimestamp disconnecttimestamp updatedproperties tags",
  {
    agentinfo: knownKeys(
      "agentarn connectedtoagenttimestamp aftercontactworkstarttimestamp aftercontactworkendtimestamp",
    ),
    queueinfo: knownKeys("queuearn queuetype enqueuetimestamp"),
    globalresiliencymetadata: knownKeys("activeregion originregion"),
  },
);

/** True for an EventBridge envelope of a contact event, under its old, new or a later name, and for a bare detail. */
export function recognizeContactEvent(value: JsonObject): boolean {
  const detailType = value["detail-type"];
  if (typeof detailType === "string") {
    if (DETAIL_TYPE.test(detailType)) return true;
    return value["source"] === "aws.connect" && LATER_DETAIL_TYPE.test(detailType);
  }
  return isBareDetail(value);
}

function isBareDetail(value: JsonObject): boolean {
  let found = 0;
  for (const key of Object.keys(value)) {
    const name = key.toLowerCase();
    if (name === "contactid" || name === "eventtype" || name === "instancearn") found++;
  }
  return found >= 3 && value["AgentARN"] === undefined;
}

export function decodeContactEvent(received: ReceivedRecord): Decoded<ContactEventWire> {
  const { value } = received;
  const isEnvelope = value["detail-type"] !== undefined;
  const detail = isEnvelope ? value["detail"] : value;
  if (detail === undefined || detail === null) return rejected("missing_field", "detail is missing");
  if (!isObject(detail)) return rejected("bad_type", `detail is not an object: ${shorten(detail)}`);
  const folded = foldKeys(detail) ?? {};
  const contactId = textAt(folded, "contactid");
  if (contactId === undefined) return rejectText(folded["contactid"], "detail.contactId");
  const eventType = textAt(folded, "eventtype")?.toUpperCase();
  if (eventType === undefined) return rejectText(folded["eventtype"], "detail.eventType");
  const event: ContactEventWire = {
    envelope: isEnvelope ? decodeEnvelope(value) : undefined,
    detail: decodeDetail(folded, contactId, eventType),
    receivedDetail: detail,
    unknownKeys: unknownPart(detail, KNOWN_KEYS, true),
  };
  if (eventTimeOf(event, received) === undefined) {
    return rejected("bad_time", `no instant for ${eventType} in the detail and none in the envelope`);
  }
  return accepted(event);
}

function decodeEnvelope(value: JsonObject): ContactEventEnvelopeWire {
  return {
    id: textAt(value, "id"),
    detailType: textAt(value, "detail-type"),
    account: textAt(value, "account"),
    region: textAt(value, "region"),
    time: instantAt(value, "time"),
  };
}

function decodeDetail(folded: JsonObject, contactId: string, eventType: string): ContactEventDetailWire {
  const agent = foldedObjectAt(folded, "agentinfo");
  const queue = foldedObjectAt(folded, "queueinfo");
  const resiliency = foldedObjectAt(folded, "globalresiliencymetadata");
  return {
    contactId,
    eventType,
    channel: textAt(folded, "channel"),
    initiationMethod: textAt(folded, "initiationmethod"),
    disconnectReason: textAt(folded, "disconnectreason"),
    instanceArn: textAt(folded, "instancearn"),
    initialContactId: textAt(folded, "initialcontactid"),
    previousContactId: textAt(folded, "previouscontactid"),
    relatedContactId: textAt(folded, "relatedcontactid"),
    initiationTimestamp: instantAt(folded, "initiationtimestamp"),
    connectedToSystemTimestamp: instantAt(folded, "connectedtosystemtimestamp"),
    disconnectTimestamp: instantAt(folded, "disconnecttimestamp"),
    agentInfo: agent && {
      agentArn: textAt(agent, "agentarn"),
      connectedToAgentTimestamp: instantAt(agent, "connectedtoagenttimestamp"),
      afterContactWorkStartTimestamp: instantAt(agent, "aftercontactworkstarttimestamp"),
      afterContactWorkEndTimestamp: instantAt(agent, "aftercontactworkendtimestamp"),
    },
    queueInfo: queue && {
      queueArn: textAt(queue, "queuearn"),
      queueType: textAt(queue, "queuetype"),
      enqueueTimestamp: instantAt(queue, "enqueuetimestamp"),
    },
    updatedProperties: arrayAt(folded, "updatedproperties"),
    tags: objectAt(folded, "tags"),
    globalResiliencyMetadata: resiliency && {
      activeRegion: textAt(resiliency, "activeregion"),
      originRegion: textAt(resiliency, "originregion"),
    },
  };
}
