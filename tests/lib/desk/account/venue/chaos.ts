import assert from "node:assert/strict";
import type {
  VenueProfile,
  VenueTrade,
} from "../../../../../lib/contracts/venue.ts";
import {
  type Decimal,
  decimal,
  toDecimalText,
  ZERO,
} from "../../../../../lib/core/decimal.ts";
import type { VenueReport } from "../../../../../lib/desk/venue/port.ts";
import { VenueBench } from "./bench.ts";
import { foldTrades, Oracle, type OracleOrder } from "./oracle.ts";

/** A choice with which nothing is lost. */
const RELIABLE = 1;

/**
 * An account and a venue with an unreliable line between: answers are lost,
 * reports come late, twice and in any order, orders fill in parts, and the
 * process dies. What a choice means follows from its number alone.
 */
export class Chaos {
  readonly bench: VenueBench;
  readonly oracle: Oracle;
  /** Reports under way. */
  readonly #underWay: VenueReport[] = [];
  readonly #delivered: VenueTrade[] = [];

  constructor(profile: VenueProfile) {
    this.bench = new VenueBench({ profile });
    this.oracle = new Oracle(profile);
  }

  /** Does one thing. */
  act(choice: number): void {
    const { bench } = this;
    const kind = choice % 16;
    const detail = Math.floor(choice / 16);
    if (kind < 2) this.#decide(detail);
    else if (kind < 4) this.#move(detail);
    else if (kind < 8) this.#deliver(detail);
    else if (kind < 11) this.#fill(detail);
    else if (kind === 11) this.#lie(detail);
    else if (kind === 12) this.#command(detail);
    else if (kind === 13) this.#lookAgain(detail);
    else if (kind === 14 && detail % 4 === 0) bench.crash();
    this.#carryOut(detail);
    this.check();
  }

  /** What must hold at any moment. */
  check(): void {
    const booked = decimal(this.bench.side.positionQuantity());
    const told = foldTrades(this.#delivered).minus(this.#writtenOff());
    assert.equal(toDecimalText(booked), toDecimalText(told));
  }

  /** The line is mended: everything is told, until nothing changes any more. */
  settle(): void {
    const { bench } = this;
    for (let round = 0; round < 60; round++) {
      this.#carryOut(RELIABLE);
      while (this.#underWay.length > 0) this.#deliver(0);
      for (const order of this.oracle.orders) this.#tellAll(order);
      for (const { order } of [...bench.side.workingOrders()]) {
        const there = this.oracle.find(order.orderId);
        if (there !== null && !there.isTaken) {
          const { orderId } = order;
          this.#report({ type: "absent", orderId, detail: "Not there" });
        }
      }
      for (const { order, cancel } of bench.side.workingOrders()) {
        const there = this.oracle.find(order.orderId);
        if (cancel !== null && there !== null) there.isOpen = false;
      }
      if (!bench.side.isProtected()) {
        bench.side.abandonUnprotected("It took too long");
        this.#carryOut(RELIABLE);
        for (const order of this.oracle.orders) {
          if (order.request.type === "market") this.#fillWhole(order);
        }
      }
    }
    this.check();
  }

  #decide(detail: number): void {
    const price = 99 - detail % 3;
    this.bench.submit({
      stopPrice: 95,
      targetPrice: detail % 3 === 0 ? null : 110,
      entry: detail % 2 === 0 ? { type: "market" } : { type: "limit", price },
      ...(detail % 4 === 3 ? { parts: 2 + detail % 3 } : {}),
      riskPct: 0.2 + detail % 5 / 5,
    });
  }

  #move(detail: number): void {
    const { bench } = this;
    const close = 97 + detail % 8;
    bench.quote(close - 0.1, close + 0.1);
    if (detail % 3 === 0) bench.candle({ close });
    const working = bench.side.workingOrders();
    const [first] = working;
    if (first === undefined) return;
    const { intentId } = first.order;
    if (detail % 5 === 0) bench.decide({ kind: "close", reason: "Enough" });
    else if (detail % 5 === 1) {
      const stopPrice = 95 + detail % 4 * 0.3;
      bench.decide({ kind: "moveStop", intentId, stopPrice, reason: "Up" });
    } else if (detail % 5 === 2) {
      bench.decide({ kind: "cancel", intentId, reason: "No more" });
    } else if (detail % 7 === 0) bench.quote(110.5, 110.7);
    else if (detail % 5 === 3) {
      const part = detail % 4;
      const entry = detail % 2 === 0
        ? { type: "market" } as const
        : { type: "limit", price: close - 1 } as const;
      bench.decide({ kind: "part", intentId, part, entry });
    } else {
      const part = detail % 3;
      const price = close - 0.5 - detail % 4 * 0.2;
      bench.decide({ kind: "reprice", intentId, part, price, reason: "Near" });
    }
  }

