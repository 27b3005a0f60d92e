import {
  decimal,
  type DecimalText,
  toDecimalText,
} from "../../lib/core/decimal.ts";
import type { Ledger, OpenPosition } from "./ledger.ts";

/** Fields of a position that are decimals. */
type PositionAmount =
  | "quantity"
  | "cost"
  | "enteredQuantity"
  | "enteredValue"
  | "exitedQuantity"
  | "exitedValue"
  | "gained"
  | "fees"
  | "funding";

/** A ledger whose decimals are texts, for a file. Exact: nothing is rounded. */
export interface LedgerState
  extends Pick<Ledger, "trades" | "wins" | "losses" | "recentFillIds"> {
  initialCapital: DecimalText;
  cash: DecimalText;
  feesPaid: DecimalText;
  fundingPaid: DecimalText;
  position:
    | Omit<OpenPosition, PositionAmount | "hedge">
      & Record<PositionAmount, DecimalText>
      & {
        hedge?: { quantity: DecimalText; cost: DecimalText };
      }
    | null;
}

/** Writes a ledger as texts. */
export function toLedgerState(ledger: Ledger): LedgerState {
  const { trades, wins, losses, recentFillIds, position } = ledger;
  return {
    initialCapital: toDecimalText(ledger.initialCapital),
    cash: ledger.cashText,
    feesPaid: toDecimalText(ledger.feesPaid),
    fundingPaid: toDecimalText(ledger.fundingPaid),
    position: position && toPositionState(position),
    trades,
    wins,
    losses,
    recentFillIds,
  };
}

/**
 * Reads a ledger back; it equals the one that was written.
 *
 * @throws {RangeError} If an amount is no decimal.
 */
export function fromLedgerState(state: LedgerState): Ledger {
  const { position } = state;
  return {
    ...state,
    initialCapital: decimal(state.initialCapital),
    cash: decimal(state.cash),
    cashText: state.cash,
    feesPaid: decimal(state.feesPaid),
    fundingPaid: decimal(state.fundingPaid),
    position: position && fromPositionState(position),
  };
}

type PositionState = NonNullable<LedgerState["position"]>;

function toPositionState({ hedge, ...position }: OpenPosition): PositionState {
  return {
    ...position,
    ...mapAmounts(position, toDecimalText),
    ...(hedge === undefined ? {} : {
      hedge: {
        quantity: toDecimalText(hedge.quantity),
        cost: toDecimalText(hedge.cost),
      },
    }),
  };
}

function fromPositionState(
  { hedge, ...position }: PositionState,
): OpenPosition {
  return {
    ...position,
    ...mapAmounts(position, decimal),
    ...(hedge === undefined ? {} : {
      hedge: {
        quantity: decimal(hedge.quantity),
        cost: decimal(hedge.cost),
      },
    }),
  };
}

function mapAmounts<From, To>(
  position: Readonly<Record<PositionAmount, From>>,
  map: (amount: From) => To,
): Record<PositionAmount, To> {
  return {
    quantity: map(position.quantity),
    cost: map(position.cost),
    enteredQuantity: map(position.enteredQuantity),
    enteredValue: map(position.enteredValue),
    exitedQuantity: map(position.exitedQuantity),
    exitedValue: map(position.exitedValue),
    gained: map(position.gained),
    fees: map(position.fees),
    funding: map(position.funding),
  };
}
