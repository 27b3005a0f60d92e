/** Markets that accounts of tests trade in. */
import { DEFAULT_SAFETY } from "../../../../../agents/risk/safety_limits.ts";
import type { DeskAccountConfig } from "../../../../../lib/contracts/desk.ts";
import type {
  MarketRules,
  VenueProfile,
} from "../../../../../lib/contracts/venue.ts";
import { accountConfig } from "../../support.ts";

/** A market with steps of a thousandth and a tenth. */
export const RULES: MarketRules = {
  symbol: "BTC/USDT",
  quantityStep: "0.001",
  priceStep: "0.1",
  minQuantity: "0.001",
  maxQuantity: null,
  minNotional: "5",
  maxNotional: null,
  makerRate: "0.0002",
  takerRate: "0.0005",
};

/** A perpetual market where exits only reduce and both may rest. */
export const SWAP: VenueProfile = {
  exchange: "test",
  market: "swap",
  recvWindowMs: 3_000,
  absenceProofMs: 15_000,
  hasStopOrders: true,
  restsBothExits: true,
  hasCancelAfter: false,
  hasReduceOnly: true,
  hasPrivateStream: true,
  clientOrderIdMax: 36,
  isSimulated: true,
};

/** A spot market, where a resting sell locks what it would sell. */
export const SPOT: VenueProfile = {
  ...SWAP,
  market: "spot",
  restsBothExits: false,
  hasReduceOnly: false,
};

/** An account at a venue of this profile. */
export function venueConfig(
  change: Partial<DeskAccountConfig>,
  { exchange, market }: VenueProfile,
): DeskAccountConfig {
  return {
    ...accountConfig(),
    pacing: "realtime",
    safety: {
      ...DEFAULT_SAFETY,
      breakerConsecutiveLosses: 0,
      maxOpenOrders: 20,
    },
    execution: {
      kind: "quotes",
      exchange,
      market,
      namespace: "abc",
      agentKey: "agent",
    },
    ...change,
  };
}
