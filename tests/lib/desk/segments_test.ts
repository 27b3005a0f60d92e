import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { decodeJournal } from "../../../lib/desk/journal/journal.ts";
import { Journal } from "../../../lib/desk/journal/journal_file.ts";
import { SEGMENT_RETRY_BYTES } from "../../../lib/desk/limits.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { accountConfig, randomMarket, ScriptedAgent } from "./support.ts";

const SEED = Date.now() | 0;
const CANDLES = 240;

const CONFIG = accountConfig({
  risk: { maxDrawdownPct: 6, dailyLossLimit: "250" },
  safety: { breakerConsecutiveLosses: 4 },
});

/** One account over a journal with small segments, which can crash at any moment. */
class World {
  readonly clock = createSimulatedClock();
  readonly storage = new MemoryStorage();
  readonly #segmentBytes: number;
  journal!: Journal;
  account!: DeskAccount;

  constructor(segmentBytes: number) {
    this.#segmentBytes = segmentBytes;
    this.#open();
    this.account = DeskAccount.open({ config: CONFIG, sink: this.journal });
  }

  #open() {
    const opened = Journal.open({
      path: "/journal/agt_1.journal",
      clock: this.clock,
      storage: this.storage,
      segmentBytes: this.#segmentBytes,
      onSegmentDue: () => {
        const { account, journal } = this;
        if (account.seq < 0) return;
        const segment = journal.segment + 1;
        journal.startSegment(
          account.toSegmentStart({ segment, newestEpoch: 7 }),
        );
      },
    });
    this.journal = opened.journal;
    return opened.content;
  }

  /** The process dies; the account comes back from its newest segment, up to the candle that it had reached. */
  crash(market: ReturnType<typeof randomMarket>): void {
    const { seq } = this.account;
    const content = this.#open();
    this.account = DeskAccount.recover(content.entries, this.journal);
    while (this.account.seq < seq) {
      this.account.skipDecisions(this.account.seq);
      this.account.step(market[this.account.seq + 1]!);
    }
    this.account.skipDecisions(seq);
  }
}

/** Runs a market through a world that crashes now and then, beside an account that never does. */
async function run(
  options: { seed: number; segmentBytes: number; crashes: readonly number[] },
) {
  const { seed, segmentBytes, crashes } = options;
  const world = new World(segmentBytes);
  const straight = DeskAccount.open({ config: CONFIG });
  const agents = [new ScriptedAgent(seed), new ScriptedAgent(seed)] as const;
  const market = randomMarket(seed, CANDLES);
  const told = [];
  for (const bar of market) {
    const step = straight.step(bar);
    told.push({
      seq: bar.seq,
      hasPosition: step.hasPosition,
      events: structuredClone(step.events),
    });
    const wanted = agents[0].decide(bar, step);
    straight.decide({ type: "decided", seq: bar.seq, actions: wanted });
    const actions = agents[1].decide(bar, world.account.step(bar));
    world.account.decide({ type: "decided", seq: bar.seq, actions });
    // deno-lint-ignore no-await-in-loop -- time for a sync, and so for a segment
    await world.clock.advance(5);
    if (!crashes.includes(bar.seq)) continue;
    world.crash(market);
    assert.deepEqual(world.account.view(), straight.view(), `at ${bar.seq}`);
  }
  assert.deepEqual(world.account.view(), straight.view());
  return { world, told };
}

const runs = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  segmentBytes: fc.integer({ min: 500, max: 20_000 }),
  crashes: fc.array(fc.integer({ min: 0, max: CANDLES - 1 }), {
    maxLength: 12,
  }),
});

Deno.test("Journal in segments gives back the account that never crashed, wherever it crashes", async () => {
  let segments = 0;
  await fc.assert(
    fc.asyncProperty(runs, async (options) => {
      const { world } = await run(options);
      segments += world.journal.segment;
    }),
    { seed: SEED, numRuns: 60 },
  );
  assert.ok(segments > 300, `${segments} segments`);
});

Deno.test("Journal.read() folds over all segments to what the newest one says, with every step that was told", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async (options) => {
      const { world, told } = await run(options);
      const entries = world.journal.read();
      const sink = { append() {} };
      const whole = DeskAccount.recover(entries, sink);
      const newest = decodeJournal(world.storage.bytes, "x").entries;
      assert.deepEqual(
        whole.view(),
        DeskAccount.recover(newest, sink).view(),
      );
      whole.recallSteps(entries);
      for (const { seq, events, hasPosition } of told) {
        if (seq > whole.seq) break;
        const again = whole.steppedAt(seq);
        assert.deepEqual(again.events, events, `step ${seq}`);
        assert.equal(again.hasPosition, hasPosition, `step ${seq}`);
      }
    }),
    { seed: SEED, numRuns: 40 },
  );
});

Deno.test("Journal cut anywhere in its newest segment recovers to a whole transaction, at worst to the segment's beginning", async () => {
  const { world } = await run({ seed: 11, segmentBytes: 6_000, crashes: [] });
  const { bytes } = world.storage;
  const [begin] = decodeJournal(bytes, "x").entries;
  const firstEnd = bytes.indexOf(0x0a) + 1;
  assert.ok(world.journal.segment > 3);
  for (let length = firstEnd; length <= bytes.length; length += 17) {
    const { entries } = decodeJournal(bytes.slice(0, length), "x");
    const account = DeskAccount.recover(entries, { append() {} });
    assert.ok(account.seq >= begin!.mark!.seq);
    assert.equal(account.view().cash, entries.at(-1)!.mark!.cash);
  }
});

Deno.test("DeskAccount.recover() refuses a later segment that does not begin with what the earlier ones add up to", async () => {
  const { world } = await run({ seed: 11, segmentBytes: 6_000, crashes: [] });
  const entries = world.journal.read();
  const begin = entries.findLast(({ record }) =>
    record.type === "ACCOUNT" && record.state !== null
  )!;
  begin.mark!.cash = "1";
  assert.throws(
    () => DeskAccount.recover(entries, { append() {} }),
    /The journal's cash after candle \d+ is 1 /,
  );
});

Deno.test("Journal.startSegment() that the disk refuses leaves everything as it was, and is tried again", async () => {
  const world = new World(2_000);
  const market = randomMarket(11, 10 * CANDLES);
  const agent = new ScriptedAgent(11);
  const decide = async (from: number, to: number) => {
    for (const bar of market.slice(from, to)) {
      const actions = agent.decide(bar, world.account.step(bar));
      world.account.decide({ type: "decided", seq: bar.seq, actions });
      // deno-lint-ignore no-await-in-loop -- time for a sync
      await world.clock.advance(5);
    }
  };
  world.storage.refuse("EMLINK", ["startSegment"]);
  await decide(0, 100);
  assert.equal(world.journal.segment, 1);
  assert.equal(world.journal.failure, null, "the journal itself is taken");
  const length = world.storage.bytes.length;
  assert.equal(decodeJournal(world.storage.bytes, "x").isTorn, false);
  world.storage.mend();
  await decide(100, market.length);
  const [first] = world.journal.endedSegments();
  assert.ok(first!.bytes > length + SEGMENT_RETRY_BYTES / 2);
  assert.ok(world.journal.segment > 1);
  const view = world.account.view();
  world.crash(market);
  assert.deepEqual(world.account.view(), view);
});
