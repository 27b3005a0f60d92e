import type { Ledger } from "../../../../agents/portfolio/ledger.ts";
import { equityAt } from "../../../../agents/portfolio/valuation.ts";
import type { Candle } from "../../../contracts/candle.ts";
import type {
  DeskAction,
  OpenOrder,
  OrderIntent,
  RefusalCause,
} from "../../../contracts/order.ts";
import type { EpochMs } from "../../../contracts/primitives.ts";
import type { MarketRules, Quote } from "../../../contracts/venue.ts";
import { assert } from "../../../core/assert.ts";
import { type DecimalText, toDecimalText } from "../../../core/decimal.ts";
import { MARK_EVERY_CANDLES } from "../../limits.ts";
import type {
  VenuePorts,
  VenueReport,
  VenueSide,
  WorkingOrder,
} from "../../venue/port.ts";
import type { AccountLog } from "../account_log.ts";
import {
  checkBookLimits,
  checkLimitsAt,
  type LimitBreach,
} from "../limit_check.ts";
import type { LeverOrders } from "../lever_orders.ts";
import type { OrderDesk } from "../order_desk.ts";
import type { SubmitContext } from "../submission.ts";
import {
  type PartAction,
  type RepriceAction,
  takePart,
  takeReprice,
} from "../parts/requests.ts";
import { moveVenueStop, submitEntry } from "./entries.ts";
import { sellsBeyond } from "./exit_orders.ts";
import { follow } from "./follow.ts";
import { venueLevers } from "./levers.ts";
import { hasItsStop, isProtected } from "./protection.ts";
import { takeReport } from "./reports.ts";
import { resume } from "./resume.ts";
import { isTargetInCandle, isTargetInQuote } from "./target_watch.ts";
import { openTradingDay } from "./trading_day.ts";
import { takeVenueCandle } from "./venue_candle.ts";
import { VenueDesk } from "./venue_desk.ts";
import { endIntent, triggerHeldEntries, VenueParts } from "./venue_parts.ts";

/**
 * Makes the part of an account that deals with a venue.
 *
 * @throws {DefectError} Without ports: such an account cannot be run on candles.
 */
export function openVenueOrders(
  log: AccountLog,
  ports: VenuePorts | undefined,
): VenueOrders {
  assert(ports !== undefined, "An account at a venue needs the venue's ports");
  return new VenueOrders(new VenueDesk(log, ports));
}

/** Orders go to a venue by commands and come back by reports. */
export class VenueOrders implements OrderDesk, VenueSide {
  readonly #desk: VenueDesk;
  readonly #parts: VenueParts;
  /** The ledger that the limits were held against last. */
  #checked: Ledger | null = null;

  constructor(desk: VenueDesk) {
    this.#desk = desk;
    this.#parts = new VenueParts(desk);
  }

