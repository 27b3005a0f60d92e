import assert from "node:assert/strict";
import fc from "fast-check";
import {
  applyFill,
  averageEntryPrice,
  type ClosedRoundTrip,
  type Ledger,
  openLedger,
  realizedPnl,
} from "../../../agents/portfolio/ledger.ts";
import { equityAt } from "../../../agents/portfolio/valuation.ts";
import type { Fill } from "../../../lib/contracts/order.ts";
import {
  decimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../../lib/core/decimal.ts";

const SEED = 20_260_801;

function fill(id: string, change: Partial<Fill>): Fill {
  return {
    fillId: id,
    orderId: id,
    intentId: "1.0",
    role: "entry",
    side: "buy",
    price: "100",
    quantity: "1",
    fee: "0",
    liquidity: "taker",
    seq: 1,
    at: 1000,
    ...change,
  };
}

function fold(fills: readonly Fill[]) {
  const closed: ClosedRoundTrip[] = [];
  let ledger = openLedger("10000");
  for (const next of fills) {
    const step = applyFill(ledger, next);
    ledger = step.ledger;
    if (step.closed !== null) closed.push(step.closed);
  }
  return { ledger, closed };
}

/** Round trips of one entry and one to three exits, long or short, as the desk makes them. */
const roundTrips = fc.array(
  fc.record({
    isLong: fc.boolean(),
    entry: fc.integer({ min: 100, max: 9_000_000 }),
    exits: fc.array(fc.integer({ min: 100, max: 9_000_000 }), {
      minLength: 1,
      maxLength: 3,
    }),
    quantity: fc.integer({ min: 3, max: 500_000 }),
    fee: fc.integer({ min: 0, max: 900 }),
  }),
  { maxLength: 12 },
).map((trips) =>
  trips.flatMap((trip, index) => {
    const part = Math.floor(trip.quantity / trip.exits.length);
    const shared = { fee: `${trip.fee / 100}`, seq: index };
    const [enter, leave] = trip.isLong
      ? ["buy", "sell"] as const
      : ["sell", "buy"] as const;
    const text = (value: number) => toDecimalText(decimal(value));
    return [
      fill(`${index}-in`, {
        ...shared,
        side: enter,
        price: text(trip.entry / 100),
        quantity: text(part * trip.exits.length / 100_000),
      }),
      ...trip.exits.map((price, exit) =>
        fill(`${index}-out-${exit}`, {
          ...shared,
          role: "stop",
          side: leave,
          price: text(price / 100),
          quantity: text(part / 100_000),
        })
      ),
    ];
  })
);

Deno.test("applyFill() books a long round trip with its fees", () => {
  const { ledger, closed } = fold([
    fill("a", { price: "100", quantity: "2", fee: "0.1" }),
    fill("b", {
      side: "sell",
      role: "target",
      price: "110",
      quantity: "2",
      fee: "0.2",
      seq: 5,
      at: 5000,
    }),
  ]);
  assert.equal(ledger.cashText, "10019.7");
  assert.equal(toDecimalText(ledger.feesPaid), "0.3");
  assert.deepEqual([ledger.trades, ledger.wins, ledger.losses], [1, 1, 0]);
  assert.equal(ledger.position, null);
  const [trip] = closed;
  assert.equal(toDecimalText(trip!.netPnl), "19.7");
  assert.equal(trip!.direction, "long");
  assert.equal(trip!.exitRole, "target");
  assert.deepEqual([trip!.entrySeq, trip!.exitSeq], [1, 5]);
});

Deno.test("applyFill() books a losing short", () => {
  const { ledger, closed } = fold([
    fill("a", { side: "sell", price: "100", quantity: "2" }),
    fill("b", { side: "buy", role: "stop", price: "103", quantity: "2" }),
  ]);
  assert.equal(toDecimalText(closed[0]!.netPnl), "-6");
  assert.deepEqual([ledger.trades, ledger.wins, ledger.losses], [1, 0, 1]);
});

Deno.test("applyFill() averages the entry of a position that is added to", () => {
  const { ledger } = fold([
    fill("a", { price: "100", quantity: "1" }),
    fill("b", { price: "103", quantity: "2" }),
  ]);
  assert.equal(toDecimalText(averageEntryPrice(ledger.position!)), "102");
  assert.equal(toDecimalText(ledger.position!.quantity), "3");
});

Deno.test("applyFill() ignores a fill whose id it knows", () => {
  const first = fold([fill("a", {})]).ledger;
  const again = applyFill(first, fill("a", { quantity: "5" }));
  assert.equal(again.ledger, first);
  assert.equal(again.closed, null);
});

Deno.test("applyFill() refuses an exit larger than the position", () => {
  const { ledger } = fold([fill("a", { quantity: "1" })]);
  assert.throws(
    () => applyFill(ledger, fill("b", { side: "sell", quantity: "1.5" })),
    /exceed the open 1/,
  );
});

Deno.test("applyFill() refuses a fill without price or quantity", () => {
  assert.throws(() => fold([fill("a", { quantity: "0" })]), /positive/);
  assert.throws(() => fold([fill("a", { price: "-1" })]), /positive/);
});

Deno.test("applyFill() keeps the sum of all trades equal to the realised result", () => {
  fc.assert(
    fc.property(roundTrips, (fills) => {
      const { ledger, closed } = fold(fills);
      const sum = closed.reduce(
        (total, { netPnl }) => total.plus(netPnl),
        ZERO,
      );
      assert.equal(toDecimalText(sum), toDecimalText(realizedPnl(ledger)));
    }),
    { seed: SEED },
  );
});

Deno.test("applyFill() keeps capital + realised + unrealised equal to equity after every fill", () => {
  fc.assert(
    fc.property(
      roundTrips,
      fc.integer({ min: 100, max: 9_000_000 }),
      (fills, cents) => {
        const close = cents / 100;
        for (let count = 0; count <= fills.length; count++) {
          const { ledger } = fold(fills.slice(0, count));
          const { position } = ledger;
          const value = position === null ? ZERO : toBooked(
            decimal(close).times(position.quantity).minus(position.cost)
              .times(position.direction === "long" ? 1 : -1),
          );
          assert.ok(equityAt(ledger, close)!.eq(ledger.cash.plus(value)));
          assert.ok(
            ledger.cash.eq(ledger.initialCapital.plus(realizedPnl(ledger))),
          );
        }
      },
    ),
    { seed: SEED, numRuns: 50 },
  );
});

Deno.test("applyFill() gives the same ledger in one fold and in two", () => {
  fc.assert(
    fc.property(roundTrips, fc.nat(60), (fills, at) => {
      const whole = fold(fills).ledger;
      let parts: Ledger = fold(fills.slice(0, at)).ledger;
      for (const next of fills.slice(at)) parts = applyFill(parts, next).ledger;
      assert.deepEqual(describe(parts), describe(whole));
    }),
    { seed: SEED },
  );
});

Deno.test("applyFill() changes nothing when every fill comes twice", () => {
  fc.assert(
    fc.property(roundTrips, (fills) => {
      const twice = fills.flatMap((next) => [next, next]);
      assert.deepEqual(
        describe(fold(twice).ledger),
        describe(fold(fills).ledger),
      );
    }),
    { seed: SEED },
  );
});

function describe(ledger: Ledger) {
  return JSON.parse(JSON.stringify(ledger));
}
