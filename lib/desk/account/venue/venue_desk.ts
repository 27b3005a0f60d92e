import { checkVenueOrder } from "../../../../agents/risk/venue_order_controls.ts";
import { directionSign } from "../../../../agents/portfolio/ledger.ts";
import type { Refusal } from "../../../../agents/risk/refusal.ts";
import type { Execution } from "../../../contracts/desk.ts";
import type {
  OpenOrder,
  OrderRole,
  RefusalCause,
} from "../../../contracts/order.ts";
import type { MarketRules, Quote } from "../../../contracts/venue.ts";
import { assert } from "../../../core/assert.ts";
import { type Decimal, type DecimalText, ZERO } from "../../../core/decimal.ts";
import type { BudgetLane } from "../../../exchange/gateway/port.ts";
import type { VenueCommand, VenuePorts } from "../../venue/port.ts";
import type { AccountLog } from "../account_log.ts";
import type { BookRecord } from "../../journal/records.ts";
import { endParents } from "../parts/end_parents.ts";
import { isMoving } from "../parts/parent.ts";
import { openQuantity, parentOf } from "./exit_orders.ts";
import { IdSupply } from "./id_supply.ts";
import { requestOf } from "./requests.ts";
import type { VenueBook } from "./venue_book.ts";
import type { PlacedOrder } from "./venue_state.ts";

/** Lane of the rate budget in which an order of a role waits. */
export const LANES: Readonly<Record<OrderRole, BudgetLane>> = {
  entry: "entry",
  stop: "protective",
  target: "exit",
  close: "exit",
};

/**
 * What the parts of an account at a venue share: its records, and the commands
 * that follow from them. Commands leave when the records are written.
 */
export class VenueDesk {
  readonly log: AccountLog;
  readonly ports: VenuePorts;
  readonly execution: Exclude<Execution, { kind: "candles" }>;
  readonly ids: IdSupply;
  quote: Quote | null = null;
  /** Roles whose last order the venue refused: none is placed until the next candle, or until protection is due. */
  readonly held = new Set<OrderRole>();
  /** Ids of entries that wait until another one is over. */
  readonly waitingEntries = new Set<string>();
  /** Ids of stop entries whose trigger was reached; the others wait here. */
  readonly triggered = new Set<string>();
  /** Stops in a row that the venue refused. */
  refusedStops = 0;
  readonly #commands: VenueCommand[] = [];
  #isFlushing = false;

  constructor(log: AccountLog, ports: VenuePorts) {
    const { execution } = log.book.config;
    assert(
      execution !== undefined && execution.kind !== "candles",
      "Only an account at a venue has a venue desk",
    );
    this.log = log;
    this.ports = ports;
    this.execution = execution;
    this.ids = new IdSupply(this);
  }

  get book(): VenueBook {
    return this.log.book.venue!;
  }

  get rules(): MarketRules | null {
    return this.book.rules;
  }

  /**
   * Whether an exit locks what it would sell, or could turn the position round:
   * then exits together never exceed what is held. Elsewhere the venue holds
   * them to reducing.
   */
  get isCareful(): boolean {
    const { market, hasReduceOnly } = this.ports.profile;
    return market === "spot" || !hasReduceOnly;
  }

  /** Whether the target rests at the venue beside the stop. */
  get restsTarget(): boolean {
    return this.ports.profile.restsBothExits && !this.isCareful;
  }

  /** What the books hold, negative for a short position. */
  get positionQuantity(): Decimal {
    const { position } = this.log.book.ledger;
    return position === null
      ? ZERO
      : position.quantity.times(directionSign(position.direction));
  }

  /** Middle of the best prices, else the last close; null while neither is known. */
  get price(): number | null {
    const { quote } = this;
    return quote === null
      ? this.log.book.valuation.close
      : quote.mark ?? (quote.bid + quote.ask) / 2;
  }

  /**
   * Journals an order, and sends it in the same transaction where an id and the
   * rate budget are at hand. Returns why it may not be made, or null.
   */
  place(
    order: OpenOrder,
    { riskAmount = null, ...fields }:
      & { riskAmount?: DecimalText | null }
      & Pick<Extract<BookRecord, { type: "ORDER" }>, "parent" | "lastPrice"> =
        {},
  ): Refusal | null {
    const clientOrderId = this.ids.next(order.role);
    if (clientOrderId === null) {
      const detail =
        "The account has used up its order ids; start a new agent in its place";
      return { code: "VENUE_UNAVAILABLE", detail };
    }
    const refusal = this.#refusalOf(order, { clientOrderId, ...fields });
    if (refusal !== null) return refusal;
    this.log.record({
      type: "ORDER",
      order,
      riskAmount,
      clientOrderId,
      ...fields,
    });
    this.dispatch(this.book.find(order.orderId)!);
    this.ids.reserveAhead();
    return null;
  }

  /** Sends a queued order now, or lets it wait for the rate budget; without an id that is on the disk, or behind another entry, it waits for that. */
  dispatch(placed: PlacedOrder): void {
    if (this.isHeld(placed)) return;
    const { orderId, role, intentId } = placed.order;
    if (role === "entry" && this.hasEntryOut(intentId)) {
      this.waitingEntries.add(orderId);
    }
    if (!this.mayLeave(placed)) return;
    const lane = LANES[role];
    if (this.ports.tryReserve(lane)) this.send(placed);
    else this.command({ type: "queue", orderId, lane });
  }

