import type { EnterSignal } from "../../../lib/contracts/signal.ts";

/** A signal to buy at the market, around a price of 100. */
export function enterSignal(
  { number = 0, ...fields }:
    & Partial<EnterSignal>
    & { seq: number; number?: number },
): EnterSignal {
  const { seq } = fields;
  return {
    signalId: `${seq}.${number}`,
    at: 1_700_000_000_000 + seq * 60_000,
    kind: "enter",
    side: "buy",
    entry: { type: "market" },
    stopPrice: 98,
    targetPrice: 104,
    price: 100,
    expireAfterSeq: seq + 1,
    strategy: "breakout",
    confidence: null,
    reasons: ["A test"],
    ...fields,
  };
}
