import type {
  DrillAgent,
  DrillResponse,
  StopRequest,
} from "../../contracts/emergency.ts";
import {
  type Decimal,
  decimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { AgentEntry } from "../registry.ts";

const BP = 10_000;

/** What a drill looks at. */
type Looked = Pick<AgentEntry, "record" | "account">;

/** What a stop would do to the agents of its scope, by what is known of them now. */
export function drillOf(
  request: StopRequest,
  { entries, expectedMs }: {
    entries: readonly Looked[];
    expectedMs: number | null;
  },
): DrillResponse {
  const agents = entries.map((entry) => drillAgent(request, entry));
  const quotes = new Set(agents.map(({ symbol }) => symbol.split("/")[1]));
  const hasOneQuote = quotes.size <= 1;
  const isKnown = agents.every(({ orders }) => orders !== null);
  const positions = agents.flatMap(({ position }) => position ?? []);
  return {
    lever: request.lever,
    scope: request.scope,
    agents,
    totals: {
      agents: agents.length,
      agentsStopped: request.lever === "flatten"
        ? entries.filter(({ record }) =>
          record.desired === "running" || record.desired === "paused"
        ).length
        : 0,
      orders: isKnown
        ? agents.reduce((sum, { orders }) => sum + (orders?.length ?? 0), 0)
        : null,
      positions: isKnown ? positions.length : null,
      notional: isKnown && hasOneQuote
        ? sumOf(positions.map((one) => one.notional))
        : null,
      slippage: isKnown && hasOneQuote
        ? sumOf(positions.map((one) => one.slippage))
        : null,
    },
    expectedMs,
  };
}

function drillAgent(
  { lever, withdrawAll }: StopRequest,
  { record, account }: Looked,
): DrillAgent {
  const { config } = record;
  const shared = {
    agentId: record.id,
    name: config.name,
    symbol: config.symbol,
    simulated: config.mode === "paper",
  };
  if (account === null) {
    return {
      ...shared,
      orders: null,
      position: null,
      losesProtection: false,
      note: "Its account has not been heard of yet",
    };
  }
  const isFlat = lever === "flatten";
  const withdrawn = account.openOrders.filter(({ reduceOnly }) =>
    lever !== "block" &&
    (!reduceOnly || isFlat && account.position !== null || withdrawAll)
  );
  return {
    ...shared,
    orders: withdrawn.map(({ orderId, role, side, price, quantity }) => ({
      orderId,
      role,
      side,
      price,
      quantity,
    })),
    position: isFlat ? positionOf({ record, account }) : null,
    losesProtection: lever === "cancel" && withdrawAll &&
      account.position !== null,
    note: isFlat && config.mode !== "paper"
      ? "Slippage at an exchange is not known before"
      : null,
  };
}

function positionOf({ record, account }: Looked): DrillAgent["position"] {
  const position = account?.position ?? null;
  if (position === null) return null;
  const { costs, mode } = record.config;
  const { markPrice, direction, quantity } = position;
  const notional = markPrice === null
    ? null
    : valueOf(quantity, markPrice).plus(
      position.hedge === undefined || position.hedge.markPrice === null
        ? ZERO
        : valueOf(position.hedge.quantity, position.hedge.markPrice),
    );
  const isHedgeUnknown = position.hedge?.markPrice === null;
  const known = isHedgeUnknown ? null : notional;
  return {
    size: direction === "long" ? quantity : `-${quantity}`,
    markPrice,
    notional: textOf(known),
    slippage: mode === "paper"
      ? textOf(known?.times(costs.slippageBp).div(BP) ?? null)
      : null,
    fee: textOf(known?.times(costs.takerFeeBp).div(BP) ?? null),
  };
}

function valueOf(quantity: string, price: string): Decimal {
  return decimal(quantity).times(decimal(price));
}

function sumOf(amounts: readonly (string | null)[]): string | null {
  let sum = ZERO;
  for (const amount of amounts) {
    if (amount === null) return null;
    sum = sum.plus(decimal(amount));
  }
  return toDecimalText(toBooked(sum));
}

function textOf(amount: Decimal | null): string | null {
  return amount === null ? null : toDecimalText(toBooked(amount));
}
