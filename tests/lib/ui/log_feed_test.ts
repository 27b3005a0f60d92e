import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import type { LogEntry } from "../../../lib/contracts/log.ts";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import { MAX_LINES } from "../../../lib/ui/logs/log_buffer.ts";
import { LogFeed } from "../../../lib/ui/logs/log_feed.ts";
import { NO_FILTER } from "../../../lib/ui/logs/log_filter.ts";
import { absorbQualifiers } from "../../../lib/ui/logs/log_qualifiers.ts";
import { rowsAbove } from "../../../lib/ui/logs/virtual_rows.ts";

function line(seq: number): LogEntry {
  return {
    seq,
    level: "info",
    category: "system",
    agentId: null,
    agentName: null,
    message: `line ${seq}`,
    at: seq,
    marketAt: null,
  };
}

function added(seq: number): StreamEnvelope {
  return {
    v: 1,
    seq,
    topic: "logs:all",
    type: "log.added",
    at: "2026-01-01T00:00:00.000Z",
    data: line(seq),
  };
}

/** A log on a server that grows, and a view of it. */
function setUp(start = 5) {
  const server = { head: start, isDown: false, reads: 0 };
  const paints: (() => void)[] = [];
  const pageOf = (query: URLSearchParams) => {
    server.reads++;
    const limit = Number(query.get("limit") ?? 200);
    const before = Number(query.get("cursor") ?? server.head + 1);
    const items = Array.from(
      { length: Math.min(limit, before - 1) },
      (_, place) => line(before - 1 - place),
    );
    const last = items.at(-1)?.seq ?? 1;
    return { items, nextCursor: last > 1 ? String(last) : null };
  };
  const feed = new LogFeed({
    entries: pageOf(new URLSearchParams()).items,
    nextCursor: null,
    filter: NO_FILTER,
  }, {
    api: {
      logs: (query) =>
        server.isDown
          ? Promise.reject(new Error("down"))
          : Promise.resolve(pageOf(query)),
    },
    beforePaint: (run) => void paints.push(run),
  });
  const paint = () => paints.splice(0).forEach((run) => run());
  const seqs = () => feed.lines.value.map(({ seq }) => seq);
  return { server, feed, paint, seqs, paints };
}

function run(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, place) => from + place);
}

Deno.test("LogFeed shows the lines of one paint together", () => {
  const { feed, paints, paint, seqs } = setUp();
  for (const seq of run(6, 1_000)) feed.apply(added(seq));
  equal(paints.length, 1);
  equal(feed.lines.value.length, 5);
  paint();
  deepEqual(seqs(), run(1, 1_000));
  equal(feed.unseen.value, 995);
});

Deno.test("LogFeed.refresh() closes a gap of several pages, and tells no line twice", async () => {
  const { server, feed, paint, seqs } = setUp();
  server.head = 1_234;
  await feed.refresh();
  for (const seq of run(1_200, 1_240)) feed.apply(added(seq));
  paint();
  deepEqual(seqs(), run(1, 1_240));
  equal(feed.unseen.value, 1_235);
});

Deno.test("LogFeed.refresh() after a failed one still closes the first gap", async () => {
  const { server, feed, paint, seqs } = setUp();
  server.head = 500;
  server.isDown = true;
  await feed.refresh().catch(() => {});
  for (const seq of run(501, 510)) feed.apply(added(seq));
  paint();
  server.isDown = false;
  server.head = 510;
  await feed.refresh();
  deepEqual(seqs(), run(1, 510));
});

Deno.test("LogFeed starts anew where a gap is wider than what is kept", async () => {
  const { server, feed, seqs } = setUp();
  server.head = 3 * MAX_LINES;
  await feed.refresh();
  deepEqual(seqs(), run(2 * MAX_LINES + 1, 3 * MAX_LINES));
  equal(server.reads, 1 + MAX_LINES / 200);
});

Deno.test("LogFeed keeps what came while it was paused, the newest 10,000 of it", () => {
  const { feed, paint, seqs } = setUp();
  feed.setPaused(true);
  for (const seq of run(6, 10)) feed.apply(added(seq));
  paint();
  deepEqual(seqs(), run(1, 5));
  equal(feed.unseen.value, 5);
  for (const seq of run(11, 25_000)) feed.apply(added(seq));
  feed.setPaused(false);
  deepEqual(seqs(), run(25_001 - MAX_LINES, 25_000));
  equal(feed.isTrimmed.value, true);
});

Deno.test("LogFeed has no gap and no double however stream, polls and failures meet", async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("live" as const), n: fc.nat(30) }),
    fc.record({ do: fc.constant("missed" as const), n: fc.nat(700) }),
    fc.record({ do: fc.constant("refresh" as const), n: fc.boolean() }),
    fc.record({ do: fc.constant("paint" as const), n: fc.constant(0) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { server, feed, paint, seqs } = setUp();
      let isMissing = false;
      for (const { do: what, n } of steps) {
        const from = server.head + 1;
        if (what === "paint") paint();
        else if (what === "refresh") {
          server.isDown = n === true;
          // deno-lint-ignore no-await-in-loop -- in this order
          await feed.refresh().catch(() => {});
          isMissing &&= server.isDown;
          server.isDown = false;
        } else {
          server.head += Number(n);
          // A stream that has lost something is silent until the state is read again.
          if (what === "missed") isMissing = true;
          else if (!isMissing) {
            for (const seq of run(from, server.head)) feed.apply(added(seq));
          }
        }
      }
      await feed.refresh();
      paint();
      deepEqual(seqs(), run(1, server.head));
    }),
  );
});

Deno.test("absorbQualifiers() moves what exists into its field and leaves the rest to see", () => {
  const agents = [{ id: "agt_1", name: "Btc one" }];
  const absorbed = absorbQualifiers({
    ...NO_FILTER,
    text:
      'level:warning+ category:risk,trade agent:"btc one" from:2026-09-01 to:soon text:"a b" stop level:loud',
  }, agents);
  deepEqual(absorbed, {
    levels: ["warning", "error"],
    categories: ["risk", "trade"],
    agentId: "agt_1",
    text: "to:soon a b stop level:loud",
    from: Date.UTC(2026, 8, 1),
    to: null,
  });
  deepEqual(absorbQualifiers(absorbed, agents), absorbed);
});

Deno.test("rowsAbove() tells how far a line has moved", () => {
  const lines = run(10, 20).map(line);
  equal(rowsAbove(lines, run(5, 20).map(line)), 5);
  equal(rowsAbove(lines, run(13, 25).map(line)), -3);
  equal(rowsAbove(lines, run(10, 25).map(line)), 0);
  equal(rowsAbove([], lines), 0);
});
