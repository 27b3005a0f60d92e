import { type DeskRecord, toDeskRecord } from "../contracts/desk_record.ts";
import type { LogEntry, LogQuery } from "../contracts/log.ts";
import type { Page } from "../fleet/port.ts";
import { MAX_PAGE_ITEMS, MAX_RECORD_READS } from "./limits.ts";

/** A page of what an agent asked of its desk and was answered, newest first. */
export async function readDeskRecords(
  logs: (query: LogQuery) => Promise<Page<LogEntry>>,
  query: { agentId: string; limit: number; cursor: string | null },
): Promise<Page<DeskRecord>> {
  const { agentId, limit } = query;
  const items: DeskRecord[] = [];
  let cursor = query.cursor;
  for (let reads = 0; reads < MAX_RECORD_READS; reads++) {
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page: Page<LogEntry> = await logs({
      agentId,
      level: undefined,
      category: ["trade", "risk", "decision"],
      limit: MAX_PAGE_ITEMS,
      ...(cursor === null ? {} : { cursor }),
    });
    items.push(...page.items.flatMap((line) => toDeskRecord(line) ?? []));
    cursor = page.nextCursor;
    if (items.length > limit) {
      // The place in the log goes on from a line, whichever it is.
      const kept = items.slice(0, limit);
      return { items: kept, nextCursor: String(kept.at(-1)!.seq) };
    }
    if (cursor === null || items.length === limit) break;
  }
  return { items, nextCursor: cursor };
}
