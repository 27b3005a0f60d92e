import assert from "node:assert/strict";
import fc from "fast-check";
import type {
  VenueOrderRequest,
  VenueTrade,
} from "../../../../lib/contracts/venue.ts";
import { type Decimal, decimal, ZERO } from "../../../../lib/core/decimal.ts";
import { accounts, actions, LATENCY_MS, run, type Step } from "./session.ts";
import { ref, type Setup, type SetupOptions, SYMBOL } from "./support.ts";

const RUNS = { numRuns: 200 };

interface Session {
  options: SetupOptions;
  setup: Setup;
  steps: Step[];
  requests: VenueOrderRequest[];
  trades: VenueTrade[];
}

/** Checks a property of random sessions; fast-check prints the seed of a failure. */
function holds(
  name: string,
  check: (session: Session) => Promise<void> | void,
) {
  Deno.test(`PaperVenue ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(accounts, actions, async (options, list) => {
        const session = await run(options, list);
        await check({ options, ...session, trades: session.setup.trades() });
      }),
      RUNS,
    );
  });
}

function sum(values: Iterable<Decimal>): Decimal {
  let total = ZERO;
  for (const value of values) total = total.plus(value);
  return total;
}

function signed({ side, quantity }: VenueTrade): Decimal {
  return decimal(side === "buy" ? quantity : `-${quantity}`);
}

function tradesOf(
  trades: readonly VenueTrade[],
  { clientOrderId }: VenueOrderRequest,
) {
  return trades.filter((trade) => trade.clientOrderId === clientOrderId);
}

holds(
  "conserves money and position: they follow from its trades and funding",
  async ({ options, setup, trades }) => {
    const position = await setup.venue.position(SYMBOL);
    const balances = await setup.venue.balances();
    const quote = balances.find(({ currency }) => currency === "USDT")!;
    const funding = await setup.venue.funding({ symbol: SYMBOL, sinceAt: 0 });
    assert.ok(decimal(position.quantity).eq(sum(trades.map(signed))));
    const flow = sum(
      trades.map((trade) => signed(trade).times(decimal(trade.price))),
    );
    const paid = sum([
      ...trades.map(({ fee }) => decimal(fee!)),
      ...funding.map(({ amount }) => decimal(amount)),
    ]);
    const cash = decimal(options.balance!).minus(flow).minus(paid);
    // Of a perpetual what was paid for the position is still in the balance.
    const held = options.market === "swap" && position.entryPrice !== null
      ? decimal(position.entryPrice).times(decimal(position.quantity))
      : ZERO;
    const error = cash.plus(held).minus(decimal(quote.total)).abs();
    if (held.eq(ZERO)) assert.ok(error.eq(ZERO), `off by ${error}`);
    else assert.ok(error.lt("0.000001"), `off by ${error}`);
  },
);

holds(
  "fills no order beyond its quantity, and counts what it filled",
  async ({ setup, requests, steps, trades }) => {
    const taken = requests.filter((_, index) =>
      steps.filter(({ action }) => action.kind === "place")[index]!.outcome!
        .kind === "accepted"
    );
    for (const next of taken) {
      // deno-lint-ignore no-await-in-loop -- one order after the other
      const order = await setup.venue.order(ref(next.clientOrderId));
      const filled = sum(
        tradesOf(trades, next).map(({ quantity }) => decimal(quantity)),
      );
      assert.ok(filled.lte(next.quantity));
      assert.ok(filled.eq(order.filled));
      assert.equal(order.status === "filled", filled.eq(next.quantity));
    }
  },
);

holds(
  "fills FOK orders wholly or not at all, and lets neither IOC nor FOK nor market orders rest",
  async ({ setup, requests, trades }) => {
    const open = await setup.venue.openOrders(null);
    for (const next of requests) {
      const isOpen = open.some(({ clientOrderId }) =>
        clientOrderId === next.clientOrderId
      );
      const isImmediate = next.type === "market" ||
        (next.type === "limit" && next.timeInForce !== "GTC");
      assert.ok(!(isOpen && isImmediate));
      if (next.type === "stop" || next.timeInForce !== "FOK") continue;
      const filled = sum(
        tradesOf(trades, next).map(({ quantity }) => decimal(quantity)),
      );
      assert.ok(filled.eq(ZERO) || filled.eq(next.quantity));
    }
  },
);

holds(
  "lets post-only orders never take and limits never fill at a worse price",
  ({ requests, trades }) => {
    for (const next of requests) {
      for (const { price, liquidity } of tradesOf(trades, next)) {
        if (next.postOnly) assert.equal(liquidity, "maker");
        if (next.price === null) continue;
        assert.ok(
          next.side === "buy"
            ? decimal(price).lte(next.price)
            : decimal(price).gte(next.price),
        );
      }
    }
  },
);

holds(
  "lets reduce-only orders neither increase nor turn the position, and spot never go short",
  ({ options, requests, trades }) => {
    const byId = new Map(requests.map((next) => [next.clientOrderId, next]));
    let position = ZERO;
    for (const trade of trades) {
      const next = position.plus(signed(trade));
      if (byId.get(trade.clientOrderId!)?.reduceOnly === true) {
        assert.ok(next.abs().lt(position.abs()));
        assert.ok(next.times(position).gte(ZERO));
      }
      if (options.market === "spot") assert.ok(next.gte(ZERO));
      position = next;
    }
  },
);

holds(
  "lets an order fill only what the others of its group have left since it came",
  ({ steps, requests }) => {
    const byId = new Map(requests.map((next) => [next.clientOrderId, next]));
    /** Of open orders of groups: what they and their group were filled. */
    const used = new Map<string, Decimal>();
    for (const item of steps.flatMap(({ news }) => news)) {
      if (item.type === "order") {
        const { clientOrderId: id, status } = item.order;
        if (status !== "open") used.delete(id!);
        else if (!used.has(id!)) used.set(id!, ZERO);
      }
      if (item.type !== "trade") continue;
      const { clientOrderId: id, quantity } = item.trade;
      const group = byId.get(id!)?.ocoGroup ?? null;
      if (group === null) continue;
      for (const [other, filled] of used) {
        if (byId.get(other)!.ocoGroup === group) {
          used.set(other, filled.plus(quantity));
        }
      }
      assert.ok(used.get(id!)!.lte(byId.get(id!)!.quantity));
    }
  },
);

holds(
  "liquidates exactly when the mark price has reached the published one",
  ({ options, steps }) => {
    for (
      const { action, trades, news, liquidationPrice, quantityBefore } of steps
    ) {
      const first = trades[0];
      const isLiquidation =
        first?.clientOrderId?.startsWith("autoclose-") === true;
      if (options.market === "spot") {
        assert.ok(!isLiquidation);
        continue;
      }
      if (
        action.kind !== "quote" || news.some(({ type }) => type === "funding")
      ) continue;
      const mark = action.markOffset === null
        ? action.bid + action.spread / 2
        : action.bid + action.markOffset;
      const rounded = Number(mark.toFixed(2));
      const isReached = liquidationPrice !== null &&
        (quantityBefore > 0
          ? rounded <= liquidationPrice
          : rounded >= liquidationPrice);
      assert.equal(isLiquidation, isReached);
    }
  },
);

holds("gives every trade an id of its own", ({ trades }) => {
  assert.equal(
    new Set(trades.map(({ tradeId }) => tradeId)).size,
    trades.length,
  );
});

holds("never lets the balance go below zero", async ({ setup }) => {
  for (const { free, total } of await setup.venue.balances()) {
    assert.ok(decimal(free).gte(ZERO));
    assert.ok(decimal(total).gte(ZERO));
  }
});

Deno.test("PaperVenue gives the same news and answers for the same session, with and without latency", async () => {
  const latency = fc.constantFrom(0, LATENCY_MS);
  await fc.assert(
    fc.asyncProperty(
      accounts,
      actions,
      latency,
      async (account, list, latencyMs) => {
        const options = { ...account, costs: { ...account.costs, latencyMs } };
        const told = async () => {
          const { setup, steps } = await run(options, list);
          return JSON.stringify([setup.news, steps]);
        };
        assert.equal(await told(), await told());
      },
    ),
    { numRuns: 40 },
  );
});
