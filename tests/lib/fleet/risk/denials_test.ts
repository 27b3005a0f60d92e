import assert from "node:assert/strict";
import fc from "fast-check";
import { DENIAL_CODES } from "../../../../lib/contracts/denials.ts";
import type { LogEntry } from "../../../../lib/contracts/log.ts";
import { DenialBook } from "../../../../lib/fleet/risk/denial_book.ts";
import {
  denialOf,
  groupDenials,
  tripOf,
} from "../../../../lib/fleet/risk/denials.ts";
import {
  DENIAL_READS,
  DENIALS_FRESH_MS,
  DENIALS_WINDOW_MS,
} from "../../../../lib/fleet/risk/limits.ts";
import { denialLine } from "./support.ts";

const NOW = 2 * DENIALS_WINDOW_MS;
const CODES = Object.keys(DENIAL_CODES);

Deno.test("groupDenials counts each denial once, whatever their order", () => {
  const line = fc.record({
    seq: fc.nat(),
    code: fc.constantFrom(...CODES),
    agentId: fc.constantFrom("live", "paper", "gone"),
  });
  const modeOf = (id: string) => id === "gone" ? null : id as "live" | "paper";
  fc.assert(
    fc.property(
      fc.uniqueArray(line, { selector: ({ seq }) => seq }).chain((lines) =>
        fc.tuple(
          fc.constant(lines),
          fc.shuffledSubarray(lines, { minLength: lines.length }),
        )
      ),
      ([lines, shuffled]) => {
        const groupsOf = (of: typeof lines) =>
          groupDenials(
            of.map(({ seq, ...rest }) => denialOf(denialLine(seq, rest))!),
            modeOf,
          );
        const groups = groupsOf(lines);
        assert.deepEqual(groupsOf(shuffled), groups);
        for (const { code, count, live, paper, gone } of groups) {
          assert.equal(live + paper + gone, count);
          assert.equal(lines.filter((one) => one.code === code).length, count);
        }
      },
    ),
  );
});

Deno.test("denialOf and tripOf take what they are about, and nothing else", () => {
  const trip = denialLine(1, {
    message: "Trading changed from active to reducing: 5 trades were lost",
    data: { code: "BREAKER_OPEN" },
  });
  assert.equal(denialOf(denialLine(1))!.detail, "too many");
  assert.equal(denialOf(trip), null);
  assert.equal(tripOf(trip)!.code, "BREAKER_OPEN");
  const back = "Trading changed from halted to reducing: the day is over";
  assert.equal(tripOf({ ...trip, message: back }), null);
  assert.equal(tripOf(denialLine(1, { code: "BREAKER_OPEN" })), null);
  assert.equal(denialOf(denialLine(1, { data: {} })), null);
  assert.equal(denialOf(denialLine(1, { code: "toString" })), null);
});

function bookOver(pages: readonly (readonly LogEntry[] | Error)[]) {
  let now = NOW;
  let reads = 0;
  const book = new DenialBook({
    now: () => now,
    logs: ({ cursor }) => {
      const page = pages[Number(cursor ?? 0)]!;
      reads++;
      if (page instanceof Error) return Promise.reject(page);
      const next = Number(cursor ?? 0) + 1;
      return Promise.resolve({
        items: page,
        nextCursor: next < pages.length ? String(next) : null,
      });
    },
  });
  return {
    book,
    reads: () => reads,
    pass: (ms: number) => void (now += ms),
  };
}

Deno.test("DenialBook counts the last day alone and reads the log once for all who ask at the same time", async () => {
  const old = denialLine(1, { at: NOW - DENIALS_WINDOW_MS - 1 });
  const world = bookOver([[denialLine(2, { at: NOW }), old]]);
  const [count] = await Promise.all([world.book.count(), world.book.count()]);
  assert.deepEqual(count.denials.map(({ seq }) => seq), [2]);
  assert.equal(count.isWhole, true);
  assert.equal(world.reads(), 1);
  world.pass(DENIALS_FRESH_MS);
  await world.book.count();
  assert.equal(world.reads(), 2);
});

Deno.test("DenialBook says since when it counts where the log is longer than it reads", async () => {
  const pages = Array.from(
    { length: DENIAL_READS + 1 },
    (_, index) => [denialLine(9 - index, { at: NOW - index })],
  );
  const { book } = bookOver(pages);
  const count = await book.count();
  assert.equal(count.isWhole, false);
  assert.equal(count.since, NOW - DENIAL_READS + 1);
});

Deno.test("DenialBook tries again after a log that could not be read", async () => {
  const world = bookOver([new Error("no disk")]);
  await assert.rejects(world.book.count(), /no disk/);
  await assert.rejects(world.book.count(), /no disk/);
  assert.equal(world.reads(), 2);
});
