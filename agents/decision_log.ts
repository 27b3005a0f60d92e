import type { DecisionView } from "../lib/contracts/chart.ts";
import type { DeskEvent, OrderIntent } from "../lib/contracts/order.ts";
import { Ring } from "../lib/core/ring.ts";
import type { EpochMs } from "../lib/contracts/primitives.ts";

/** Decisions that an agent remembers. */
export const DECISIONS_LIMIT = 100;

/** The last decisions of an agent, each with what became of it. */
export class DecisionLog {
  readonly #ring = new Ring<DecisionView>(DECISIONS_LIMIT);

  /** All remembered decisions, oldest first, as copies. */
  list(): DecisionView[] {
    return this.#ring.toArray().map((decision) => ({ ...decision }));
  }

  /** Notes a submitted entry. `at` is the open time of the deciding candle. */
  add(intent: OrderIntent, at: EpochMs): void {
    this.#ring.push({
      seq: intent.seq,
      at,
      strategy: intent.strategy,
      intentId: intent.intentId,
      side: intent.side,
      entryPrice: intent.entry.type === "limit" ? intent.entry.price : null,
      stopPrice: intent.stopPrice,
      targetPrice: intent.targetPrice,
      reasons: intent.reasons,
      outcome: "submitted",
      detail: null,
    });
  }

  /** Why the agent itself withdraws an entry. The outcome follows when the desk confirms. */
  noteWithdrawal(intentId: string, reason: string): void {
    const decision = this.find(intentId);
    if (decision !== null) decision.detail = reason;
  }

  /** Why the agent itself closes its position: the newest filled entry. */
  noteExit(reason: string): void {
    for (let index = this.#ring.size - 1; index >= 0; index--) {
      const decision = this.#ring.at(index)!;
      if (decision.outcome !== "filled") continue;
      decision.detail = `Closed: ${reason}`;
      return;
    }
  }

  /** Takes an event of the desk. A filled entry stays filled, whatever happens to its rest. */
  apply(event: DeskEvent): void {
    switch (event.type) {
      case "OrderAccepted": {
        if (event.order.role !== "entry") return;
        const decision = this.find(event.order.intentId);
        if (decision?.outcome === "submitted") decision.outcome = "accepted";
        return;
      }
      case "OrderDenied": {
        const decision = this.find(event.intentId);
        // A duplicate is denied because the first one stands.
        if (decision === null || event.code === "INTENT_DUPLICATE") return;
        // One part of it; the others stand.
        if (event.part !== undefined) return;
        decision.outcome = "denied";
        decision.detail = event.detail;
        return;
      }
      case "OrderFilled": {
        if (event.fill.role !== "entry") return;
        const decision = this.find(event.fill.intentId);
        if (decision === null) return;
        decision.outcome = "filled";
        decision.detail = null;
        return;
      }
      case "OrderCanceled": {
        if (event.role !== "entry") return;
        const decision = this.find(event.intentId);
        if (decision === null || decision.outcome === "filled") return;
        if (event.part !== undefined) return;
        decision.outcome = "canceled";
        decision.detail = event.reason;
        return;
      }
      default:
        return;
    }
  }

  /** The remembered decision with this id, or null. */
  find(intentId: string): DecisionView | null {
    for (let index = this.#ring.size - 1; index >= 0; index--) {
      const decision = this.#ring.at(index)!;
      if (decision.intentId === intentId) return decision;
    }
    return null;
  }

  snapshot(): DecisionView[] {
    return this.list();
  }

  restore(decisions: readonly DecisionView[]): void {
    this.#ring.clear();
    for (const decision of decisions) this.#ring.push({ ...decision });
  }
}
