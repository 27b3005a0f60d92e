import assert from "node:assert/strict";
import fc from "fast-check";
import { fleetRiskSchema } from "../../../../lib/contracts/answers/risk.ts";
import type { AccountView } from "../../../../lib/contracts/account.ts";
import type {
  FleetRisk,
  RiskLimit,
} from "../../../../lib/contracts/fleet_risk.ts";
import type { StopView } from "../../../../lib/contracts/emergency.ts";
import { assembleRisk } from "../../../../lib/fleet/risk/assemble.ts";
import { latch } from "../../desk/emergency_world.ts";
import { fact, type FactChange, input, position } from "./support.ts";

const limitOf = (risk: FleetRisk, limit: RiskLimit["limit"]) =>
  risk.limits.filter((row) => row.limit === limit);

/** Cents as decimal text: the exact arithmetic that sums are held against. */
const inCents = (cents: bigint): string => {
  const sign = cents < 0n ? "-" : "";
  const size = cents < 0n ? -cents : cents;
  return `${sign}${size / 100n}.${String(size % 100n).padStart(2, "0")}`;
};
const toCents = (text: string): bigint => {
  const [whole = "0", part = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole) * 100n + BigInt(part.padEnd(2, "0"));
  return text.startsWith("-") ? -size : size;
};

const agentArbitrary = fc.record({
  symbol: fc.constantFrom("BTC/USDT", "ETH/USDT", "BTC/EUR", "ETH/EUR"),
  mode: fc.constantFrom<"paper" | "live">("paper", "live"),
  equityCents: fc.option(fc.bigInt(1n, 10n ** 15n), { nil: null }),
  dayCents: fc.bigInt(-(10n ** 9n), 10n ** 9n),
  direction: fc.constantFrom<"long" | "short">("long", "short"),
  quantity: fc.integer({ min: 1, max: 1_000_000 }),
  priceCents: fc.option(fc.bigInt(1n, 10n ** 9n), { nil: null }),
  drawdownPct: fc.integer({ min: 0, max: 60 }),
});
type Drawn = typeof agentArbitrary extends fc.Arbitrary<infer T> ? T : never;

function toFact(one: Drawn, index: number) {
  const change: FactChange = {
    config: { symbol: one.symbol, mode: one.mode, exchangeKeyId: "key_1" },
    account: {
      equity: one.equityCents === null ? null : inCents(one.equityCents),
      dayPnl: inCents(one.dayCents),
      drawdownPct: one.drawdownPct,
      position: position(
        one.direction,
        String(one.quantity),
        one.priceCents === null ? null : inCents(one.priceCents),
      ),
    },
  };
  return fact(`agt_${index}`, change);
}

Deno.test("assembleRisk adds exactly, and only what is of one currency and mode", () => {
  fc.assert(
    fc.property(fc.array(agentArbitrary, { maxLength: 12 }), (drawn) => {
      const { money, exposure } = assembleRisk(input(drawn.map(toFact)));
      for (const row of money) {
        const members = drawn.filter(({ symbol, mode }) =>
          mode === row.mode && symbol.endsWith(`/${row.currency}`)
        );
        const known = members.flatMap(({ equityCents }) => equityCents ?? []);
        assert.equal(row.agents, members.length);
        assert.equal(row.known, known.length);
        assert.equal(
          row.equity === null ? null : toCents(row.equity),
          known.length === 0 ? null : known.reduce((a, b) => a + b),
        );
        assert.equal(
          toCents(row.dayPnl!),
          members.reduce((sum, { dayCents }) => sum + dayCents, 0n),
        );
      }
      for (const row of exposure) {
        for (const side of ["long", "short"] as const) {
          const held = drawn.filter(({ symbol, mode, direction }) =>
            symbol === row.symbol && mode === row.mode && direction === side
          );
          const isKnown = held.every(({ priceCents }) => priceCents !== null);
          const sum = held.reduce(
            (sum, { quantity, priceCents }) =>
              sum + BigInt(quantity) * (priceCents ?? 0n),
            0n,
          );
          assert.equal(
            row[side] === null ? null : toCents(row[side]),
            isKnown ? sum : null,
          );
        }
      }
    }),
  );
});

Deno.test("assembleRisk gives the same whatever the order of the agents, and what its schema says", () => {
  fc.assert(
    fc.property(
      fc.array(agentArbitrary, { maxLength: 10 }).chain((drawn) => {
        const facts = drawn.map(toFact);
        return fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray(facts, { minLength: facts.length }),
        );
      }),
      ([facts, shuffled]) => {
        const risk = assembleRisk(input(facts));
        assert.deepEqual(assembleRisk(input(shuffled)), risk);
        assert.deepEqual(fleetRiskSchema.parse(risk), risk);
      },
    ),
  );
});