  /** Whether a queued order's turn has come. Of two entries both might be filled, so the second one waits until the first is over. */
  mayLeave(placed: PlacedOrder): boolean {
    const { order: { role, intentId }, clientOrderId } = placed;
    return !this.isHeld(placed) && this.ids.isUsable(clientOrderId) &&
      (role !== "entry" || !this.hasEntryOut(intentId));
  }

  /** Whether an entry left the desk and may still be filled; those of one intent do not stand in the way of each other. */
  hasEntryOut(exceptIntentId: string | null = null): boolean {
    return this.book.working.some(({ order, phase }) =>
      order.role === "entry" && phase !== "queued" &&
      order.intentId !== exceptIntentId
    );
  }

  /** Whether it is a stop entry whose trigger was not reached yet. */
  isHeld({ order: { role, type, orderId }, phase }: PlacedOrder): boolean {
    return role === "entry" && type === "stop" && phase === "queued" &&
      !this.triggered.has(orderId);
  }

  /** Records that it goes out, and lets it; an entry that an emergency stop came upon goes nowhere. */
  send(placed: PlacedOrder): void {
    const { order, clientOrderId } = placed;
    const { log: { stop } } = this;
    if (stop !== null && order.role === "entry") {
      return this.withdraw(placed, stop.reason);
    }
    this.log.record({
      type: "SENDING",
      orderId: order.orderId,
      at: this.ports.nowMs(),
      recvWindowMs: this.ports.profile.recvWindowMs,
    });
    const request = this.#requestOf(order, clientOrderId);
    this.command({ type: "create", orderId: order.orderId, request });
  }

  /** Withdraws an order: at once where it never left the desk. Nothing takes its place. */
  withdraw(placed: PlacedOrder, reason: string, cause?: RefusalCause): void {
    const { order: { intentId, orderId, role, part = 0 }, cancel } = placed;
    const why = { reason, cause: cause ?? "withdrawn" } as const;
    const parent = this.log.book.liveIntent(intentId)?.parent;
    if (role === "entry" && isMoving(parent, part)) {
      this.log.record({ type: "PART_OVER", intentId, part, ...why });
    }
    if (cancel?.isMove === true) {
      // It goes already, and for another reason now.
      this.log.record({ type: "CANCELING", orderId, ...why });
    } else this.#takeAway(placed, cause === undefined ? { reason } : why);
  }

  /** Withdraws an order because another one is to take its place. */
  takeAway(placed: PlacedOrder): void {
    this.#takeAway(placed, {
      reason: "It moves to another price",
      isMove: true,
    });
  }

  /** Withdraws every entry, and sends nothing more for any intent. */
  withdrawEntries(reason: string): void {
    endParents(this.log, { reason });
    for (const placed of [...this.book.working]) {
      if (placed.order.role === "entry") this.withdraw(placed, reason);
    }
  }

  /** Wishes the account flat, once. */
  wishClosed(role: "close" | "target", reason: string): void {
    if (this.book.closing !== null) return;
    this.log.record({ type: "CLOSING", role, reason });
  }

  /** A wish to be flat is given up: what is held stays, with its protection. */
  endClosing(reason: string): void {
    if (this.book.closing === null) return;
    this.log.record({ type: "CLOSING_ENDED", reason });
  }

  command(command: VenueCommand): void {
    this.#commands.push(command);
  }

  /** Ends the transaction and hands over what follows from it. */
  commit(isSample = false): void {
    this.log.commit(isSample);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      for (
        let command = this.#commands.shift();
        command !== undefined;
        command = this.#commands.shift()
      ) this.ports.send(command);
    } finally {
      this.#isFlushing = false;
    }
  }

  #requestOf(order: OpenOrder, clientOrderId: string) {
    return requestOf(order, {
      clientOrderId,
      symbol: this.log.book.config.symbol,
      hasReduceOnly: this.ports.profile.hasReduceOnly,
    });
  }

  #takeAway(
    { order: { orderId }, phase, cancel }: PlacedOrder,
    { isMove, ...why }: NonNullable<PlacedOrder["cancel"]>,
  ): void {
    if (phase === "queued") {
      this.log.record({ type: "CANCEL", orderId, ...why });
      return;
    }
    if (cancel !== null || phase === "settling") return;
    this.log.record({
      type: "CANCELING",
      orderId,
      ...why,
      ...(isMove === true ? { isMove } : {}),
    });
    this.command({ type: "cancel", orderId });
  }

  #refusalOf(
    order: OpenOrder,
    { clientOrderId, parent }: {
      clientOrderId: string;
      parent?: { quantity: DecimalText };
    },
  ): Refusal | null {
    const { symbol } = this.log.book.config;
    const closing = this.book.working
      .filter((placed) =>
        placed.order.role !== "entry" && placed.order.type === "market"
      )
      .reduce((sum, placed) => sum.plus(openQuantity(placed)), ZERO);
    return checkVenueOrder({
      request: this.#requestOf(order, clientOrderId),
      role: order.role,
      symbol,
      rules: this.rules,
      positionQuantity: this.positionQuantity,
      closingQuantity: closing,
      parent: order.role === "entry"
        ? parentOf(this, order, parent?.quantity ?? order.quantity)
        : null,
    });
  }
}
