import assert from "node:assert/strict";
import fc from "fast-check";
import {
  fundingTimes,
  orderDelay,
  PRESET_COSTS,
  tradingCosts,
} from "../../../agents/execution/costs.ts";
import { matchOrder } from "../../../agents/execution/matching.ts";
import { costsConfigSchema } from "../../../lib/contracts/costs.ts";
import { toDecimalText } from "../../../lib/core/decimal.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import type { JournalEntry } from "../../../lib/desk/journal/records.ts";
import {
  accountConfig,
  candle,
  type ConfigChange,
  MINUTE_MS,
  randomMarket,
  ScriptedAgent,
  START_AT,
  submit,
} from "./support.ts";

const HOUR_MS = 60 * MINUTE_MS;

Deno.test("costsConfigSchema presets are the costs of accounts without any", () => {
  assert.deepEqual(costsConfigSchema.parse({}), PRESET_COSTS);
});

Deno.test("orderDelay() is whole candles and a part of the one the order arrives in", () => {
  assert.equal(orderDelay(0, MINUTE_MS), null);
  assert.equal(orderDelay(500, 0), null);
  assert.deepEqual(orderDelay(15_000, MINUTE_MS), { candles: 0, share: 0.25 });
  assert.deepEqual(orderDelay(150_000, MINUTE_MS), { candles: 2, share: 0.5 });
});

Deno.test("fundingTimes() counts 00:00, 08:00 and 16:00 UTC, the later end included", () => {
  assert.equal(fundingTimes(START_AT, START_AT + 8 * HOUR_MS - 1), 0);
  assert.equal(fundingTimes(START_AT, START_AT + 8 * HOUR_MS), 1);
  assert.equal(fundingTimes(START_AT - 1, START_AT + 24 * HOUR_MS), 4);
});

const LATE = { side: "buy", role: "entry", placedSeq: 0 } as const;

Deno.test("matchOrder() lets a late order rest until it arrives, and fills a market order on the way to the worse extreme", () => {
  const costs = tradingCosts({ ...PRESET_COSTS, slippageBp: 0 });
  const bar = candle(2, { open: 100, close: 101, high: 104, low: 98 });
  const delay = { candles: 1, share: 0.25 };
  const market = { ...LATE, type: "market", price: null, delay } as const;
  assert.equal(matchOrder(market, { ...bar, seq: 1 }, costs), null);
  const bought = matchOrder(market, bar, costs)!;
  assert.equal(toDecimalText(bought.price), "101");
  assert.equal(bought.atOpen, false);
  const sold = matchOrder({ ...market, side: "sell" }, bar, costs)!;
  assert.equal(toDecimalText(sold.price), "99.5");
});

Deno.test("matchOrder() does not give a late limit the better open that it missed", () => {
  const delay = { candles: 0, share: 0.5 };
  const limit = { ...LATE, type: "limit", price: 100, delay } as const;
  const bar = candle(1, { open: 99, close: 99, high: 101, low: 98 });
  const late = matchOrder(limit, bar)!;
  assert.deepEqual([toDecimalText(late.price), late.liquidity], [
    "100",
    "taker",
  ]);
  // From the next candle on it has arrived, and rests.
  const resting = matchOrder(limit, { ...bar, seq: 2 })!;
  assert.deepEqual([toDecimalText(resting.price), resting.liquidity], [
    "99",
    "maker",
  ]);
});

/** A long of one day of hours at flat prices of 100, closed by its target. */
function holdForADay(change: ConfigChange) {
  const account = DeskAccount.open({ config: accountConfig(change) });
  const hour = (seq: number, prices: Parameters<typeof candle>[1]) =>
    account.step(
      candle(seq, { openAt: START_AT + HOUR_MS * (seq + 1), ...prices }),
    );
  hour(0, { close: 100 });
  account.decide(submit(0, { stopPrice: 90, targetPrice: 120 }));
  for (let seq = 1; seq < 24; seq++) {
    hour(seq, { close: 100 });
    account.decide({ type: "decided", seq, actions: [] });
  }
  hour(24, { open: 100, close: 121, high: 121 });
  return account;
}