  #command(detail: number): void {
    const { account } = this.bench;
    const reason = "A person wants it";
    if (detail % 9 === 0) account.quiesce({ positions: "close", reason });
    else if (detail % 9 === 1) account.quiesce({ positions: "keep", reason });
    else if (detail % 9 === 2) {
      this.bench.side.abandonUnprotected("It took too long");
    }
    account.setEntries({ allowed: true, reason });
  }

  /** A venue that is wrong about an order, or fills one that it said was over. Not on spot, where it would sell what is not there. */
  #lie(detail: number): void {
    if (this.bench.profile.market === "spot" || detail % 3 !== 0) return;
    const { orders } = this.oracle;
    const order = orders[detail % Math.max(1, orders.length)];
    if (order === undefined || !order.isTaken) return;
    const { orderId } = order;
    if (detail % 2 === 0) {
      this.#underWay.push({ type: "absent", orderId, detail: "Not there" });
    } else if (!order.isOpen) {
      order.isOpen = true;
      this.#fill(detail);
      order.isOpen = false;
    }
  }

  /** The venue acts on what was commanded. */
  #carryOut(detail: number): void {
    for (const command of this.bench.take()) {
      if (command.type === "create") this.#create(command, detail);
      else if (command.type === "queue") {
        this.bench.side.release(command.orderId);
      } else if (command.type === "cancel") {
        const order = this.oracle.find(command.orderId);
        if (order === null || detail % 3 === 0) continue;
        order.isOpen = false;
        if (order.isTaken) this.#tell(order);
      }
    }
  }

  #create(
    command: Parameters<Oracle["create"]>[0],
    detail: number,
  ): void {
    const order = this.oracle.create(command, { isTaken: detail % 5 !== 0 });
    const { orderId } = command;
    if (detail % 7 === 0 || !order.isTaken) {
      const outcome = order.isTaken || detail % 2 === 0
        ? { kind: "unknown", venueCode: null, detail: "Lost" } as const
        : {
          kind: "rejected",
          errorKind: detail % 3 === 0 ? "rate_limited" : "refused",
          venueCode: null,
          detail: "No",
          retryAfterMs: null,
        } as const;
      this.#underWay.push({ type: "outcome", orderId, outcome });
      return;
    }
    const outcome = {
      kind: "accepted",
      order: this.oracle.stateOf(order),
    } as const;
    this.#underWay.push({ type: "outcome", orderId, outcome });
    if (order.request.type === "market") this.#fillWhole(order);
  }

  #fill(detail: number): void {
    const open = this.oracle.orders.filter(({ isOpen }) => isOpen);
    const order = open[detail % Math.max(1, open.length)];
    if (order === undefined) return;
    const share = detail % 3 === 0 ? 1 : (1 + detail % 9) / 10;
    const trade = this.oracle.fill(order, { share, at: this.bench.nowMs });
    if (trade === null) return;
    this.#underWay.push({ type: "trade", trade });
    if (detail % 2 === 0) this.#tell(order);
  }

  #fillWhole(order: OracleOrder): void {
    const at = this.bench.nowMs;
    const trade = this.oracle.fill(order, { share: 1, at });
    if (trade !== null) this.#underWay.push({ type: "trade", trade });
    // A market order never rests.
    if (order.isTaken) {
      order.isOpen = false;
      this.#tell(order);
    }
  }

  /** Something heard before is heard again. */
  #lookAgain(detail: number): void {
    const { orders, trades } = this.oracle;
    const order = orders[detail % Math.max(1, orders.length)];
    if (order?.isTaken === true) this.#tell(order);
    const trade = trades[detail % Math.max(1, trades.length)];
    if (trade !== undefined) this.#underWay.push({ type: "trade", trade });
  }

  #deliver(detail: number): void {
    const index = detail % Math.max(1, this.#underWay.length);
    const report = this.#underWay[index];
    if (report === undefined) return;
    if (detail % 6 !== 5) this.#underWay.splice(index, 1);
    this.#report(report);
  }

  #tell(order: OracleOrder): void {
    this.#underWay.push({ type: "order", order: this.oracle.stateOf(order) });
  }

  #tellAll(order: OracleOrder): void {
    const { clientOrderId } = order.request;
    for (const trade of this.oracle.trades) {
      if (trade.clientOrderId === clientOrderId) {
        this.#report({ type: "trade", trade });
      }
    }
    if (!order.isTaken) return;
    this.#report({ type: "order", order: this.oracle.stateOf(order) });
  }

  #report(report: VenueReport): void {
    if (report.type === "trade") this.#delivered.push(report.trade);
    this.bench.report(report);
  }

  #writtenOff(): Decimal {
    return this.bench.records.reduce(
      (sum, record) =>
        record.type === "WRITE_OFF" ? sum.plus(decimal(record.quantity)) : sum,
      ZERO,
    );
  }
}
