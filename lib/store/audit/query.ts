import {
  AUDIT_STREAMS,
  type AuditFilter,
  type AuditRecord,
  type AuditStream,
} from "../../contracts/audit_trail.ts";
import { AppError } from "../../core/errors.ts";
import { LIST_BATCH, MAX_PAGE } from "../limits.ts";
import type { StorePage } from "../port.ts";
import { AUDIT_LATE_MS, MAX_AUDIT_SCAN } from "./limits.ts";
import type { AuditReader } from "./reader.ts";

/** Entries of one stream, newest first; the cursor is a running number. */
export async function pageOfRecords(
  reader: AuditReader,
  options: { limit: number; cursor: string | null; stream?: AuditStream },
): Promise<StorePage<AuditRecord>> {
  const limit = Math.min(options.limit, MAX_PAGE);
  const before = options.cursor === null
    ? Number.MAX_SAFE_INTEGER
    : Number(options.cursor);
  const found = await reader.before(options.stream ?? "commands", {
    before,
    limit: limit + 1,
  });
  const items = found.slice(0, limit);
  const isMore = found.length > limit;
  return { items, nextCursor: isMore ? String(items.at(-1)!.n) : null };
}

/** What is looked for. */
export interface RecordQuery {
  filter: AuditFilter;
  limit: number;
  /** Opaque to clients: the number in each stream before which the page begins. */
  cursor: string | null;
}

/** A stream that is read backwards, in batches. */
interface Source {
  stream: AuditStream;
  /** Everything from this number on was given out or passed over. */
  before: number;
  batch: AuditRecord[];
  isAtEnd: boolean;
}

/**
 * Entries of both streams that match, newest first by time. One call looks at a
 * bounded number of entries, so a page may be short, or empty, and still have a
 * cursor to go on from.
 *
 * @throws {AppError} REQUEST_MALFORMED for a cursor that is none of ours.
 */
export async function queryRecords(
  reader: AuditReader,
  { filter, limit, cursor }: RecordQuery,
): Promise<StorePage<AuditRecord>> {
  const sources = sourcesOf(filter, cursor);
  const items: AuditRecord[] = [];
  const wanted = Math.min(limit, MAX_PAGE);
  for (let scanned = 0; scanned < MAX_AUDIT_SCAN; scanned++) {
    if (items.length >= wanted) break;
    for (const source of sources) {
      // deno-lint-ignore no-await-in-loop -- a batch is read when the one before is used up
      if (source.batch.length === 0) await refill(reader, source);
    }
    const newest = newestOf(sources);
    if (newest === null) return { items, nextCursor: null };
    const record = newest.batch.shift()!;
    newest.before = record.n;
    if (isTooOld(record, filter)) {
      newest.isAtEnd = true;
      newest.batch = [];
      newest.before = 0;
    } else if (matches(record, filter)) items.push(record);
  }
  return { items, nextCursor: cursorOf(sources) };
}

/** Tells whether an entry passes the filter. */
export function matches(record: AuditRecord, filter: AuditFilter): boolean {
  const { actor, action, target, outcome, requestId, from, to } = filter;
  return (filter.stream === undefined || record.stream === filter.stream) &&
    (actor === undefined || record.actor.id === actor ||
      holds(record.actor.name, actor)) &&
    (action === undefined || record.action === action ||
      action.endsWith(".") && record.action.startsWith(action)) &&
    (target === undefined || holds(record.target, target)) &&
    (requestId === undefined || record.requestId === requestId) &&
    (outcome === undefined || record.outcome === outcome) &&
    (from === undefined || record.at >= from) &&
    (to === undefined || record.at < to);
}

function holds(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

/** An entry may come late, but never before what it tells of. */
function isTooOld(record: AuditRecord, { from }: AuditFilter): boolean {
  return from !== undefined && record.at < from - AUDIT_LATE_MS;
}

function sourcesOf(filter: AuditFilter, cursor: string | null): Source[] {
  const places = cursor === null ? null : placesIn(cursor);
  return AUDIT_STREAMS.map((stream, index) => {
    const isWanted = filter.stream === undefined || filter.stream === stream;
    const before = places?.[index] ?? Number.MAX_SAFE_INTEGER;
    const isAtEnd = !isWanted || before <= 1;
    return { stream, before, batch: [], isAtEnd };
  });
}

async function refill(reader: AuditReader, source: Source): Promise<void> {
  if (source.isAtEnd) return;
  const { stream, before } = source;
  source.batch = await reader.before(stream, { before, limit: LIST_BATCH / 2 });
  source.isAtEnd = source.batch.length === 0;
  if (source.isAtEnd) source.before = 0;
}

function newestOf(sources: readonly Source[]): Source | null {
  return sources.reduce<Source | null>((newest, source) => {
    if (source.batch.length === 0) return newest;
    const isNewer = newest === null ||
      source.batch[0]!.at > newest.batch[0]!.at;
    return isNewer ? source : newest;
  }, null);
}

function cursorOf(sources: readonly Source[]): string | null {
  const hasMore = sources.some(({ before, isAtEnd, batch }) =>
    batch.length > 0 || !isAtEnd && before > 1
  );
  return hasMore ? sources.map(({ before }) => before).join(".") : null;
}

/** The numbers in a cursor, one for each stream. */
function placesIn(cursor: string): number[] {
  if (/^\d{1,16}\.\d{1,16}$/.test(cursor)) return cursor.split(".").map(Number);
  throw new AppError(
    "REQUEST_MALFORMED",
    "The cursor is none of this list; use the nextCursor of an earlier answer",
    { status: 400 },
  );
}
