import { checkPart } from "../../../../agents/risk/part_controls.ts";
import type { Refusal } from "../../../../agents/risk/refusal.ts";
import type { OpenOrder } from "../../../contracts/order.ts";
import { decimal, divide } from "../../../core/decimal.ts";
import type { AccountLog } from "../account_log.ts";
import { entryOrderOf, reservedMargin } from "../orders.ts";
import { controlContext } from "../submission.ts";
import type { LiveIntent } from "../trade.ts";
import type { PartDesk, WantedPart } from "./requests.ts";
import { unsentLegs } from "./reserved.ts";

/** Further orders of an intent on candles: they rest at once and are live from the next candle. */
export class CandleParts implements PartDesk {
  readonly log: AccountLog;

  constructor(log: AccountLog) {
    this.log = log;
  }

  entries(): OpenOrder[] {
    return this.log.book.gateway.entries();
  }

  working(intentId: string, part: number): OpenOrder | null {
    return this.entries().find((order) =>
      order.intentId === intentId && (order.part ?? 0) === part
    ) ?? null;
  }

  movable(intentId: string, part: number): OpenOrder | null {
    return this.working(intentId, part);
  }

  stopPrice({ intent }: LiveIntent): number {
    const { ledger, gateway } = this.log.book;
    const stop = ledger.position?.intentId === intent.intentId
      ? gateway.find("stop")
      : null;
    return stop === null ? intent.stopPrice : Number(stop.price);
  }

  check(wanted: WantedPart): Refusal | null {
    const { log } = this;
    const { ledger, config, valuation, intents } = log.book;
    const { intent, quantity, replaces } = wanted;
    const others = this.entries().filter(({ orderId }) => orderId !== replaces);
    const { intentId } = intent;
    const leverage = config.risk.leverage;
    const reserved = reservedMargin([
      ...others,
      ...unsentLegs(intents, others, { intentId, quantity }),
    ], { leverage, lastClose: valuation.close });
    const { position } = ledger;
    const verdict = checkPart({
      ...controlContext(log, { intent, isKnown: false }),
      reservedMargin: position === null
        ? reserved
        : reserved.plus(divide(position.cost, decimal(leverage))),
    }, wanted);
    return verdict.ok ? null : verdict.error;
  }

  place(wanted: WantedPart): null {
    const { intent, ...order } = wanted;
    const { seq, terms } = this.log.book;
    this.log.record({
      type: "ORDER",
      order: entryOrderOf(intent, { ...order, seq, delay: terms.delay }),
      riskAmount: null,
    });
    return null;
  }

  move({ orderId }: OpenOrder, wanted: WantedPart): void {
    const reason = "It moves to another price";
    this.log.record({ type: "CANCEL", orderId, reason });
    this.place(wanted);
  }
}
