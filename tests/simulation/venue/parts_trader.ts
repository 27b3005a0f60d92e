import type { DeskStepped } from "../../../lib/contracts/links.ts";
import type {
  DeskAction,
  EntryOrder,
  OrderIntent,
} from "../../../lib/contracts/order.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { randomIntent } from "./trader.ts";

/** Parts of an intent at most. */
const PARTS_MOST = 5;

/** Further orders that are asked for on one candle at most. */
const REQUESTS_MOST = 3;

/**
 * Decides like `decideAtRandom`, with entries of every kind, in parts, which are
 * sent and moved as chance will have it, whether that makes sense or not.
 */
export function decideWithParts(
  { seq, hasPosition }: DeskStepped,
  context: {
    seed: number;
    price: number;
    eagerness: number;
    intents: string[];
  },
): DeskAction[] {
  const { price, eagerness, intents } = context;
  const { next } = createRng((context.seed * 6_151 + seq) | 0);
  for (let skip = 0; skip < 4; skip++) next();
  const latest = intents.at(-1);
  const mayEnter = !hasPosition && next() < eagerness;
  if (latest === undefined || (mayEnter && next() < 0.4)) {
    const intent = partsIntent({ seq, price, next });
    intents.push(intent.intentId);
    return [{ kind: "submit", intent }];
  }
  const count = 1 + Math.floor(next() * REQUESTS_MOST);
  return Array.from(
    { length: count },
    () => requestOf(latest, { price, hasPosition, next }),
  );
}

/** An entry in parts or in one. */
function partsIntent(
  { seq, price, next }: { seq: number; price: number; next: () => number },
): OrderIntent {
  const base = randomIntent({ seq, number: 0, price, next });
  const parts = Math.floor(next() * (PARTS_MOST + 1));
  return {
    ...base,
    entry: entryNear(price, base.side === "buy" ? 1 : -1, next),
    riskPct: 0.2 + next() * 0.6,
    expireAfterSeq: next() < 0.4 ? seq + 4 : null,
    ...(parts < 2 ? {} : { parts }),
    ...(next() < 0.5 ? { decisionPrice: price } : {}),
  };
}

function requestOf(
  intentId: string,
  { price, hasPosition, next }: {
    price: number;
    hasPosition: boolean;
    next: () => number;
  },
): DeskAction {
  const draw = next();
  const part = Math.floor(next() * next() * PARTS_MOST);
  if (draw < 0.06 && hasPosition) return { kind: "close", reason: "Enough" };
  if (draw < 0.12) {
    return { kind: "cancel", intentId, reason: "Changed its mind" };
  }
  if (draw < 0.22) {
    const stopPrice = round(price + (next() - 0.5) * 2);
    return { kind: "moveStop", intentId, stopPrice, reason: "Trailing" };
  }
  if (draw < 0.62) {
    const to = round(price + (next() - 0.5) * 0.6);
    return { kind: "reprice", intentId, part, price: to, reason: "Chasing" };
  }
  const sign = next() < 0.5 ? 1 : -1;
  return { kind: "part", intentId, part, entry: entryNear(price, sign, next) };
}

function entryNear(
  price: number,
  sign: 1 | -1,
  next: () => number,
): EntryOrder {
  const draw = next();
  const off = 0.01 + next() * 0.5;
  if (draw < 0.25) return { type: "market" };
  if (draw < 0.45) return { type: "stop", price: round(price + sign * off) };
  const limit = round(price - sign * (off - 0.05));
  return draw < 0.7
    ? { type: "limit", price: limit }
    : { type: "limit", price: limit, postOnly: true };
}

function round(price: number): number {
  return Math.round(price * 100) / 100;
}
