import type { DecimalText } from "../../core/decimal.ts";
import type { TimeSource } from "../../core/time.ts";
import type { CostsConfig } from "../../contracts/costs.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type {
  MarketRules,
  VenueId,
  VenueOrderRequest,
} from "../../contracts/venue.ts";
import type { MaintenanceTier } from "./margin.ts";

/** One paper venue: one account in one market of an exchange. Nothing in it is random. */
export interface PaperVenueOptions extends VenueId {
  symbol: string;
  clock: TimeSource;
  costs: CostsConfig;
  /** Quote currency that the account begins with; `restore` replaces it. */
  balance: DecimalText;
  /** As the exchange's public markets have them; null while they are unknown. */
  rules: MarketRules | null;
  /** Makes rules up from the first price while none are known; see `assumed_rules.ts`. Without it nothing is opened until then. */
  assumesRules?: boolean;
  /** Steps of the maintenance margin, smallest first; one of 0.5 % where left out. */
  tiers?: readonly MaintenanceTier[];
  /** Fee of a liquidation on its value, in basis points. */
  liquidationFeeBp?: number;
  /** Age from which a quote is no price any more. */
  quoteStaleMs?: number;
  /** Hears in one sentence what no order tells: liquidations. */
  onNotice?: (detail: string) => void;
}

/** An order that the books hold as open at the venue. One that was only on its way is left out: it was never taken. */
export interface RestoredOrder {
  request: VenueOrderRequest;
  /** Null where the answer was never heard, though a trade or the stream proved the order. */
  venueOrderId: string | null;
  /** From known trades. */
  filled: DecimalText;
}

/** What the desk's books hold of a paper account when the process begins again. */
export interface RestoredState {
  orders: readonly RestoredOrder[];
  /** In base currency, negative for a short one; null or "0" is flat. */
  position: {
    quantity: DecimalText;
    entryPrice: DecimalText;
    /** Of perpetuals: margin is notional ÷ leverage unless it is named. */
    leverage?: number;
    margin?: DecimalText;
  } | null;
  /** Quote currency with realised results, fees and funding, without unrealised ones. Of spot what is in hand: what was bought is paid for. */
  balance: DecimalText;
  /** How many trades of this account the books have: ids go on from there. */
  tradeCounter: number;
  /** Up to when funding is in the balance; now where left out. */
  fundedUntil?: EpochMs;
}
