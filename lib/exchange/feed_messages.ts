import type { CandlesConsumed, SubscribeCandles } from "../contracts/links.ts";

/** Tells whether a consumer asks for candles; what has no known shape is ignored. */
export function isSubscription(message: unknown): message is SubscribeCandles {
  if (typeof message !== "object" || message === null) return false;
  const { type, fromSeq, windowCandles = 1, wantsQuotes = false } =
    message as Partial<SubscribeCandles>;
  return type === "subscribe" && isCount(fromSeq) && isCount(windowCandles) &&
    windowCandles > 0 && typeof wantsQuotes === "boolean";
}

/** Tells whether a consumer says what it has taken. */
export function isConsumption(message: unknown): message is CandlesConsumed {
  if (typeof message !== "object" || message === null) return false;
  const { type, seq } = message as Partial<CandlesConsumed>;
  return type === "consumed" && isCount(seq);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
