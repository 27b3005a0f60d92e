import assert from "node:assert/strict";
import fc from "fast-check";
import { READ_BATCH } from "../../../lib/live/limits.ts";
import { SharedReads } from "../../../lib/live/shared_reads.ts";
import { type OpenedStore, openStore } from "../../../lib/store/open_store.ts";
import type { EventStore } from "../../../lib/store/port.ts";
import { systemDraft, systemTime } from "../store/support.ts";

async function withEvents(
  options: { count: number; kept?: number; fill?: string },
  run: (store: OpenedStore, log: CountedLog) => Promise<void>,
): Promise<void> {
  const { count, kept = count, fill = "" } = options;
  const store = await openStore({
    path: ":memory:",
    time: systemTime,
    retention: { system: kept },
  });
  try {
    await append(store, { count, fill });
    if (kept < count) await store.prune();
    await run(store, new CountedLog(store.events));
  } finally {
    await store.close();
  }
}

async function append(
  store: OpenedStore,
  { count, fill = "" }: { count: number; fill?: string },
): Promise<void> {
  const done = store.events.append({
    events: Array.from({ length: count }, () => systemDraft(fill)),
  });
  await store.events.flush();
  await done;
}

/** A log that counts how often it is read. */
class CountedLog {
  reads = 0;
  readonly #events: EventStore;

  constructor(events: EventStore) {
    this.#events = events;
  }

  headSeq(): number {
    return this.#events.headSeq();
  }

  after(seq: number, limit: number) {
    this.reads++;
    return this.#events.after(seq, limit);
  }
}

/** What a client that has had everything up to `seq` gets of a page. */
async function newFor(reads: SharedReads, seq: number): Promise<number[]> {
  const { frames } = await reads.after(seq);
  return frames.map((frame) => frame.seq!).filter((place) => place > seq);
}

Deno.test("SharedReads reads a page once for all that ask at the same time", () =>
  withEvents({ count: 450 }, async (_, log) => {
    const reads = new SharedReads(log);
    const places = Array.from({ length: 100 }, (_, n) => 205 + n);
    const pages = await Promise.all(places.map((seq) => newFor(reads, seq)));
    assert.equal(log.reads, 1);
    pages.forEach((seqs, n) => {
      assert.equal(seqs[0], places[n]! + 1);
      assert.equal(seqs.at(-1), 2 * READ_BATCH);
    });
    await newFor(reads, 399);
    assert.equal(log.reads, 1, "and not again later");
  }));

Deno.test("SharedReads reads a page that was not full again for those who have had all of it", () =>
  withEvents({ count: 250 }, async (store, log) => {
    const reads = new SharedReads(log);
    assert.equal((await newFor(reads, 210)).at(-1), 250);
    await append(store, { count: 10 });
    assert.equal((await newFor(reads, 240)).at(-1), 250);
    assert.equal(log.reads, 1);
    assert.deepEqual(
      await newFor(reads, 250),
      Array.from({ length: 10 }, (_, n) => 251 + n),
    );
    assert.equal(log.reads, 2);
  }));

Deno.test("SharedReads tells of a gap exactly where the log does", async () => {
  const scenario = fc.record({
    count: fc.integer({ min: 1, max: 450 }),
    kept: fc.integer({ min: 1, max: 450 }),
    places: fc.array(fc.nat(450), { minLength: 1, maxLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(
      scenario,
      ({ count, kept, places }) =>
        withEvents(
          { count, kept: Math.min(kept, count) },
          async (store, log) => {
            const reads = new SharedReads(log);
            const inside = places.map((place) => Math.min(place, count));
            const shared = await Promise.all(
              inside.map((seq) => reads.after(seq)),
            );
            for (const [n, seq] of inside.entries()) {
              const own = await store.events.after(seq, 1);
              const { gap, frames } = shared[n]!;
              assert.equal(gap, own.gap, `after ${seq}`);
              if (gap) continue;
              const first = frames.find((frame) => frame.seq! > seq);
              assert.equal(first?.seq, own.events[0]?.seq);
            }
          },
        ),
    ),
    { numRuns: 25 },
  );
});

Deno.test("SharedReads keeps a bounded number of bytes", () =>
  withEvents({ count: 800, fill: "x".repeat(15_000) }, async (_, log) => {
    const reads = new SharedReads(log);
    for (let page = 0; page < 4; page++) await newFor(reads, page * READ_BATCH);
    assert.equal(log.reads, 4);
    await newFor(reads, 3 * READ_BATCH);
    assert.equal(log.reads, 4, "the newest is kept");
    await newFor(reads, 0);
    assert.equal(log.reads, 5, "the oldest was forgotten");
  }));
