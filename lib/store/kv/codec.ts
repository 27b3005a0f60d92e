import { assert } from "../../core/assert.ts";
import type { LogEntry } from "../../contracts/log.ts";
import {
  STREAM_VERSION,
  type StreamEnvelope,
  topicsOf,
} from "../../contracts/stream.ts";
import {
  GROUP_OF,
  type StoredType,
  type TopicGroup,
} from "../events/groups.ts";
import {
  ENTRY_OVERHEAD_BYTES,
  MAX_LOG_MESSAGE,
  MAX_VALUE_BYTES,
} from "../limits.ts";
import type { EventDraft } from "../port.ts";
import { checkedSize, sizeOf } from "./size.ts";

/** An event as it lies in the store. Its `seq` is the last part of its key. */
export interface StoredEvent {
  v: 1;
  /** Running number within its group: tells how many events are kept without counting them. */
  n: number;
  type: StoredType;
  agentId: string | null;
  at: number;
  data: unknown;
}

/** An event that waits for its place in the order. */
export interface PreparedEvent {
  draft: EventDraft;
  group: TopicGroup;
  bytes: number;
}

/**
 * Measures an event before it is queued, so that a bad one is refused to its
 * sender and never blocks the writer. A log line that is too large is cut
 * instead: losing its data is better than losing the line.
 */
export function prepareEvent(draft: EventDraft): PreparedEvent {
  assert(
    Number.isFinite(draft.at) && Math.abs(draft.at) <= 8.64e15,
    `Time of a ${draft.type} event must be epoch milliseconds, was ${draft.at}`,
  );
  const group = GROUP_OF[draft.type];
  assert(group !== undefined, `No event group for type "${draft.type}"`);
  if (draft.type !== "log.added") {
    const bytes = checkedSize(
      draft.data,
      `A ${draft.type} event of ${draft.agentId ?? "the platform"}`,
    );
    return { draft, group, bytes };
  }
  const cut = cutLog(draft.data);
  return {
    draft: { ...draft, data: cut.data },
    group,
    // The index entry of the agent is part of the line.
    bytes: cut.bytes + 2 * ENTRY_OVERHEAD_BYTES,
  };
}

type LogData = Omit<LogEntry, "seq">;

function cutLog(data: LogData): { data: LogData; bytes: number } {
  const message = data.message.length > MAX_LOG_MESSAGE
    ? `${data.message.slice(0, MAX_LOG_MESSAGE)}… (cut)`
    : data.message;
  const short = message === data.message ? data : { ...data, message };
  const bytes = sizeOf(short);
  if (bytes <= MAX_VALUE_BYTES) return { data: short, bytes };
  const bare = { ...short, data: { cut: true, bytes } };
  return { data: bare, bytes: sizeOf(bare) };
}

/** The stored form of an event. */
export function toStored(draft: EventDraft, n: number): StoredEvent {
  return {
    v: 1,
    n,
    type: draft.type,
    agentId: draft.agentId,
    at: draft.at,
    data: draft.data,
  };
}

/** The wire form of a stored event. Its topic is the family; `topicsOf` tells the narrower ones. */
export function toEnvelope(seq: number, stored: StoredEvent): StreamEnvelope {
  const data = stored.type === "log.added"
    ? toLogEntry(seq, stored)
    : stored.data;
  return {
    v: STREAM_VERSION,
    seq,
    topic: topicsOf(stored.type, stored.agentId)[0]!,
    type: stored.type,
    at: new Date(stored.at).toISOString(),
    data,
  } as StreamEnvelope;
}

/** The log line of a stored event of group `logs`. */
export function toLogEntry(seq: number, stored: StoredEvent): LogEntry {
  return { ...stored.data as LogData, seq };
}
