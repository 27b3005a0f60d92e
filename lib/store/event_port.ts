import type { EquityPoint } from "../contracts/account.ts";
import type { AgentObserved, AgentView } from "../contracts/agent.ts";
import type { StoredRisk } from "../contracts/guard.ts";
import type { LogEntry, LogQuery } from "../contracts/log.ts";
import type { Trade } from "../contracts/order.ts";
import type {
  StreamEnvelope,
  StreamPayloads,
  VolatileType,
} from "../contracts/stream.ts";
import type { TopicGroup } from "./events/groups.ts";
import type { StorePage } from "./port.ts";

/** An event before it has its place in the order of all events. A log line's `seq` is filled in by the writer. */
export type EventDraft = {
  [Type in Exclude<keyof StreamPayloads, VolatileType>]: {
    type: Type;
    agentId: string | null;
    at: number;
    data: Type extends "log.added" ? Omit<LogEntry, "seq">
      : StreamPayloads[Type];
  };
}[Exclude<keyof StreamPayloads, VolatileType>];

/** State that is written in the same commit as the events that tell of it. */
export type Projection =
  | { kind: "observed"; value: AgentObserved }
  | { kind: "view"; value: AgentView }
  | { kind: "risk"; agentId: string; value: StoredRisk }
  | {
    kind: "trades";
    agentId: string;
    fromIndex: number;
    value: readonly Trade[];
  }
  /** Replaces the whole (bounded) curve. */
  | { kind: "equity"; agentId: string; value: readonly EquityPoint[] }
  | { kind: "feedHead"; streamId: string; value: number };

export interface EventStore {
  /**
   * Queues events and projections; they are committed in order, in batches,
   * order state before logs. Resolves when everything given is committed.
   * Later projections of the same key replace earlier queued ones.
   *
   * What is given must not change afterwards. Log lines may be dropped when the
   * store cannot keep up: they count as done, and a log line says how many.
   *
   * @throws {AppError} STORE_UNAVAILABLE if the queue is full or the store closes,
   * STORE_VALUE_TOO_LARGE if an entry is over 60 KB; then nothing of this append is stored.
   */
  append(
    batch: {
      events?: readonly EventDraft[];
      projections?: readonly Projection[];
    },
  ): Promise<void>;
  /** Sequence of the last committed event; 0 before the first. */
  headSeq(): number;
  /** Committed events after `seq`, oldest first, at most `limit`; `gap` if some of them were pruned already. */
  after(
    seq: number,
    limit: number,
  ): Promise<{ events: readonly StreamEnvelope[]; gap: boolean }>;
  /** The same of some groups alone. `upTo` is what the next call goes on from. */
  afterIn(
    groups: readonly TopicGroup[],
    options: { seq: number; limit: number },
  ): Promise<
    { events: readonly StreamEnvelope[]; gap: boolean; upTo: number }
  >;
  /** Calls back after commits (one KV watch underneath), coalesced. */
  watch(onHead: (seq: number) => void): { close(): void };
  /**
   * Log lines, newest first. One call looks at a bounded number of lines, so a
   * page may be short, or empty, and still have a cursor to go on from; a null
   * cursor means that nothing older matches.
   */
  logs(query: LogQuery): Promise<StorePage<LogEntry>>;
  /** Waits until everything queued is committed. */
  flush(): Promise<void>;
}
