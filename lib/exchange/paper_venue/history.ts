import type { EpochMs } from "../../contracts/primitives.ts";
import type { VenueFunding, VenueTrade } from "../../contracts/venue.ts";
import { FUNDINGS_KEPT, TRADES_KEPT } from "./limits.ts";

/** A trade before it has its id. */
export type UnnamedTrade = Omit<VenueTrade, "tradeId" | "clientOrderId"> & {
  clientOrderId: string;
};

/** Trades and funding of one account since the process began, oldest first. */
export class PaperHistory {
  readonly #trades: VenueTrade[] = [];
  readonly #fundings: VenueFunding[] = [];
  #tradeCounter: number;

  constructor(tradeCounter: number) {
    this.#tradeCounter = tradeCounter;
  }

  /** Trades of the account so far, those before a restart included. */
  get tradeCounter(): number {
    return this.#tradeCounter;
  }

  /** Keeps a trade under an id of its own: the client order id and the account's count of trades. */
  addTrade(trade: UnnamedTrade): VenueTrade {
    this.#tradeCounter++;
    const named = {
      ...trade,
      tradeId: `${trade.clientOrderId}-${this.#tradeCounter}`,
    };
    this.#trades.push(named);
    if (this.#trades.length > TRADES_KEPT) this.#trades.shift();
    return named;
  }

  /** Keeps a funding payment. */
  addFunding(funding: VenueFunding): void {
    this.#fundings.push(funding);
    if (this.#fundings.length > FUNDINGS_KEPT) this.#fundings.shift();
  }

  /** Trades from a moment on, of one order or of all. */
  trades(
    { sinceAt, venueOrderId }: { sinceAt: EpochMs; venueOrderId?: string },
  ): VenueTrade[] {
    return this.#trades.filter((trade) =>
      trade.at >= sinceAt &&
      (venueOrderId === undefined || trade.venueOrderId === venueOrderId)
    );
  }

  /** Funding from a moment on. */
  fundings(sinceAt: EpochMs): VenueFunding[] {
    return this.#fundings.filter(({ at }) => at >= sinceAt);
  }
}