Deno.test("assembleRisk has the drawdown of a currency between the least and the largest of its accounts", () => {
  fc.assert(fc.property(fc.array(agentArbitrary, { maxLength: 8 }), (drawn) => {
    for (const row of assembleRisk(input(drawn.map(toFact))).money) {
      const parts = drawn.flatMap((one) =>
        one.mode === row.mode && one.symbol.endsWith(row.currency) &&
          one.equityCents !== null
          ? one.drawdownPct
          : []
      );
      if (parts.length === 0) assert.equal(row.drawdownPct, null);
      else {
        assert.ok(row.drawdownPct! >= Math.min(...parts) - 1e-6);
        assert.ok(row.drawdownPct! <= Math.max(...parts) + 1e-6);
      }
    }
  }));
});

Deno.test("assembleRisk says how much of an agent's limits is used, the limit itself counts as reached", () => {
  const config = {
    risk: {
      initialCapital: "1000",
      leverage: 4,
      riskLevel: "moderate",
      maxDrawdownPct: 10,
      dailyLossLimit: "50",
      riskPerTradePct: 1,
    },
    safety: { maxOpenOrders: 5, breakerConsecutiveLosses: 4 },
  };
  const used: Partial<AccountView> = {
    equity: "1000",
    drawdownPct: 8,
    dayPnl: "-50",
    position: position("short", "3", "1000"),
    breaker: { lossesInARow: 1, reason: null },
  };
  const risk = assembleRisk(input([fact("one", { config, account: used })]));
  const rowOf = (limit: RiskLimit["limit"]) => {
    const { used, cap, headroom, share, level } = limitOf(risk, limit)[0]!;
    return [used, cap, headroom, share, level];
  };
  assert.deepEqual(rowOf("daily_loss"), ["50", "50", "0", 1, "reached"]);
  assert.deepEqual(rowOf("drawdown"), ["8", "10", "2", 0.8, "near"]);
  assert.deepEqual(rowOf("leverage"), ["3", "4", "1", 0.75, "ok"]);
  assert.deepEqual(rowOf("open_orders"), ["0", "5", "5", 0, "ok"]);
  assert.deepEqual(rowOf("breaker"), ["1", "4", "3", 0.25, "ok"]);
  assert.equal(risk.limits[0]!.limit, "daily_loss", "the fullest first");
});

Deno.test("assembleRisk has no figure of an account that was not heard of, and says why", () => {
  const { limits, trading, money } = assembleRisk(
    input([fact("one", { account: null })]),
  );
  assert.ok(limits.length > 0);
  for (const { used, share, level, note } of limits) {
    assert.deepEqual([used, share, level], [null, null, "unknown"]);
    assert.match(note!, /not been heard of|has not told/);
  }
  assert.deepEqual([trading.state, trading.accounts.unknown], [null, 1]);
  assert.deepEqual(money[0]!.equity, null);
});

Deno.test("assembleRisk says who and what holds trading back", () => {
  const view: StopView = {
    ...latch({ scope: { kind: "all" } }),
    isWorking: false,
    progress: [],
    residue: [],
  };
  const reducing = fact("one", {
    account: { tradingState: "reducing", tradingStateReason: "why" },
  });
  const partly = assembleRisk(input([reducing, fact("two")])).trading;
  assert.equal(partly.state, "reducing");
  assert.deepEqual(partly.held.map(({ name, reason }) => [name, reason]), [
    ["one", "why"],
  ]);
  const stopped = assembleRisk({
    ...input([fact("two")]),
    emergency: { latches: [view], isDeskUp: true },
  }).trading;
  assert.equal(stopped.state, "stopped");
  assert.equal(stopped.stops[0]!.by, view.by.name);
  const active = assembleRisk(input([fact("two")])).trading;
  assert.equal(active.state, "active");
});

Deno.test("assembleRisk counts the second leg of a pair on the other side of its own market", () => {
  const pair = fact("pair", {
    config: {
      symbol: "ETH/USDT",
      strategies: { pairs: { enabled: true, hedgeSymbol: "BTC/USDT" } },
    },
    account: {
      position: {
        ...position("long", "2", "10")!,
        hedge: { quantity: "1", entryPrice: "1", markPrice: "15" },
      },
    },
  });
  const { exposure } = assembleRisk(input([pair]));
  assert.deepEqual(
    exposure.map(({ symbol, long, short, net }) => [symbol, long, short, net]),
    [
      ["BTC/USDT", "0", "15", "-15"],
      ["ETH/USDT", "20", "0", "20"],
    ],
  );
});
