import assert from "node:assert/strict";
import fc from "fast-check";
import { checkIntent } from "../../../agents/risk/controls.ts";
import {
  entryPriceOnStep,
  isOnStep,
  stopPriceOnStep,
  targetPriceOnStep,
} from "../../../agents/risk/market_rules.ts";
import { decimal, ZERO } from "../../../lib/core/decimal.ts";
import {
  type Change,
  controlContext,
  NOW_MS,
  RULES,
  workingEntry,
} from "./venue_context.ts";

/** More often below a limit than above: what passes one of many must pass them all to be accepted. */
const around = (value: number) =>
  fc.oneof(
    { weight: 7, arbitrary: fc.integer({ min: 0, max: value }) },
    { weight: 1, arbitrary: fc.integer({ min: value, max: value * 2 }) },
  );
/** A limit or a balance, more often enough than not. */
const amount = fc.option(
  fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 10_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: 10_000, max: 60_000 }) },
  ).map(String),
);
const phase = fc.constantFrom(
  "queued" as const,
  "sending" as const,
  "open" as const,
  "settling" as const,
  "unknown" as const,
);

/** Contexts on both sides of every limit. */
const change: fc.Arbitrary<Change> = fc.record({
  venue: fc.record({
    drift: fc.constantFrom(null, null, null, null, "They disagree"),
    positionQuantity: fc.option(
      fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: -50, max: 50 }) },
        { weight: 1, arbitrary: fc.integer({ min: -300, max: 300 }) },
      ).map((value) => decimal(value)),
      { freq: 9, nil: null },
    ),
    working: fc.array(phase.map((name) => workingEntry(name)), {
      maxLength: 3,
    }),
    quote: fc.option(
      fc.record({
        at: around(12_000).map((value) => NOW_MS - 12_000 + value),
        bid: fc.constant(100.9),
        ask: fc.constant(101.1),
        bidSize: fc.constant(null),
        askSize: fc.constant(null),
        mark: fc.constantFrom(null, 101, 101, 130),
      }),
      { freq: 9, nil: null },
    ),
    cancelsLastHour: around(100),
    fillsLastHour: fc.integer({ min: 0, max: 2 }),
    shared: fc.record({
      grossNotional: fc.option(amount.map((value) => value ?? "0"), {
        freq: 9,
        nil: null,
      }),
      ordersLastMinute: around(110),
      messagesLastMinute: around(1_100),
      freeBalance: amount,
      freeBalanceAt: around(120_000).map((value) => NOW_MS - value),
    }),
  }),
  safety: fc.record({
    maxOrderNotional: amount,
    maxPositionNotional: amount,
    maxAccountNotional: amount,
  }),
});

Deno.test("checkIntent() at a venue accepts nothing that any limit forbids", () => {
  let accepted = 0;
  fc.assert(
    fc.property(change, (drawn) => {
      const context = controlContext(drawn);
      const result = checkIntent(context);
      if (!result.ok) return;
      accepted++;
      const { venue, safety, risk } = context;
      const { sized, entryPrice } = result;
      const notional = Number(sized.notional);
      const most = (limit: string | null) =>
        limit === null ? Infinity : Number(limit);
      assert.ok(notional <= most(safety.maxOrderNotional));
      const entries = venue!.working.length * 1_000;
      const position = Math.abs(Number(venue!.positionQuantity!)) *
        Number(entryPrice);
      const held = entries + position;
      assert.ok(held + notional <= most(safety.maxPositionNotional) + 1e-6);
      assert.ok(held + notional <= 10_000 * risk.leverage + 1e-6);
      const { shared } = venue!;
      const gross = Number(shared.grossNotional!);
      assert.ok(shared.grossNotional !== null);
      assert.ok(gross + notional <= most(safety.maxAccountNotional) + 1e-6);
      assert.ok(Number(sized.margin) <= Number(shared.freeBalance!));
      assert.ok(NOW_MS - shared.freeBalanceAt! <= 120_000);
      assert.ok(Math.abs(NOW_MS - venue!.quote!.at) <= 10_000);
      assert.notEqual(venue!.quote!.mark, 130);
      assert.ok(venue!.working.every((leg) => leg.phase !== "unknown"));
      assert.equal(venue!.drift, null);
      assert.ok(shared.ordersLastMinute < 120);
      assert.ok(shared.messagesLastMinute < 1_200);
      assert.ok(
        venue!.cancelsLastHour < 100 * Math.max(1, venue!.fillsLastHour),
      );
      assert.ok(isOnStep(sized.quantity, decimal(RULES.quantityStep)));
      assert.ok(isOnStep(entryPrice, decimal(RULES.priceStep)));
    }),
    { numRuns: 2_000 },
  );
  assert.ok(accepted > 0, "no context of the property was accepted");
});

Deno.test("prices on the market's step are never worse than what was decided", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 10_000_000 }),
    fc.constantFrom("0.1", "0.01", "0.05", "0.25", "5", "1"),
    fc.constantFrom("buy" as const, "sell" as const),
    (thousandths, priceStep, side) => {
      const price = decimal(thousandths / 1_000);
      const step = decimal(priceStep);
      const entry = entryPriceOnStep(side, price, { priceStep });
      const stop = stopPriceOnStep(side, price, { priceStep });
      const target = targetPriceOnStep(side, price, { priceStep });
      for (const rounded of [entry, stop, target]) {
        assert.ok(isOnStep(rounded, step));
        assert.ok(rounded.minus(price).abs().lt(step));
      }
      const sign = side === "buy" ? 1 : -1;
      const beyond = (value: typeof price) => value.minus(price).times(sign);
      assert.ok(beyond(entry).lte(ZERO));
      assert.ok(beyond(stop).gte(ZERO));
      assert.ok(beyond(target).lte(ZERO));
    },
  ));
});
