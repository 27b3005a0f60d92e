/** What a later segment of a journal says at its beginning, read for a ledger of its own. */
// @ts-types="@types/big.js"
import Big from "big.js";
import type { JournalLine } from "./journal_reader.ts";

/** How many of the latest intents a desk remembers. */
const REMEMBERED_INTENTS = 1024;

/** A position that is open, with its round trip so far. */
export interface OpenTrip {
  intentId: string;
  isLong: boolean;
  quantity: string;
  entryPrice: Big;
  entrySeq: number;
  fees: Big;
  /** Paid (positive) or received. */
  funding: Big;
  /** The second leg of a pair; null without one. */
  hedge: { quantity: string; cost: Big } | null;
}

/** What all earlier fills and orders add up to. */
export interface LedgerState {
  cash: Big;
  trades: number;
  trip: OpenTrip | null;
  /** Resting orders, in the order they were placed. */
  orders: readonly JournalLine[];
  /** Ids of the latest intents, oldest first. */
  intents: readonly string[];
}

/** Reads the state at the beginning of a segment. */
export function readState({ book }: JournalLine): LedgerState {
  const { cash, trades, position } = book.ledger;
  return {
    cash: new Big(cash),
    trades,
    trip: position === null ? null : {
      intentId: position.intentId,
      isLong: position.direction === "long",
      quantity: position.quantity,
      entryPrice: new Big(position.cost).div(position.quantity),
      entrySeq: position.entrySeq,
      fees: new Big(position.fees),
      funding: new Big(position.funding ?? 0),
      hedge: position.hedge === undefined ? null : {
        quantity: position.hedge.quantity,
        cost: new Big(position.hedge.cost),
      },
    },
    orders: book.orders,
    intents: book.knownIntents.map(([id]: [string]) => id),
  };
}

/** In what a state differs from what the lines before it add up to; empty where it says the same. */
export function differencesOf(
  stated: LedgerState,
  folded: LedgerState,
): string[] {
  const told = toTexts(stated);
  const known = toTexts(folded);
  return Object.keys(known).filter((key) => told[key] !== known[key]).map(
    (key) =>
      `${key} ${told[key] || "none"}, the lines before it make ${
        known[key] || "none"
      }`,
  );
}

function toTexts(state: LedgerState): Record<string, string> {
  const { cash, trades, trip, orders, intents } = state;
  return {
    cash: cash.toFixed(),
    trades: String(trades),
    position: trip === null ? "" : [
      trip.intentId,
      trip.isLong ? "long" : "short",
      new Big(trip.quantity).toFixed(),
      trip.entryPrice.toFixed(),
      trip.entrySeq,
      trip.fees.toFixed(),
      trip.funding.toFixed(),
      trip.hedge === null
        ? ""
        : `${
          new Big(trip.hedge.quantity).toFixed()
        } ${trip.hedge.cost.toFixed()}`,
    ].join(" "),
    orders: orders.map(({ orderId }) => orderId).join(" "),
    intents: intents.slice(-REMEMBERED_INTENTS).join(" "),
  };
}
