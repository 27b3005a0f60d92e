import type {
  LogCategory,
  LogEntry,
  LogLevel,
  LogQuery,
} from "../../contracts/log.ts";
import { isInRange } from "../../contracts/log_terms.ts";
import { type StoredEvent, toLogEntry } from "../kv/codec.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { keys } from "../keys.ts";
import { LIST_BATCH, MAX_LOG_SCAN, MAX_PAGE } from "../limits.ts";
import type { StorePage } from "../port.ts";

interface IndexEntry {
  v: 1;
  level: LogLevel;
  category: LogCategory;
}

/**
 * Looks through the log, newest first. One query reads at most `MAX_LOG_SCAN`
 * entries: a rare match may give a short or empty page with a cursor to go on
 * from. A null cursor always means that nothing older matches.
 */
export async function queryLogs(
  kv: GuardedKv,
  query: LogQuery,
): Promise<StorePage<LogEntry>> {
  const limit = Math.min(query.limit, MAX_PAGE);
  const items: LogEntry[] = [];
  let before = query.cursor === undefined
    ? Number.MAX_SAFE_INTEGER
    : Number(query.cursor);
  let scanned = 0;
  // Without a filter the first batch is all that is needed.
  let wanted = limit + 1;
  while (scanned < MAX_LOG_SCAN) {
    const batch = Math.min(wanted, MAX_LOG_SCAN - scanned);
    wanted = LIST_BATCH;
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page = await readPage(kv, { query, before, batch });
    for (const entry of page.matches) {
      // One match more than asked for is the proof that there is a next page.
      if (items.length === limit) {
        return { items, nextCursor: String(items.at(-1)!.seq) };
      }
      items.push(entry);
    }
    if (page.read < batch) return { items, nextCursor: null };
    scanned += page.read;
    before = page.lastSeq;
  }
  return { items, nextCursor: String(before) };
}

interface PageOptions {
  query: LogQuery;
  before: number;
  batch: number;
}

interface LogPage {
  matches: LogEntry[];
  /** Entries looked at; fewer than asked for at the end of the log. */
  read: number;
  lastSeq: number;
}

function readPage(kv: GuardedKv, options: PageOptions): Promise<LogPage> {
  const { agentId } = options.query;
  return agentId === undefined
    ? readAllLogs(kv, options)
    : readAgentLogs(kv, { ...options, agentId });
}

async function readAllLogs(
  kv: GuardedKv,
  { query, before, batch }: PageOptions,
): Promise<LogPage> {
  const entries = await kv.list<StoredEvent>(
    { prefix: keys.events("logs"), end: keys.event("logs", before) },
    { limit: batch, reverse: true },
  );
  const logs = entries.map(({ key, value }) =>
    toLogEntry(key.at(-1) as number, value)
  );
  return {
    matches: logs.filter((log) =>
      isKindMatch(log, query) && isTextAndTimeMatch(log, query)
    ),
    read: entries.length,
    lastSeq: logs.at(-1)?.seq ?? before,
  };
}

async function readAgentLogs(
  kv: GuardedKv,
  { query, before, batch, agentId }: PageOptions & { agentId: string },
): Promise<LogPage> {
  const index = await kv.list<IndexEntry>(
    { prefix: keys.agentLogs(agentId), end: keys.agentLog(agentId, before) },
    { limit: batch, reverse: true },
  );
  const seqs = index
    .filter((entry) => isKindMatch(entry.value, query))
    .map((entry) => entry.key.at(-1) as number);
  const entries = await kv.getMany<StoredEvent>(
    seqs.map((seq) => keys.event("logs", seq)),
  );
  const matches = entries.flatMap((entry, place) =>
    entry.value === null ? [] : [toLogEntry(seqs[place]!, entry.value)]
  ).filter((log) => isTextAndTimeMatch(log, query));
  return {
    matches,
    read: index.length,
    lastSeq: index.at(-1)?.key.at(-1) as number | undefined ?? before,
  };
}

function isKindMatch(
  log: { level: LogLevel; category: LogCategory },
  query: LogQuery,
): boolean {
  return (query.level?.includes(log.level) ?? true) &&
    (query.category?.includes(log.category) ?? true);
}

function isTextAndTimeMatch(log: LogEntry, query: LogQuery): boolean {
  // Clocks step back, so times are no order to stop by: every line is looked at.
  return isInRange(log.at, query) &&
    (query.q === undefined ||
      log.message.toLowerCase().includes(query.q.toLowerCase()));
}
