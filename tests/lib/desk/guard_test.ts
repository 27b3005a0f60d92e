import assert from "node:assert/strict";
import type {
  GuardAtDesk,
  GuardDemand,
  GuardedFacts,
  GuardLatch,
} from "../../../lib/contracts/guard.ts";
import { FACTS_EVERY_MS } from "../../../lib/desk/guard/limits.ts";
import { attached, Bench, CANDLES } from "./program_world.ts";
import { submit } from "./support.ts";

const LINK = "guarded:agt_guard";
const GUARDS: readonly GuardAtDesk[] = [{
  guardId: "agt_guard",
  accounts: [{
    agentId: "agt_1",
    market: "BTC/USDT",
    hedgeMarket: null,
    clock: "simulated",
  }],
}];
const REASON = 'Risk manager "warden": The drawdown is 12 %, the limit is 10 %';

function demand(change: Partial<GuardDemand> = {}): GuardDemand {
  return {
    state: "reducing",
    code: "RISK_DRAWDOWN",
    reason: REASON,
    ruleId: "drawdown_pct",
    flattens: false,
    ...change,
  };
}

function latch(id: number, change: Partial<GuardDemand> = {}): GuardLatch {
  return { ...demand({ state: "halted", ...change }), id };
}

/** A desk with one account and a risk manager at the other end. */
function guarded(options: ConstructorParameters<typeof Bench>[1] = {}): Bench {
  const bench = attached({ candleMs: 60_000 }, { guards: GUARDS, ...options });
  bench.desk.linkOpened!(LINK, { peerId: "agt_guard", peerEpoch: 1 });
  return bench;
}

function say(
  bench: Bench,
  said: { current?: GuardDemand | null; latched?: GuardLatch | null },
): void {
  void bench.desk.receive(LINK, {
    type: "guardState",
    current: null,
    latched: null,
    ...said,
  });
}

function facts(bench: Bench): GuardedFacts[] {
  return bench.sent.filter(({ link }) => link === LINK).map(({ message }) =>
    message as GuardedFacts
  );
}

async function account(bench: Bench) {
  return (await bench.ask({ type: "account" })).account;
}

Deno.test("desk denies entries with the sentence of a risk manager, withdraws those that rest, and lets exits pass", async () => {
  for (
    const [state, code] of [
      ["reducing", "TRADING_REDUCING"],
      ["halted", "TRADING_HALTED"],
    ] as const
  ) {
    const bench = guarded();
    bench.candle(0);
    bench.agent(submit(0));
    bench.step(1);
    assert.notEqual((await account(bench)).position, null);
    say(bench, { current: demand({ state }) });
    const held = await account(bench);
    assert.equal(held.tradingState, state);
    assert.equal(held.tradingStateReason, REASON);
    assert.notEqual(held.position, null, "it is not closed");
    bench.candle(2);
    bench.agent(submit(2));
    bench.step(3);
    const denied = bench.steps().flatMap(({ events }) => events)
      .find(({ type }) => type === "OrderDenied");
    assert(denied?.type === "OrderDenied");
    assert.equal(denied.code, code);
    assert.match(denied.detail, /Risk manager "warden": The drawdown is 12 %/);
    bench.candle(4);
    bench.agent({
      type: "decided",
      seq: 4,
      actions: [{ kind: "close", reason: "enough" }],
    });
    bench.step(5);
    assert.equal((await account(bench)).position, null);
    say(bench, {});
    assert.equal((await account(bench)).tradingState, "active");
  }
});

Deno.test("desk withdraws a resting entry when a risk manager holds, and closes a position once where it says so", async () => {
  const bench = guarded();
  bench.candle(0);
  bench.agent(submit(0, { entry: { type: "limit", price: 99 } }));
  assert.equal((await account(bench)).openOrders.length, 1);
  say(bench, { current: demand() });
  assert.equal((await account(bench)).openOrders.length, 0);
  say(bench, {});
  bench.candle(1);
  bench.agent(submit(1));
  bench.step(2);
  assert.notEqual((await account(bench)).position, null);
  say(bench, { current: demand({ state: "halted", flattens: true }) });
  const flat = await account(bench);
  assert.equal(flat.position, null);
  assert.equal(flat.trades, 1);
});

Deno.test("desk keeps what a risk manager wants over its own restart, the guard's silence and another link", async () => {
  const bench = guarded();
  bench.step(0);
  say(bench, { current: demand(), latched: latch(7) });
  bench.desk.linkClosed!(LINK);
  await bench.clock.advance(600_000);
  assert.equal((await account(bench)).tradingState, "halted");
  const next = guarded({ storage: bench.storage });
  assert.equal((await account(next)).tradingState, "halted");
  await next.clock.advance(FACTS_EVERY_MS);
  const [first] = facts(next);
  const told = first!.accounts[0]!.hold;
  assert.equal(told.latched?.id, 7);
  assert.equal(told.current?.ruleId, "drawdown_pct");
});

