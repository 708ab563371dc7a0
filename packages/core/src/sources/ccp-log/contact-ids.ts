import type { JsonObject, JsonValue } from "../../json.ts";
import { arrayAt, isObject, objectAt, textAt } from "../../json.ts";
import { uuidAt } from "./softphone-text.ts";

/** Entries carry one or two objects; the bound guards against hostile input. */
const OBJECT_LIMIT = 50;
/** Mentions of "contact" looked at in one text. */
const MENTION_LIMIT = 20;
/** Characters between "contactId" and the id: space, colon, quotes, escaped quotes. */
const SEPARATOR_LIMIT = 6;

/** The contact that the entry's objects are about; undefined when a snapshot lists several. */
export function contactIdOfObjects(objects: JsonValue | undefined): string | undefined {
  if (typeof objects === "string") return contactIdInText(objects);
  if (!Array.isArray(objects)) return isObject(objects) ? contactIdOfObject(objects) : undefined;
  const count = Math.min(objects.length, OBJECT_LIMIT);
  for (let i = 0; i < count; i += 1) {
    const object = objects[i];
    const contactId = isObject(object) ? contactIdOfObject(object) : undefined;
    if (contactId !== undefined) return contactId;
  }
  return undefined;
}

/** Every contact of the agent snapshots among the objects, with the first contact of its chain where that is told. */
export function snapshotContacts(objects: JsonValue | undefined): readonly SnapshotContact[] {
  if (!Array.isArray(objects)) return [];
  return objects
    .slice(0, OBJECT_LIMIT)
    .flatMap((object) => (isObject(object) ? arrayAt(objectAt(object, "snapshot"), "contacts") : []))
    .flatMap((contact) => {
      const contactId = isObject(contact) ? textAt(contact, "contactId") : undefined;
      return contactId === undefined || !isObject(contact)
        ? []
        : [{ contactId, initialContactId: textAt(contact, "initialContactId") }];
    });
}

export interface SnapshotContact {
  readonly contactId: string;
  readonly initialContactId: string | undefined;
}

/** `{contactId}`, `{params: {contactId}}`, `{request: {params: {contactId}}}`, `{data: {contactId}}`, or a snapshot with one contact. */
function contactIdOfObject(object: JsonObject): string | undefined {
  const own = textAt(object, "contactId");
  if (own !== undefined) return own;
  const asked = textAt(objectAt(objectAt(object, "request") ?? object, "params"), "contactId");
  if (asked !== undefined) return asked;
  const contacts = arrayAt(objectAt(object, "snapshot"), "contacts");
  const [only] = contacts;
  if (contacts.length === 1 && isObject(only)) return textAt(only, "contactId");
  return textAt(objectAt(object, "data"), "contactId");
}

/** `contactId <uuid>`, `"contactId":"<uuid>"`, or an event name `contact::connected::<uuid>`. */
export function contactIdInText(text: string): string | undefined {
  let at = text.indexOf("contact");
  for (let mentions = 0; at !== -1 && mentions < MENTION_LIMIT; mentions += 1) {
    const end = at + "contact".length;
    const contactId = uuidAfterName(text, end) ?? uuidOfEvent(text, end);
    if (contactId !== undefined) return contactId;
    at = text.indexOf("contact", end);
  }
  return undefined;
}

function uuidAfterName(text: string, at: number): string | undefined {
  if (!text.startsWith("Id", at)) return undefined;
  let start = at + 2;
  while (start < at + 2 + SEPARATOR_LIMIT && SEPARATORS.has(text.charCodeAt(start))) start += 1;
  return uuidAt(text, start);
}

/** Space, quotes, colon, equals sign, backslash. */
const SEPARATORS: ReadonlySet<number> = new Set([0x20, 0x22, 0x27, 0x3a, 0x3d, 0x5c]);

function uuidOfEvent(text: string, at: number): string | undefined {
  if (!text.startsWith("::", at)) return undefined;
  const next = text.indexOf("::", at + 2);
  return next === -1 ? undefined : uuidAt(text, next + 2);
}
