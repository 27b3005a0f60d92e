import type { LogEntry, LogQuery } from "../../contracts/log.ts";
import { redactLine, redactValue } from "../../core/redact.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import { type StoredEvent, toEnvelope } from "../kv/codec.ts";
import { TOPIC_GROUPS, type TopicGroup } from "./groups.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import type { HeadWatch } from "./head_watch.ts";
import { keys } from "../keys.ts";
import { queryLogs } from "./log_query.ts";
import type { EventDraft, EventStore, Projection, StorePage } from "../port.ts";
import type { EventWriter } from "./writer.ts";

/** The texts of a log line and of a system event come from everywhere; nothing secret of them is stored or streamed. */
function withoutSecrets(draft: EventDraft): EventDraft {
  if (draft.type === "system.event") {
    const message = redactLine(draft.data.message);
    return message === draft.data.message
      ? draft
      : { ...draft, data: { ...draft.data, message } };
  }
  if (draft.type !== "log.added") return draft;
  const message = redactLine(draft.data.message);
  const data = redactValue(draft.data.data);
  if (message === draft.data.message && data === draft.data.data) return draft;
  return {
    ...draft,
    data: { ...draft.data, message, ...(data === undefined ? {} : { data }) },
  };
}

/** The event log: appended by the writer, read by sequence. */
export class KvEventStore implements EventStore {
  readonly #kv: GuardedKv;
  readonly #writer: EventWriter;
  readonly #head: HeadWatch;

  constructor(
    options: { kv: GuardedKv; writer: EventWriter; head: HeadWatch },
  ) {
    this.#kv = options.kv;
    this.#writer = options.writer;
    this.#head = options.head;
  }

  append(
    batch: {
      events?: readonly EventDraft[];
      projections?: readonly Projection[];
    },
  ): Promise<void> {
    if (batch.events === undefined) return this.#writer.append(batch);
    return this.#writer.append({
      ...batch,
      events: batch.events.map(withoutSecrets),
    });
  }

  headSeq(): number {
    return this.#head.seq;
  }

  async after(
    seq: number,
    limit: number,
  ): Promise<{ events: readonly StreamEnvelope[]; gap: boolean }> {
    const { events, gap } = await this.afterIn(TOPIC_GROUPS, { seq, limit });
    return { events, gap };
  }

  async afterIn(
    groups: readonly TopicGroup[],
    { seq, limit }: { seq: number; limit: number },
  ): Promise<
    { events: readonly StreamEnvelope[]; gap: boolean; upTo: number }
  > {
    // The groups are read one after another while commits go on. Without this
    // bound a later group could show an event whose predecessor was missed.
    const upTo = this.#head.seq;
    if (seq >= upTo || limit <= 0) return { events: [], gap: false, upTo: seq };
    const lists = await Promise.all(
      groups.map((group) =>
        this.#kv.list<StoredEvent>({
          start: keys.event(group, seq + 1),
          end: keys.event(group, upTo + 1),
        }, { limit })
      ),
    );
    // Read after the events: a prune that ran meanwhile is seen.
    const gap = await this.#isPruned(groups, seq);
    const events = lists.flat()
      .map(({ key, value }) => ({ seq: key.at(-1) as number, value }))
      .sort((a, b) => a.seq - b.seq)
      .slice(0, limit)
      .map((event) => toEnvelope(event.seq, event.value));
    // A full batch may end in the middle; else everything up to the head was seen.
    const isFull = events.length === limit;
    return { events, gap, upTo: isFull ? events.at(-1)!.seq! : upTo };
  }

  watch(onHead: (seq: number) => void): { close(): void } {
    return this.#head.listen(onHead);
  }

  logs(query: LogQuery): Promise<StorePage<LogEntry>> {
    return queryLogs(this.#kv, query);
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  async #isPruned(
    groups: readonly TopicGroup[],
    seq: number,
  ): Promise<boolean> {
    const marks = await this.#kv.getMany<{ seq: number }>(
      groups.map((group) => keys.pruned(group)),
    );
    return marks.some((mark) => (mark.value?.seq ?? 0) > seq);
  }
}
