import assert from "node:assert/strict";
import fc from "fast-check";
import {
  binanceLiquidationPrice,
  bybitLiquidationPrice,
  fundingPayment,
  gateLiquidationPrice,
  initialMargin,
  isLiquidated,
  type LinearPosition,
  type Maintenance,
  maintenanceMargin,
  maintenanceTiers,
  marginRatio,
  tieredLiquidationPrice,
  tierOf,
  unrealisedPnl,
} from "../../../agents/risk/liquidation.ts";
import type { Direction } from "../../../lib/contracts/primitives.ts";
import {
  type Decimal,
  decimal,
  roundTo,
  toDecimalText,
} from "../../../lib/core/decimal.ts";

/** The published digits and no more: values are compared as they are printed. */
function printed(price: Decimal, places: number): string {
  return toDecimalText(roundTo(price, places));
}

/** Example that Binance publishes for two positions in one wallet. */
const WALLET = decimal("1535443.01");
interface Held {
  position: LinearPosition;
  maintenance: Maintenance;
  markPrice: Decimal;
}
const ETH: Held = {
  position: {
    direction: "long",
    quantity: decimal("3683.979"),
    entryPrice: decimal("1456.84"),
  },
  maintenance: { rate: decimal("0.10"), amount: decimal("135365") },
  markPrice: decimal("1335.18"),
};
const BTC: Held = {
  position: {
    direction: "long",
    quantity: decimal("109.488"),
    entryPrice: decimal("32481.98"),
  },
  maintenance: { rate: decimal("0.025"), amount: decimal("16300") },
  markPrice: decimal("31967.27"),
};

function cross(own: Held, other: Held): Decimal {
  const notional = other.position.quantity.times(other.markPrice);
  return binanceLiquidationPrice({
    position: own.position,
    maintenance: own.maintenance,
    wallet: WALLET,
    others: {
      maintenance: maintenanceMargin(notional, other.maintenance),
      unrealisedPnl: unrealisedPnl(other.position, other.markPrice),
    },
  });
}

Deno.test("binanceLiquidationPrice() equals the published example in cross margin", () => {
  assert.equal(printed(cross(ETH, BTC), 2), "1153.26");
  assert.equal(printed(cross(BTC, ETH), 2), "26316.89");
});

Deno.test("binanceLiquidationPrice() equals the published example in isolated margin", () => {
  assert.equal(
    printed(binanceLiquidationPrice({ ...ETH, wallet: WALLET }), 2),
    "1114.78",
  );
  assert.equal(
    printed(binanceLiquidationPrice({ ...BTC, wallet: WALLET }), 2),
    "18778.73",
  );
});

const TEN = decimal("10");
const RATE = decimal("0.01");
const at = (direction: Direction, leverage: number) => ({
  direction,
  entryPrice: TEN,
  leverage,
  maintenanceRate: RATE,
  takerRate: decimal("0.0006"),
  marginPerUnit: initialMargin(TEN, leverage),
});

Deno.test("binanceLiquidationPrice() equals the published values of one unit at 10", () => {
  const price = (direction: Direction) =>
    printed(
      binanceLiquidationPrice({
        position: { direction, quantity: decimal("1"), entryPrice: TEN },
        wallet: decimal("2"),
        maintenance: { rate: RATE, amount: decimal("0.01") },
      }),
      6,
    );
  assert.equal(price("long"), "8.070707");
  assert.equal(price("short"), "11.891089");
});

Deno.test("gateLiquidationPrice() equals the published values", () => {
  assert.equal(printed(gateLiquidationPrice(at("long", 5)), 6), "8.085709");
  assert.equal(printed(gateLiquidationPrice(at("short", 5)), 6), "11.874134");
});

Deno.test("bybitLiquidationPrice() equals the published values", () => {
  const price = (direction: Direction, leverage: number) =>
    toDecimalText(bybitLiquidationPrice(at(direction, leverage)));
  assert.equal(price("long", 5), "8.1");
  assert.equal(price("long", 10), "9.1");
  assert.equal(price("short", 5), "11.9");
  assert.equal(price("short", 10), "10.9");
});

const TIERS = maintenanceTiers([
  { fromNotional: decimal("0"), rate: decimal("0.004") },
  { fromNotional: decimal("50000"), rate: decimal("0.005") },
  { fromNotional: decimal("250000"), rate: decimal("0.01") },
  { fromNotional: decimal("1000000"), rate: decimal("0.025") },
]);

Deno.test("maintenanceTiers() derives the amounts that venues publish for such rates", () => {
  assert.deepEqual(
    TIERS.map(({ amount }) => toDecimalText(amount)),
    ["0", "50", "1300", "16300"],
  );
});

Deno.test("tierOf() begins a tier at its notional, not below it", () => {
  assert.equal(tierOf(decimal("49999.99"), TIERS), TIERS[0]);
  assert.equal(tierOf(decimal("50000"), TIERS), TIERS[1]);
  assert.equal(tierOf(decimal("9000000"), TIERS), TIERS[3]);
});

Deno.test("maintenanceMargin() joins the tiers without a step", () => {
  for (const [index, tier] of TIERS.entries()) {
    if (index === 0) continue;
    const below = maintenanceMargin(tier.fromNotional, TIERS[index - 1]!);
    assert.ok(maintenanceMargin(tier.fromNotional, tier).eq(below));
  }
});

Deno.test("tieredLiquidationPrice() is where the margin balance meets the maintenance of its own tier", () => {
  fc.assert(fc.property(
    fc.constantFrom<Direction>("long", "short"),
    fc.integer({ min: 1, max: 5_000_000 }),
    fc.integer({ min: 100, max: 10_000_000 }),
    fc.integer({ min: 1, max: 100 }),
    (direction, thousandths, cents, leverage) => {
      const position: LinearPosition = {
        direction,
        quantity: decimal(thousandths / 1_000),
        entryPrice: decimal(cents / 100),
      };
      const notional = position.quantity.times(position.entryPrice);
      const wallet = initialMargin(notional, leverage);
      const price = tieredLiquidationPrice({ position, wallet, tiers: TIERS });
      if (price.lte("0")) return;
      const margined = { position, wallet, tiers: TIERS };
      const worse = decimal(direction === "long" ? "0.9999" : "1.0001");
      const better = decimal(direction === "long" ? "1.0001" : "0.9999");
      assert.ok(isLiquidated({ ...margined, markPrice: price.times(worse) }));
      assert.ok(!isLiquidated({ ...margined, markPrice: price.times(better) }));
    },
  ));
});

Deno.test("fundingPayment() is paid by a long and received by a short at a positive rate", () => {
  const payment = (direction: Direction, rate: string) =>
    toDecimalText(fundingPayment({
      position: { direction, quantity: decimal("2") },
      markPrice: decimal("100"),
      rate: decimal(rate),
    }));
  assert.equal(payment("long", "0.0001"), "0.02");
  assert.equal(payment("short", "0.0001"), "-0.02");
  assert.equal(payment("short", "-0.0001"), "0.02");
});

Deno.test("marginRatio() is unknown without a positive balance", () => {
  assert.equal(marginRatio(decimal("1"), decimal("0")), null);
  assert.equal(toDecimalText(marginRatio(decimal("1"), decimal("4"))!), "0.25");
});
