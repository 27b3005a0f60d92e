import type { DeskStepped } from "../../../lib/contracts/links.ts";
import type { DeskAction, OrderIntent } from "../../../lib/contracts/order.ts";
import { createRng } from "../../../lib/core/rng.ts";

/** Figures of a decision. */
const LIMIT_PART = 0.5;
const STOP_UNITS_MIN = 30;
const STOP_UNITS_MAX = 150;

/**
 * What the agent decides on a step: chance, but always the same for the same
 * candle, as a real agent that starts from a snapshot decides again what it had
 * decided.
 */
export function decideAtRandom(
  stepped: DeskStepped,
  context: {
    seed: number;
    price: number;
    eagerness: number;
    intents: string[];
  },
): DeskAction[] {
  const { seq, hasPosition } = stepped;
  const { price, eagerness, intents } = context;
  const { next } = createRng((context.seed * 7_919 + seq) | 0);
  for (let skip = 0; skip < 4; skip++) next();
  const draw = next();
  const latest = intents.at(-1);
  if (hasPosition) {
    if (draw < 0.15) return [{ kind: "close", reason: "Enough" }];
    if (draw < 0.5 && latest !== undefined) {
      const by = (next() - 0.5) * 2;
      return [{
        kind: "moveStop",
        intentId: latest,
        stopPrice: roundPrice(price + by),
        reason: "Trailing",
      }];
    }
    return [];
  }
  if (draw > eagerness) return [];
  if (draw < 0.1 && latest !== undefined) {
    return [{ kind: "cancel", intentId: latest, reason: "Changed its mind" }];
  }
  const intent = randomIntent({ seq, number: 0, price, next });
  intents.push(intent.intentId);
  return [{ kind: "submit", intent }];
}

/** An entry with its protection, at the price of now. */
export function randomIntent(
  { seq, number, price, next }: {
    seq: number;
    number: number;
    price: number;
    next: () => number;
  },
): OrderIntent {
  const isLong = next() < 0.5;
  const sign = isLong ? 1 : -1;
  const units = STOP_UNITS_MIN + next() * (STOP_UNITS_MAX - STOP_UNITS_MIN);
  const distance = units / 100;
  const isLimit = next() < LIMIT_PART;
  const entry = roundPrice(price - sign * 0.05 * next());
  return {
    intentId: `${seq}.${number}`,
    seq,
    side: isLong ? "buy" : "sell",
    entry: isLimit ? { type: "limit", price: entry } : { type: "market" },
    stopPrice: roundPrice(entry - sign * distance),
    targetPrice: next() < 0.7
      ? roundPrice(entry + sign * distance * (0.5 + next()))
      : null,
    riskPct: 0.05 + next() * 0.2,
    expireAfterSeq: next() < 0.5 ? seq + 2 : null,
    strategy: "breakout",
    reasons: ["Chance"],
  };
}

function roundPrice(price: number): number {
  return Math.round(price * 100) / 100;
}
