import assert from "node:assert/strict";
import fc from "fast-check";
import {
  LOG_CATEGORIES,
  LOG_LEVELS,
  type LogEntry,
  type LogQuery,
} from "../../../lib/contracts/log.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import { agentIdOf, logDraft, systemDraft, systemTime } from "./support.ts";

const lineOf = fc.record({
  level: fc.constantFrom(...LOG_LEVELS),
  category: fc.constantFrom(...LOG_CATEGORIES),
  agentId: fc.constantFrom(null, agentIdOf(1), agentIdOf(2)),
  // In no order: a clock may step back.
  at: fc.integer({ min: 0, max: 9 }),
  message: fc.constantFrom("Bought 0.1 BTC", "sold", "Stop moved", "BOUGHT"),
});

const queryOf = fc.record({
  level: fc.option(fc.subarray([...LOG_LEVELS], { minLength: 1 }), {
    nil: undefined,
  }),
  category: fc.option(fc.subarray([...LOG_CATEGORIES], { minLength: 1 }), {
    nil: undefined,
  }),
  agentId: fc.constantFrom(undefined, agentIdOf(1)),
  q: fc.constantFrom(undefined, "bought", "STOP"),
  from: fc.constantFrom(undefined, 3),
  to: fc.constantFrom(undefined, 6),
  limit: fc.integer({ min: 1, max: 20 }),
});

function isMatch(log: LogEntry, query: Omit<LogQuery, "limit">): boolean {
  return (query.level?.includes(log.level) ?? true) &&
    (query.category?.includes(log.category) ?? true) &&
    (query.agentId === undefined || log.agentId === query.agentId) &&
    log.at >= (query.from ?? 0) && log.at <= (query.to ?? 9) &&
    log.message.toLowerCase().includes((query.q ?? "").toLowerCase());
}

async function walk(store: OpenedStore, query: LogQuery): Promise<LogEntry[]> {
  const found: LogEntry[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await store.events.logs({ ...query, cursor });
    assert.ok(page.items.length <= query.limit);
    found.push(...page.items);
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
  }
}

Deno.test("logs() walked by cursor equals a full scan with the same filter", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(lineOf, { maxLength: 120 }),
      fc.array(queryOf, { minLength: 1, maxLength: 5 }),
      async (lines, queries) => {
        const store = await openStore({ path: ":memory:", time: systemTime });
        const events = lines.flatMap(({ message, ...rest }) => [
          logDraft(message, rest),
          systemDraft("between"),
        ]);
        const done = store.events.append({ events });
        await store.events.flush();
        await done;
        const all = (await store.events.after(0, 1_000)).events
          .flatMap((event) => event.type === "log.added" ? [event.data] : [])
          .reverse();
        for (const query of queries as LogQuery[]) {
          assert.deepEqual(
            await walk(store, query),
            all.filter((log) => isMatch(log, query)),
          );
        }
        await store.close();
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("logs() looks at a bounded number of lines and gives a cursor to go on", async () => {
  const store = await openStore({ path: ":memory:", time: systemTime });
  await appendLogs(store, ["the needle", ...Array(6_000).fill("hay")]);
  const query = { q: "needle", limit: 10 } as LogQuery;
  const first = await store.events.logs(query);
  assert.deepEqual(first.items, []);
  assert.notEqual(first.nextCursor, null);
  const second = await store.events.logs({
    ...query,
    cursor: first.nextCursor!,
  });
  assert.equal(second.items[0]!.message, "the needle");
  assert.equal(second.nextCursor, null);
  await store.close();
});

Deno.test("prune() removes log lines together with their index", async () => {
  const store = await openStore({
    path: ":memory:",
    time: systemTime,
    retention: { logs: 100 },
  });
  await appendLogs(store, Array.from({ length: 450 }, (_, n) => `${n}`));
  await store.prune();
  const query = { agentId: agentIdOf(1), limit: 200 } as LogQuery;
  const { items, nextCursor } = await store.events.logs(query);
  assert.equal(items.length, 100);
  assert.equal(items.at(-1)!.message, "350");
  assert.equal(nextCursor, null);
  await store.close();
});

async function appendLogs(
  store: OpenedStore,
  messages: readonly string[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += 2_000) {
    const part = messages.slice(start, start + 2_000);
    const done = store.events.append({
      events: part.map((message) =>
        logDraft(message, { agentId: agentIdOf(1) })
      ),
    });
    await store.events.flush();
    await done;
  }
}