Deno.test("desk lets go of what a risk manager that is taken away has not latched", async () => {
  const bench = guarded();
  bench.step(0);
  say(bench, { current: demand() });
  await bench.ask({ type: "setGuards", guards: [] });
  assert.equal((await account(bench)).tradingState, "active");
  await bench.ask({ type: "setGuards", guards: GUARDS });
  say(bench, { latched: latch(3) });
  await bench.ask({ type: "setGuards", guards: [] });
  assert.equal((await account(bench)).tradingState, "halted");
  // What comes late from one that is gone is not taken.
  say(bench, { current: demand({ state: "halted" }) });
  await bench.ask({ type: "rearm", commandId: "cmd_1", reason: "seen" });
  assert.equal((await account(bench)).tradingState, "active");
});

Deno.test("desk releases a latch for one account by re-arming it, and for all by re-arming the guard", async () => {
  const bench = guarded();
  bench.step(0);
  say(bench, { latched: latch(3) });
  await bench.ask({ type: "rearm", commandId: "cmd_1", reason: "seen" });
  assert.equal((await account(bench)).tradingState, "active");
  // The guard has not heard of it yet.
  say(bench, { latched: latch(3) });
  assert.equal((await account(bench)).tradingState, "active");
  say(bench, { latched: latch(4) });
  assert.equal((await account(bench)).tradingState, "halted");
  await bench.ask({ type: "releaseGuard", guardId: "agt_guard" });
  assert.equal((await account(bench)).tradingState, "active");
  await bench.clock.advance(FACTS_EVERY_MS);
  const newest = facts(bench).at(-1)!.accounts[0]!.hold;
  assert.equal(newest.latched, null);
  assert(newest.releasedId >= 4);
});

Deno.test("desk tells a risk manager everything on opening, then what changed, together and not more often than it may", async () => {
  const bench = attached({ candleMs: 60_000 }, { guards: GUARDS });
  for (let seq = 0; seq < 5; seq++) bench.step(seq, 100 + seq);
  bench.desk.linkOpened!(LINK, { peerId: "agt_guard", peerEpoch: 1 });
  await bench.clock.advance(FACTS_EVERY_MS);
  const [first, ...rest] = facts(bench);
  assert.deepEqual(rest, []);
  const [told] = first!.accounts;
  assert.deepEqual(
    [...told!.closes[0]!.closes].filter((_, index) => index % 2 === 1),
    [100, 101, 102, 103, 104],
  );
  assert.equal(told!.equity, "10000");
  assert.deepEqual([told!.markets, told!.clock], [["BTC/USDT"], "simulated"]);
  // Without room at the far end nothing is sent, and nothing is lost.
  bench.credits = 0;
  for (let seq = 5; seq < 9; seq++) bench.step(seq, 100 + seq);
  await bench.clock.advance(2_000);
  assert.equal(facts(bench).length, 1);
  bench.credits = 64;
  bench.desk.credited!(LINK);
  await bench.clock.advance(FACTS_EVERY_MS);
  const newest = facts(bench).slice(1);
  assert.equal(newest.length, 1);
  assert.deepEqual(
    [...newest[0]!.accounts[0]!.closes[0]!.closes].filter((_, index) =>
      index % 2 === 1
    ),
    [105, 106, 107, 108],
  );
  // A beat says that the desk lives.
  await bench.clock.advance(1_000);
  assert.deepEqual(facts(bench).at(-1)!.accounts, []);
});

Deno.test("desk values an account in real time at the last quote it heard, and knows nothing without one", async () => {
  const bench = attached(
    { candleMs: 60_000, pacing: "realtime" },
    { guards: GUARDS },
  );
  bench.candle(0);
  bench.agent(submit(0));
  bench.step(1);
  bench.desk.linkOpened!(LINK, { peerId: "agt_guard", peerEpoch: 1 });
  await bench.clock.advance(FACTS_EVERY_MS);
  const before = facts(bench).at(-1)!.accounts[0]!;
  assert.equal(before.isRealtime, true);
  assert.equal(before.equity, null);
  assert.equal(before.positions[0]!.markPrice, null);
  const heardAt = bench.clock.nowMs();
  void bench.desk.receive(CANDLES, {
    type: "quote",
    quote: {
      at: heardAt,
      bid: 101,
      ask: 103,
      bidSize: null,
      askSize: null,
      mark: null,
    },
  });
  await bench.clock.advance(FACTS_EVERY_MS);
  const after = facts(bench).at(-1)!.accounts[0]!;
  assert.equal(after.positions[0]!.markPrice, "102");
  assert.equal(after.markAt, heardAt);
  assert.notEqual(after.equity, null);
});
