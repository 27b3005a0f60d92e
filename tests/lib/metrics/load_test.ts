import assert from "node:assert/strict";
import * as fc from "fast-check";
import { toMarkdown, withMeasured } from "../../load/load_report.ts";
import {
  isWithin,
  largestWithin,
  percentile,
  type StepFigures,
} from "../../load/measured.ts";
import type { AgentSample, SoakSample } from "../../load/soak_sample.ts";
import { judge as judgeAt, stuckIn } from "../../load/soak_verdict.ts";
import { soakText } from "../../load/soak_report.ts";

const MINUTE_MS = 60_000;

const judge = (samples: readonly SoakSample[], candlesPerSecond = 10) =>
  judgeAt(samples, { candlesPerSecond });

const AGENT: AgentSample = {
  id: "agt_1",
  name: "one",
  isRunning: true,
  heartbeatAgeMs: 900,
  mailbox: 0,
  rate: 20,
};

/** A look each minute, with what grows. */
function looks(
  count: number,
  read: (minute: number) => Partial<SoakSample>,
): readonly SoakSample[] {
  return Array.from({ length: count }, (_, minute) => ({
    atMs: minute * MINUTE_MS,
    rssMiB: 500,
    threads: 40,
    handles: 30,
    diskMiB: 10,
    heapMiB: 60,
    liveHeapMiB: 50,
    workersHeapMiB: 400,
    workersLiveHeapMiB: 300,
    servicesLiveHeapMiB: 30,
    buckets: [],
    agents: [AGENT],
    ...read(minute),
  }));
}

Deno.test("judge() finds what grows by more than its bound, and nothing in what wavers", () => {
  const wave = (minute: number) => 3 * Math.sin(minute * 2.4);
  const flat = judge(looks(60, (minute) => ({ rssMiB: 500 + wave(minute) })));
  assert.equal(flat.isSound, true);
  const leaking = judge(
    looks(60, (minute) => ({ rssMiB: 500 + minute * 2 + wave(minute) })),
  );
  assert.equal(leaking.isSound, false);
  const broken = leaking.trends.filter(({ isBroken }) => isBroken);
  assert.deepEqual(broken.map(({ name }) => name), ["RSS"]);
  assert.ok(Math.abs(broken[0]!.slope!.perX - 120) < 5);
  assert.match(soakText(leaking), /RSS .* \+1\d\d\.\d MiB\/h .* BROKEN/);
  assert.match(soakText(flat), /No actor was stuck\nSound over 60 looks$/);
});

Deno.test("judge() bounds what is live of each agent, whatever garbage comes and goes", () => {
  const growing = (perMinute: number, candlesPerSecond = 10) =>
    judge(
      looks(60, (minute) => ({
        heapMiB: 60 + minute % 7 * 20,
        workersLiveHeapMiB: 300 + minute * perMinute,
        agents: [AGENT, { ...AGENT, id: "agt_2" }],
      })),
      candlesPerSecond,
    );
  assert.equal(growing(1.9 / 60).isSound, true);
  const leaking = growing(2.1 / 60);
  const [broken] = leaking.trends.filter(({ isBroken }) => isBroken);
  assert.equal(broken?.name, "what of them is live");
  assert.equal(broken?.bound, 2);
  assert.equal(growing(2.1 / 60, 20).isSound, true);
});

Deno.test("judge() does not know what it was not told", () => {
  const unknown = judge(looks(60, () => ({ rssMiB: null, handles: null })));
  assert.equal(unknown.isSound, true);
  assert.equal(unknown.trends[0]!.slope, null);
  assert.equal(judge([]).trends[0]!.first, null);
});

Deno.test("stuckIn() names who does nothing at two looks after each other", () => {
  const at = (agent: Partial<AgentSample>) => ({
    agents: [{ ...AGENT, ...agent }],
  });
  const stuck = { mailbox: 3, rate: 0 };
  assert.deepEqual(
    stuckIn(looks(3, (minute) => minute === 1 ? at(stuck) : at({}))),
    [],
  );
  assert.deepEqual(
    stuckIn(looks(3, (minute) => minute > 0 ? at(stuck) : at({}))),
    [{ name: "one", why: "3 messages wait, and it handles none" }],
  );
  for (
    const bad of [{ isRunning: false }, { heartbeatAgeMs: 20_000 }, {
      mailbox: 2_000,
    }]
  ) {
    assert.equal(stuckIn(looks(2, () => at(bad))).length, 1);
  }
});

const STEP: StepFigures = {
  what: "read",
  step: 250,
  p50Ms: 1,
  p99Ms: 2,
  limitMs: 100,
  doneShare: 1,
  cores: null,
  rssMiB: 400,
  isWithin: true,
};

Deno.test("isWithin() takes no step that is fast because little of it happens", () => {
  assert.equal(isWithin({ p99Ms: 1, limitMs: 10, doneShare: 0.96 }), true);
  assert.equal(isWithin({ p99Ms: 1, limitMs: 10, doneShare: 0.9 }), false);
  assert.equal(isWithin({ p99Ms: 11, limitMs: 10, doneShare: 1 }), false);
  assert.equal(isWithin({ p99Ms: null, limitMs: 10, doneShare: 1 }), false);
});

Deno.test("largestWithin() stops at the first step that does not count", () => {
  const steps = [250, 500, 1_000].map((step) => ({
    ...STEP,
    step,
    isWithin: step !== 500,
  }));
  assert.equal(largestWithin(steps, "read"), 250);
  assert.equal(largestWithin(steps, "write"), null);
});

Deno.test("percentile() is a value that was measured, with its share below", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
    (values, share) => {
      const sorted = values.toSorted((a, b) => a - b);
      const found = percentile(sorted, share)!;
      const below = sorted.filter((value) => value <= found).length;
      assert.ok(below >= share * sorted.length);
    },
  ));
  assert.equal(percentile([], 0.5), null);
});

Deno.test("withMeasured() puts a table between the marks of a page, again and again", () => {
  const facts = {
    date: "2026-09-01",
    processors: 2,
    seconds: 10,
    stolenPct: null,
  };
  const table = toMarkdown([STEP], facts);
  assert.match(table, /API read: \*\*250 requests\/s\*\* within 100 ms/);
  assert.match(table, /\| — \| 400 \| yes \|/);
  const page = "a\n<!-- measured:load -->\n\nold\n\n<!-- /measured -->\nb\n";
  const once = withMeasured(page, table);
  assert.equal(withMeasured(once, table), once);
  assert.ok(once.startsWith("a\n") && once.endsWith("\nb\n"));
  assert.equal(once.includes("old"), false);
  assert.throws(() => withMeasured("no marks", table), /has no/);
});
