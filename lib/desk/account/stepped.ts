import type { Ledger } from "../../../agents/portfolio/ledger.ts";
import type { Closes } from "../../../agents/portfolio/valuation.ts";
import type { DeskStepped } from "../../contracts/links.ts";
import type { DeskEvent } from "../../contracts/order.ts";
import type { AccountLog } from "./account_log.ts";
import { equityText } from "./view.ts";

const NO_EVENTS: readonly DeskEvent[] = Object.freeze([]);

/** What the agent is told about the candle that was just processed. */
export function tellStep({ book, events: eventLog }: AccountLog): DeskStepped {
  const { seq, ledger, standing } = book;
  const events = eventLog.own(seq)?.events ?? NO_EVENTS;
  const tradingState = standing.state;
  if (ledger.position === null) {
    return {
      type: "stepped",
      seq,
      events,
      equity: ledger.cashText,
      hasPosition: false,
      tradingState,
    };
  }
  return new SteppedInPosition({ seq, events, tradingState }, {
    ledger,
    closes: book.valuation.closes,
  });
}

/**
 * A step with an open position. Its exact equity is computed when it is read:
 * most decisions do not ask, and the decimals would cost more than the step.
 * A getter is lost when an object is cloned, so use {@link toMessage} before a
 * step leaves the isolate.
 */
export class SteppedInPosition implements DeskStepped {
  readonly type = "stepped";
  readonly seq: number;
  readonly events: readonly DeskEvent[];
  readonly hasPosition = true;
  readonly tradingState: DeskStepped["tradingState"];
  readonly #ledger: Ledger;
  readonly #closes: Closes;

  constructor(
    step: Pick<DeskStepped, "seq" | "events" | "tradingState">,
    book: { ledger: Ledger; closes: Closes },
  ) {
    this.seq = step.seq;
    this.events = step.events;
    this.tradingState = step.tradingState;
    this.#ledger = book.ledger;
    this.#closes = book.closes;
  }

  get equity(): string | null {
    return equityText(this.#ledger, this.#closes);
  }

  /** For recordings: the step as it would travel. */
  toJSON(): DeskStepped {
    return toMessage(this);
  }
}

/** A step as a plain object that can be cloned. */
export function toMessage(step: DeskStepped): DeskStepped {
  return step instanceof SteppedInPosition
    ? {
      type: "stepped",
      seq: step.seq,
      events: step.events,
      equity: step.equity,
      hasPosition: true,
      tradingState: step.tradingState,
    }
    : step;
}
