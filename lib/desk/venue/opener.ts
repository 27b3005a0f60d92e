import type { Clock } from "../../../actors/clock.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import type { Quote, VenueId } from "../../contracts/venue.ts";
import type { DecimalText } from "../../core/decimal.ts";
import type { RateBudget, VenueGateway } from "../../exchange/gateway/port.ts";
import type { WorkingOrder } from "./port.ts";

/** Requests that a driver makes. */
export type VenueCall =
  | "create"
  | "cancel"
  | "order"
  | "openOrders"
  | "trades"
  | "position"
  | "balances"
  | "funding"
  | "cancelAfter"
  | "prepare";

/** What is opened, and for whom. */
export interface VenueOpening {
  venue: VenueId;
  /** Key to trade with; null for the paper venue. */
  credentialId: string | null;
  /** Of a paper venue: its only account. Of an exchange: the first one with this key. */
  account: DeskAccountConfig;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  /** Folder of the desk, for a venue that keeps its own books. */
  stateDir: string;
}

/** What the books of a recovered account hold. */
export interface VenueBooks {
  orders: readonly WorkingOrder[];
  /** In base currency, negative for a short one; null is flat. */
  position: { quantity: DecimalText; entryPrice: DecimalText } | null;
  /** Quote currency with realised results, fees and funding. */
  cash: DecimalText;
  /** Fills of the account so far. */
  fills: number;
}

/** A connection to one account at one venue, with what belongs to its address. */
export interface OpenedVenue {
  gateway: VenueGateway;
  /** One for each venue and egress address; drivers of several keys share it. */
  budget: RateBudget;
  /** What a request takes from the budget. */
  costOf(call: VenueCall): number;
  /** Measures the error of our clock again. @throws {VenueError} */
  syncClock(): Promise<void>;
  /** Best prices, for a venue that fills by them; an exchange has its own. */
  quote?(symbol: string, quote: Quote): void;
  /** What the books hold, for a venue that keeps nothing itself; before it is opened. */
  restore?(books: VenueBooks): void;
}

/** Makes a connection without opening it. */
export type OpenGateway = (opening: VenueOpening) => OpenedVenue;
