import type { SourceName } from "@fourwire/core";
import type { Emission, Origin } from "../emission.ts";
import { createRandom, type Random } from "../prng.ts";
import { CcpLogBuffer } from "./ccp-log-buffer.ts";
import type { DeliveredFile } from "./delivered-file.ts";
import { Downloads } from "./downloads.ts";
import { FirehoseBuffer } from "./firehose-buffer.ts";
import { FlowLogBuffer } from "./flow-log-buffer.ts";
import { TrailBuffer } from "./trail-buffer.ts";

interface PlaceBuffers {
  readonly agentEvents: FirehoseBuffer;
  readonly contactRecords: FirehoseBuffer;
  readonly contactEvents: FirehoseBuffer;
  readonly flowLogs: FlowLogBuffer;
}

/**
 * Lays records out as files the way Amazon's services deliver them. Give it the records in the order they come; it holds
 * at most some minutes of them. File names are drawn from the seed, one generator for each place, so that a place's files
 * do not depend on what else is simulated.
 */
export class FileLayout {
  readonly #seed: number;
  readonly #places = new Map<string, PlaceBuffers>();
  readonly #trails = new Map<string, TrailBuffer>();
  readonly #ccpLogs = new CcpLogBuffer();
  readonly #downloads = new Downloads();

  constructor(seed: number) {
    this.#seed = seed;
  }

  accept(emission: Emission): DeliveredFile[] {
    switch (emission.source) {
      case "agent_event":
        return one(this.#placeOf(emission.origin).agentEvents.accept(emission));
      case "contact_record":
        return one(this.#placeOf(emission.origin).contactRecords.accept(emission));
      case "contact_event":
        return one(this.#placeOf(emission.origin).contactEvents.accept(emission));
      case "flow_log":
        return one(this.#placeOf(emission.origin).flowLogs.accept(emission));
      case "cloudtrail":
        return this.#trailOf(emission.origin).accept(emission);
      case "ccp_log":
        this.#downloads.accept(emission);
        return one(this.#ccpLogs.accept(emission));
    }
  }

  /** What is left, at the end. */
  finish(): DeliveredFile[] {
    const ofPlaces = [...this.#places.values()].flatMap(({ agentEvents, contactRecords, contactEvents, flowLogs }) =>
      [agentEvents, contactRecords, contactEvents, flowLogs].flatMap((buffer) => one(buffer.flush())),
    );
    const trails = [...this.#trails.values()].flatMap((buffer) => buffer.flush());
    return [...ofPlaces, ...trails, ...this.#ccpLogs.flush(), ...this.#downloads.flush()];
  }

  #placeOf(origin: Origin): PlaceBuffers {
    const key = `${origin.alias} ${origin.region}`;
    let buffers = this.#places.get(key);
    if (buffers === undefined) {
      buffers = createBuffers(origin, createRandom(this.#seed ^ hashOf(key)));
      this.#places.set(key, buffers);
    }
    return buffers;
  }

  #trailOf(origin: Origin): TrailBuffer {
    const key = `${origin.accountId} ${origin.region}`;
    let buffer = this.#trails.get(key);
    if (buffer === undefined) {
      buffer = new TrailBuffer(origin, createRandom(this.#seed ^ hashOf(key)));
      this.#trails.set(key, buffer);
    }
    return buffer;
  }
}

function createBuffers(origin: Origin, random: Random): PlaceBuffers {
  const stream = (source: SourceName, folder: string, delimiter: "" | "\n" = "") =>
    new FirehoseBuffer(
      { source, origin, folder: `${folder}/${origin.alias}`, name: `${folder}-${origin.alias}`, delimiter },
      random,
    );
  return {
    agentEvents: stream("agent_event", "agent-events"),
    contactRecords: stream("contact_record", "contact-records"),
    contactEvents: stream("contact_event", "contact-events", "\n"),
    flowLogs: new FlowLogBuffer(origin, random),
  };
}

function one(file: DeliveredFile | undefined): DeliveredFile[] {
  return file === undefined ? [] : [file];
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
