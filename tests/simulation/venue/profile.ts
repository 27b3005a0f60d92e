import type { Side } from "../../../lib/contracts/primitives.ts";
import type {
  MarketKind,
  MarketRules,
  VenueProfile,
} from "../../../lib/contracts/venue.ts";
import { ABSENCE_PROOF_MS, RECV_WINDOW_MS } from "./limits.ts";
import type { VenueScenario } from "./scenario.ts";
import { SYMBOL } from "./wire_format.ts";

/** Rules of its one market. */
export const RULES: MarketRules = {
  symbol: SYMBOL,
  quantityStep: "0.001",
  priceStep: "0.01",
  minQuantity: "0.001",
  maxQuantity: null,
  minNotional: "5",
  maxNotional: null,
  makerRate: "0.0002",
  takerRate: "0.0005",
};

/** What the simulated exchange can. */
export function simulatedProfile(
  { market, hasCancelAfter, provesAbsence }: Pick<
    VenueScenario,
    "market" | "hasCancelAfter" | "provesAbsence"
  >,
): VenueProfile {
  const isSwap = market === "swap";
  return {
    exchange: "binance",
    market,
    recvWindowMs: RECV_WINDOW_MS,
    absenceProofMs: provesAbsence ? ABSENCE_PROOF_MS : null,
    hasStopOrders: true,
    restsBothExits: isSwap,
    hasCancelAfter,
    hasReduceOnly: isSwap,
    hasPrivateStream: true,
    clientOrderIdMax: 36,
    isSimulated: true,
  };
}

/** Whether an order can only make a position smaller; of spot every sale. */
export function isExit(
  { reduceOnly, side }: { reduceOnly: boolean; side: Side },
  { market }: { market: MarketKind },
): boolean {
  return market === "spot" ? side === "sell" : reduceOnly;
}
