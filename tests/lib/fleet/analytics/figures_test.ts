import assert from "node:assert/strict";
import fc from "fast-check";
import { BREAKDOWNS } from "../../../../lib/contracts/analytics.ts";
import type { Trade } from "../../../../lib/contracts/order.ts";
import { correlate } from "../../../../lib/fleet/analytics/correlation.ts";
import {
  addSums,
  noSums,
  toFigures,
} from "../../../../lib/fleet/analytics/sums.ts";
import { Tally } from "../../../../lib/fleet/analytics/tally.ts";
import {
  fromUnits,
  toRow,
  toUnits,
} from "../../../../lib/fleet/analytics/trade_row.ts";
import { wilsonInterval } from "../../../../lib/fleet/analytics/wilson.ts";
import { createZone } from "../../../../lib/fleet/analytics/zone.ts";
import { decimal, toDecimalText } from "../../../../lib/core/decimal.ts";
import { PLACE, trade } from "./support.ts";

const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
  .map((units) => toDecimalText(decimal(units).div(100_000_000)));

const trades = fc.array(
  fc.record({
    strategy: fc.constantFrom("fvg", "orderBlock", ""),
    entryAt: fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
    holdMs: fc.integer({ min: 0, max: 10 * 86_400_000 }),
    exitRole: fc.constantFrom("stop" as const, "target" as const),
    netPnl: amounts,
    fees: amounts,
    resultR: fc.integer({ min: -50_000, max: 50_000 }).map((parts) =>
      toDecimalText(decimal(parts).div(10_000))
    ),
    regime: fc.option(
      fc.record({
        trend: fc.constantFrom("up" as const, "range" as const, null),
        volatility: fc.constantFrom("low" as const, "high" as const, null),
      }),
      { nil: undefined },
    ),
  }),
  { maxLength: 60 },
).map((drawn) =>
  drawn.map(({ holdMs, regime, ...rest }): Trade =>
    trade({
      ...rest,
      exitAt: rest.entryAt + holdMs,
      ...(regime === undefined ? {} : { regime }),
    })
  )
);

function tallyOf(all: readonly Trade[], place = PLACE): Tally {
  const tally = new Tally();
  for (const one of all) tally.add(toRow(one), place);
  return tally;
}

function figuresOf(tally: Tally): unknown {
  return [
    toFigures(tally.total),
    ...BREAKDOWNS.map((by) =>
      [...tally.groups.get(by)!].map(([key, sums]) => [key, toFigures(sums)])
        .sort()
    ),
    [...tally.days].sort(([a], [b]) => a - b),
  ];
}

Deno.test("Tally has groups of every breakdown that add up to the total", () => {
  fc.assert(fc.property(trades, (all) => {
    const tally = tallyOf(all);
    for (const by of BREAKDOWNS) {
      const sum = noSums();
      for (const group of tally.groups.get(by)!.values()) addSums(sum, group);
      assert.deepEqual(sum, tally.total, by);
    }
    const net = all.reduce((sum, one) => sum.plus(one.netPnl), decimal(0));
    assert.equal(toFigures(tally.total).netPnl, toDecimalText(net));
    const days = [...tally.days.values()].reduce((a, b) => a + b, 0n);
    assert.equal(days, tally.total.netPnl);
  }));
});

Deno.test("Tally gives the same figures whatever the order and the parts it is made of", () => {
  fc.assert(
    fc.property(
      trades.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length }),
          fc.nat({ max: all.length }),
        )
      ),
      ([all, shuffled, cut]) => {
        const whole = figuresOf(tallyOf(all));
        assert.deepEqual(figuresOf(tallyOf(shuffled)), whole);
        const joined = tallyOf(all.slice(0, cut));
        joined.merge(tallyOf(all.slice(cut)));
        assert.deepEqual(figuresOf(joined), whole);
      },
    ),
  );
});

Deno.test("toFigures gives what a hand computes", () => {
  const tally = tallyOf([
    trade(),
    trade({ netPnl: "-4", fees: "0.1", resultR: "-1", exitRole: "stop" }),
    trade({ netPnl: "0", fees: "0", resultR: "0" }),
  ]);
  const { winRateLowPct, winRateHighPct, ...figures } = toFigures(tally.total);
  assert.deepEqual(figures, {
    trades: 3,
    wins: 1,
    winRatePct: 33.3333,
    netPnl: "6",
    fees: "0.3",
    profitFactor: 2.5,
    expectancyR: 0.1667,
    averageHoldMs: 3_600_000,
    isTooFew: true,
  });
  // One of three, by the formula: centre 0.4273, half 0.3658.
  assert.equal(winRateLowPct, 6.1492);
  assert.equal(winRateHighPct, 79.234);
});

