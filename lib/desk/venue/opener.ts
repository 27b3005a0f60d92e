import type { Clock } from "../../../actors/clock.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import type { Quote, VenueId } from "../../contracts/venue.ts";
import type { RateBudget, VenueGateway } from "../../exchange/gateway/port.ts";
import type { AccountView } from "../../contracts/account.ts";
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
}

/** What an account's journal holds when a process begins. */
export interface RestoredBooks {
  working: readonly WorkingOrder[];
  view: AccountView;
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
  /** What the account's journal holds, before `open`, for a venue that keeps no books of its own over a restart. */
  restore?(books: RestoredBooks): void;
  /** Best prices, for a venue that fills by them; an exchange has its own. */
  quote?(symbol: string, quote: Quote): void;
  /** The market tells nothing any more: no price is known until the next quote. */
  forgetQuote?(symbol: string): void;
}

/** Makes a connection without opening it. */
export type OpenGateway = (opening: VenueOpening) => OpenedVenue;
