import type { Fill } from "../../contracts/order.ts";

/** Slippage of all entry fills with a known decision price; plain data. */
export interface SlippageSum {
  fills: number;
  /** In basis points of the decision price; positive is worse than decided. */
  sumBp: number;
}

/** Before the first fill. */
export const NO_SLIPPAGE: SlippageSum = { fills: 0, sumBp: 0 };

/** How much worse than its decision an entry was filled, in basis points; null where the decision's price is unknown. */
export function slippageBp(
  { side, price }: Pick<Fill, "side" | "price">,
  decisionPrice: number | undefined,
): number | null {
  if (decisionPrice === undefined || !(decisionPrice > 0)) return null;
  const off = (Number(price) - decisionPrice) / decisionPrice * 10_000;
  return side === "buy" ? off : -off;
}

/** The sum with one more fill of an entry. */
export function withSlippageOf(
  sum: SlippageSum,
  fill: Pick<Fill, "side" | "price">,
  decisionPrice: number | undefined,
): SlippageSum {
  const bp = slippageBp(fill, decisionPrice);
  return bp === null ? sum : { fills: sum.fills + 1, sumBp: sum.sumBp + bp };
}