Deno.test("toFigures leaves unknown what no trade tells", () => {
  const none = toFigures(noSums());
  assert.equal(none.winRatePct, null);
  assert.equal(none.winRateLowPct, null);
  assert.equal(none.profitFactor, null);
  assert.equal(none.expectancyR, null);
  assert.equal(none.averageHoldMs, null);
  assert.equal(none.netPnl, "0");
  assert.equal(toFigures(tallyOf([trade()]).total).profitFactor, null);
});

Deno.test("Tally keeps what is not known apart from what is zero", () => {
  const { groups } = tallyOf([
    trade(),
    trade({ regime: { trend: "range", volatility: null } }),
  ]);
  assert.deepEqual([...groups.get("trend")!.keys()], [null, "range"]);
  assert.deepEqual([...groups.get("volatility")!.keys()], [null]);
});

Deno.test("Tally counts the closes of its period, the first moment included", () => {
  const { exitAt } = trade();
  const count = (fromAt: number | null, beforeAt: number | null) =>
    tallyOf([trade()], { ...PLACE, fromAt, beforeAt }).total.trades;
  assert.equal(count(exitAt, null), 1);
  assert.equal(count(exitAt + 1, null), 0);
  assert.equal(count(null, exitAt), 0);
  assert.equal(count(null, exitAt + 1), 1);
});

Deno.test("wilsonInterval gives published values", () => {
  // Newcombe (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  const round = (value: number) => Math.round(value * 10_000) / 10_000;
  for (
    const [successes, count, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const
  ) {
    const interval = wilsonInterval(successes, count)!;
    assert.deepEqual([round(interval.low), round(interval.high)], [low, high]);
  }
  assert.equal(wilsonInterval(0, 0), null);
});

Deno.test("toUnits and fromUnits keep every booked amount", () => {
  fc.assert(fc.property(amounts, (amount) => {
    assert.equal(fromUnits(toUnits(amount)), amount);
  }));
  assert.equal(fromUnits(toUnits("-0.00000001")), "-0.00000001");
  assert.equal(
    fromUnits(toUnits("0.123456789012345678905")),
    "0.1234567890123456789",
  );
});

Deno.test("createZone agrees with Intl at every moment, changes of the clock included", () => {
  for (
    const name of [
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
    ]
  ) {
    const zone = createZone(name);
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      hour: "2-digit",
      weekday: "long",
    });
    const days = [
      "Monday",
      "Tuesday",
      "Wednesday",
      "Thursday",
      "Friday",
      "Saturday",
      "Sunday",
    ];
    fc.assert(fc.property(
      fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }),
      (at) => {
        const parts = Object.fromEntries(
          format.formatToParts(at).map(({ type, value }) => [type, value]),
        );
        assert.equal(zone.hourOf(at), Number(parts["hour"]));
        assert.equal(days[zone.weekdayOf(at)], parts["weekday"]);
        const day = zone.dayOf(at);
        assert.equal(zone.dayOf(zone.startOf(day)), day);
        assert.equal(zone.dayOf(zone.startOf(day) - 1), day - 1);
      },
    ));
  }
});

Deno.test("correlate gives −1, 1 and what a hand computes", () => {
  const days = (values: readonly number[]) =>
    new Map(values.map((value, day) => [100 + day, toUnits(String(value))]));
  const rising = Array.from({ length: 20 }, (_, day) => day);
  const [same, opposite] = [
    correlate([
      { id: "a", days: days(rising) },
      { id: "b", days: days(rising.map((value) => 2 * value + 3)) },
    ])[0]!,
    correlate([
      { id: "a", days: days(rising) },
      { id: "b", days: days(rising.map((value) => -value)) },
    ])[0]!,
  ];
  assert.deepEqual(same, { one: "a", other: "b", days: 20, coefficient: 1 });
  assert.equal(opposite.coefficient, -1);
  const flat = correlate([
    { id: "a", days: days(rising) },
    { id: "b", days: days(rising.map(() => 1)) },
  ])[0]!;
  assert.equal(flat.coefficient, null);
  const short = correlate([
    { id: "a", days: days(rising) },
    { id: "b", days: days(rising.slice(0, 19)) },
  ])[0]!;
  assert.deepEqual([short.days, short.coefficient], [19, null]);
});
