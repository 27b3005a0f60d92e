import assert from "node:assert/strict";
import fc from "fast-check";
import { readDeskRecords } from "../../../lib/api/desk_records.ts";
import type { LogEntry, LogQuery } from "../../../lib/contracts/log.ts";

/** A log whose lines are about orders where `isRecord` says so; newest first, by place. */
function logOf(isRecord: readonly boolean[]) {
  const lines = isRecord.map((yes, index): LogEntry => ({
    seq: index + 1,
    at: index,
    marketAt: null,
    level: "info",
    category: "decision",
    agentId: "agt_1",
    agentName: "one",
    message: "line",
    data: yes ? { intentId: `${index}.0`, reasons: [] } : {},
  })).reverse();
  return ({ limit, cursor }: LogQuery) => {
    const older = cursor === undefined
      ? lines
      : lines.filter(({ seq }) => seq < Number(cursor));
    const items = older.slice(0, limit);
    return Promise.resolve({
      items,
      nextCursor: older.length > limit ? String(items.at(-1)!.seq) : null,
    });
  };
}

Deno.test("readDeskRecords() gives every record once, newest first, whatever the pages", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      async (isRecord, limit) => {
        const log = logOf(isRecord);
        const seen: number[] = [];
        for (let cursor: string | null = null, pages = 0;;) {
          // deno-lint-ignore no-await-in-loop -- page after page
          const page = await readDeskRecords(log, {
            agentId: "agt_1",
            limit,
            cursor,
          });
          assert.ok(page.items.length <= limit);
          seen.push(...page.items.map(({ seq }) => seq));
          cursor = page.nextCursor;
          if (cursor === null) break;
          assert.ok(++pages <= isRecord.length + 1, "it never ends");
        }
        const wanted = isRecord.flatMap((yes, index) => yes ? [index + 1] : []);
        assert.deepEqual(seen, wanted.reverse());
      },
    ),
  );
});