Deno.test("DeskAccount books funding by hand: three times a day, at the close before, apart from fees", () => {
  const free = holdForADay({ costs: {} });
  const paying = holdForADay({ costs: { fundingBpPer8h: 10 } });
  const [{ quantity, netPnl: before, funding: none }] = free.drainReport()
    .trades as [ReturnType<typeof free.drainReport>["trades"][number]];
  assert.equal(none, undefined);
  const [trade] = paying.drainReport().trades;
  // 08:00, 16:00 and 00:00 lie between the entry at 02:00 and the exit at 01:00.
  const funding = 3 * Number(quantity) * 100 * 0.001;
  assert(Math.abs(Number(trade!.funding) - funding) < 1e-8);
  assert.equal(trade!.fees, free.view().feesPaid);
  assert(Math.abs(Number(before) - funding - Number(trade!.netPnl)) < 1e-8);
  const view = paying.view();
  assert.equal(view.fundingPaid, trade!.funding);
  assert(
    Math.abs(10_000 + Number(trade!.netPnl) - Number(view.equity)) < 1e-8,
  );
});

Deno.test("DeskAccount pays a long where funding is negative", () => {
  const received = holdForADay({ costs: { fundingBpPer8h: -10 } });
  assert(Number(received.view().fundingPaid) < 0);
  assert(Number(received.view().cash) > Number(holdForADay({}).view().cash));
});

function runScript(seed: number, change: ConfigChange) {
  const entries: JournalEntry[] = [];
  const account = DeskAccount.open({
    config: accountConfig({ candleMs: 15 * MINUTE_MS, ...change }),
    sink: { append: (records) => void entries.push(...records) },
  });
  const agent = new ScriptedAgent(seed);
  for (const bar of randomMarket(seed, 400)) {
    const actions = agent.decide(bar, account.step(bar));
    account.decide({ type: "decided", seq: bar.seq, actions });
  }
  // Ends with a record, because a recovery goes back to the last of them.
  account.setEntries({ allowed: false, reason: "The test has ended" });
  return { account, entries };
}

Deno.test("DeskAccount.recover() folds funding and late orders to the same account", () => {
  for (const seed of [1, 2, 3]) {
    const { account, entries } = runScript(seed, {
      costs: { fundingBpPer8h: 4, latencyMs: 400_000 },
    });
    const types = new Set(entries.map(({ record }) => record.type));
    assert(types.has("FUNDING"), `seed ${seed}`);
    const copy = JSON.parse(JSON.stringify(entries)) as JournalEntry[];
    const recovered = DeskAccount.recover(copy, { append: () => {} });
    assert.deepEqual(recovered.view(), account.view(), `seed ${seed}`);
    // A segment that begins here says the same.
    const start = account.toSegmentStart({ segment: 2, newestEpoch: 0 });
    const again = DeskAccount.recover(
      [JSON.parse(JSON.stringify(start))],
      { append: () => {} },
    );
    assert.deepEqual(again.view(), account.view(), `seed ${seed}`);
  }
});

/** Net result of one fixed long: entered at market, closed by stop or target. */
function fixedTrade(costs: ConfigChange["costs"], falls: boolean): number {
  const account = DeskAccount.open({
    config: accountConfig({ candleMs: MINUTE_MS, costs: costs ?? {} }),
  });
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0, { stopPrice: 95, targetPrice: 110 }));
  account.step(candle(1, { close: 100, high: 100.5, low: 99.5 }));
  for (let seq = 2; seq < 6; seq++) {
    const openAt = START_AT + seq * 8 * HOUR_MS;
    account.step(candle(seq, { close: 100, openAt }));
    account.decide({ type: "decided", seq, actions: [] });
  }
  const openAt = START_AT + 50 * HOUR_MS;
  const to = falls ? 94 : 111;
  account.step(candle(6, { open: 100, close: to, openAt }));
  const [trade] = account.drainReport().trades;
  // By unit, because dearer trades are sized smaller.
  return Number(trade!.netPnl) / Number(trade!.quantity);
}

Deno.test("higher costs never better a fixed trade", () => {
  const cost = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(
      cost(30),
      cost(30),
      cost(30),
      cost(50_000),
      cost(20),
      fc.constantFrom<keyof typeof PRESET_COSTS>(
        "makerFeeBp",
        "takerFeeBp",
        "slippageBp",
        "latencyMs",
        "fundingBpPer8h",
      ),
      fc.boolean(),
      (
        makerFeeBp,
        takerFeeBp,
        slippageBp,
        latencyMs,
        fundingBpPer8h,
        ...rest
      ) => {
        const [key, falls] = rest;
        const costs = {
          makerFeeBp,
          takerFeeBp,
          slippageBp,
          latencyMs,
          fundingBpPer8h,
        };
        const dearer = { ...costs, [key]: costs[key] + 5 };
        assert(
          fixedTrade(dearer, falls) <= fixedTrade(costs, falls) + 1e-9,
          `${key} ${JSON.stringify(costs)}`,
        );
      },
    ),
    { numRuns: 60 },
  );
});
