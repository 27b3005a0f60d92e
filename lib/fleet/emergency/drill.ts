import type {
  DrillAgent,
  DrillResponse,
  StopRequest,
} from "../../contracts/emergency.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import {
  type Decimal,
  decimal,
  toBooked,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import { venueOf } from "../desk_ids.ts";
import type { AgentEntry } from "../registry.ts";

const BP = 10_000;

type Measure = StopMeasures["accounts"][number];

/** What a drill looks at. */
type Looked = Pick<AgentEntry, "record" | "account">;

/** What a stop would do to the agents of its scope, by what is known of them now. A risk manager has nothing to withdraw or close; it is only stopped. */
export function drillOf(
  request: StopRequest,
  { entries, deskMs, measures }: {
    entries: readonly Looked[];
    /** Round trip to the desks; null where one does not answer. */
    deskMs: number | null;
    measures: StopMeasures["accounts"];
  },
): DrillResponse {
  const measured = entries.filter(({ record }) =>
    hasAccount(record.config.type)
  ).map((entry) => ({
    entry,
    measure: measures.find(({ agentId }) => agentId === entry.record.id) ??
      null,
  }));
  const agents = measured.map(({ entry, measure }) =>
    drillAgent(request, entry, measure)
  );
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
    expectedMs: expectedMs(request, { deskMs, measured }),
  };
}

/** The venue is asked for all orders at once, and to close after that. */
function expectedMs(
  { lever }: StopRequest,
  { deskMs, measured }: {
    deskMs: number | null;
    measured: readonly { entry: Looked; measure: Measure | null }[];
  },
): number | null {
  if (deskMs === null || lever === "block") return deskMs;
  const rounds = lever === "flatten" ? 2 : 1;
  let venueMs = 0;
  for (const { entry, measure } of measured) {
    if (venueOf(entry.record.config) === null) continue;
    const roundTripMs = measure?.roundTripMs ?? null;
    if (roundTripMs === null) return null;
    venueMs = Math.max(venueMs, rounds * roundTripMs);
  }
  return deskMs + Math.ceil(venueMs);
}

function drillAgent(
  { lever, withdrawAll }: StopRequest,
  { record, account }: Looked,
  measure: Measure | null,
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
  const position = isFlat ? positionOf({ record, account }, measure) : null;
  return {
    ...shared,
    orders: withdrawn.map(({ orderId, role, side, price, quantity }) => ({
      orderId,
      role,
      side,
      price,
      quantity,
    })),
    position: position,
    losesProtection: lever === "cancel" && withdrawAll &&
      account.position !== null,
    note: position !== null && position.slippage === null
      ? "No price of its market is known now, so its slippage is not known"
      : null,
  };
}

/** Slippage is what the costs assume; at a venue half of the last spread comes on top. */
function positionOf(
  { record, account }: Looked,
  measure: Measure | null,
): DrillAgent["position"] {
  const position = account?.position ?? null;
  if (position === null) return null;
  const { costs } = record.config;
  const halfSpreadBp = venueOf(record.config) === null
    ? 0
    : measure?.halfSpreadBp ?? null;
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
    slippage: halfSpreadBp === null ? null : textOf(
      known?.times(costs.slippageBp + halfSpreadBp).div(BP) ?? null,
    ),
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