  /** Takes up what a restart has left open, and reserves ids. */
  begin(): void {
    resume(this.#desk);
    this.commit();
  }

  get rules(): MarketRules | null {
    return this.#desk.rules;
  }

  get leverage(): number {
    return this.#desk.log.book.config.risk.leverage;
  }

  workingOrders(): readonly WorkingOrder[] {
    return this.#desk.book.working;
  }

  isHeld(orderId: string): boolean {
    const placed = this.#desk.book.find(orderId);
    return placed !== null && this.#desk.isHeld(placed);
  }

  openIds(): readonly { clientOrderId: string }[] {
    return this.#desk.ids.openIds();
  }

  get fundingFromAt(): EpochMs | null {
    return this.#desk.book.funding.fromAt;
  }

  idsAsked(): void {
    if (this.#desk.book.ids.openBlocks.length === 0) return;
    this.#desk.log.record({ type: "IDS_ASKED" });
    this.commit();
  }

  apply(report: VenueReport): void {
    this.#breached(openTradingDay(this.#desk));
    takeReport(this.#desk, report);
    this.commit();
  }

  release(orderId: string): void {
    const placed = this.#desk.book.find(orderId);
    if (placed?.phase !== "queued") return;
    // Its turn comes with `idsSynced`, when the entry before it is over, or with the price that triggers it.
    if (!this.#desk.mayLeave(placed)) return this.#renewIds(placed.order);
    // What was read while it waited may have shown that another exit was filled already.
    if (sellsBeyond(this.#desk, placed)) {
      return this.drop(orderId, "Less is held than when it was made");
    }
    this.#desk.send(placed);
    this.commit();
  }

  drop(orderId: string, reason: string, cause?: RefusalCause): void {
    const placed = this.#desk.book.find(orderId);
    if (placed?.phase !== "queued") return;
    this.#desk.withdraw(placed, reason, cause);
    this.commit();
  }

  idsSynced(to: number): void {
    const { ids, book } = this.#desk;
    const waiting = book.working.filter((placed) =>
      placed.phase === "queued" && !ids.isUsable(placed.clientOrderId)
    );
    ids.synced(to);
    for (const placed of waiting) this.#desk.dispatch(placed);
    this.commit();
  }

  setRules(rules: MarketRules): void {
    if (JSON.stringify(this.rules) === JSON.stringify(rules)) return;
    this.#desk.log.record({ type: "RULES", rules });
    this.commit();
  }

  quote(quote: Quote): void {
    const desk = this.#desk;
    desk.quote = quote;
    this.#breached(openTradingDay(desk));
    const { ledger, causes } = desk.log.book;
    triggerHeldEntries(desk, quote);
    if (ledger.position === null) {
      if (desk.log.hasRecords) this.commit();
      return;
    }
    if (isTargetInQuote(desk, quote)) {
      desk.wishClosed("target", "The target was reached");
    }
    const isFlattened = causes.drawdown !== null || causes.dailyLoss !== null;
    if (!isFlattened && desk.price !== null) {
      const closes = { close: desk.price, hedgeClose: null };
      this.#breached(checkLimitsAt(desk.log, equityAt(ledger, closes)));
    }
    if (desk.log.hasRecords) this.commit();
  }

  positionQuantity(): DecimalText {
    return toDecimalText(this.#desk.positionQuantity);
  }

  isProtected = () => isProtected(this.#desk);
  isCovered = () => hasItsStop(this.#desk);

  abandonUnprotected(reason: string): void {
    const desk = this.#desk;
    if (desk.log.book.ledger.position === null || isProtected(desk)) return;
    desk.held.clear();
    desk.wishClosed("close", reason);
    this.commit();
  }

  /** Nothing is wished any more, no entry works, and what still works protects what is held. */
  get isQuiesced(): boolean {
    const { book, log } = this.#desk;
    if (book.closing !== null) return false;
    if (log.book.ledger.position === null) return book.working.length === 0;
    return book.working.every(({ order, cancel }) =>
      order.role !== "entry" && cancel === null
    ) && isProtected(this.#desk);
  }

  step(candle: Candle): void {
    const desk = this.#desk;
    desk.held.clear();
    const breach = takeVenueCandle(desk, candle);
    if (isTargetInCandle(desk, candle)) {
      desk.wishClosed("target", "The target was reached");
    }
    this.#breached(breach);
    follow(desk);
    this.#endStep(candle.seq);
  }

  submit(intent: OrderIntent, context: SubmitContext): void {
    submitEntry(this.#desk, intent, context);
    this.commit();
  }

  moveStop(
    move: Extract<DeskAction, { kind: "moveStop" }>,
    context: { decidedSeq: number },
  ): void {
    moveVenueStop(this.#desk, move, context);
    this.commit();
  }

  sendPart(action: PartAction, context: SubmitContext): void {
    takePart(this.#parts, action, context);
    this.commit();
  }

  reprice(action: RepriceAction, context: SubmitContext): void {
    takeReprice(this.#parts, action, context);
    this.commit();
  }

  cancelEntry(intentId: string, reason: string): void {
    // Filled, expired or denied meanwhile: the agent is told of that already.
    endIntent(this.#desk, { intentId, reason });
    if (this.#desk.log.hasRecords) this.commit();
  }

  close(reason: string): void {
    if (this.#desk.log.book.ledger.position === null) return;
    this.closeNow(reason);
    this.commit();
  }

  withdrawEntries(reason: string): void {
    this.#desk.withdrawEntries(reason);
  }

  closeNow(reason: string): void {
    this.#desk.wishClosed("close", reason);
  }

  levers(): LeverOrders {
    return venueLevers(this.#desk);
  }

  commit(): void {
    follow(this.#desk);
    if (this.#checkFlat()) follow(this.#desk);
    this.#desk.commit();
  }

  /** Holds the limits against what a trade has left of a flat account: while something is held, each quote does. Whether one was reached. */
  #checkFlat(): boolean {
    const { log } = this.#desk;
    const { ledger } = log.book;
    if (ledger.position !== null || ledger === this.#checked) return false;
    this.#checked = ledger;
    const breach = checkBookLimits(log);
    this.#breached(breach);
    return breach !== null;
  }

  /** An exit does not wait for a disk that refuses: what waits is made again with ids that need none. */
  #renewIds({ role }: OpenOrder): void {
    if (role === "entry" || !this.#desk.ids.renew()) return;
    for (const placed of [...this.#desk.book.working]) {
      if (placed.phase !== "queued") continue;
      this.#desk.withdraw(placed, "The disk did not take its id");
    }
    this.commit();
  }

  #breached(breach: LimitBreach | null): void {
    if (breach === null) return;
    this.#desk.withdrawEntries(breach.reason);
    if (breach.mustFlatten) this.#desk.wishClosed("close", breach.reason);
  }

  #endStep(seq: number): void {
    const { log } = this.#desk;
    const isSample = seq % MARK_EVERY_CANDLES === 0;
    if (isSample && !log.hasRecords) log.record({ type: "MARK" });
    if (isSample || log.hasRecords) this.#desk.commit(isSample);
  }
}
