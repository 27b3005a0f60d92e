/**
 * The paper venue of one account: a book of resting orders, matched against
 * closed candles by the rules of `agents/execution/matching.ts`. It proposes
 * executions and changes only when told what was journaled, so that a book
 * rebuilt from a journal equals the book that wrote it.
 *
 * @module
 */
import {
  PRESET_RATES,
  type TradingCosts,
} from "../../../agents/execution/costs.ts";
import {
  type Execution,
  type MatchableOrder,
  matchOrder,
  wouldTake,
} from "../../../agents/execution/matching.ts";
import { assert } from "../../core/assert.ts";
import type { Candle } from "../../contracts/candle.ts";
import type { OpenOrder, OrderRole } from "../../contracts/order.ts";

/** An order that a candle fills. */
export interface Match {
  order: OpenOrder;
  execution: Execution;
}

interface RestingOrder {
  open: OpenOrder;
  matchable: MatchableOrder;
}

/**
 * Which role is matched first where one candle reaches several orders: a close
 * fills at the open, before the path of the candle; then the stop before the
 * target ("stop and target in one candle: stop first"). A further part of an
 * entry fills before a stop that is reached within the candle, which then loses
 * for both, and before the target.
 */
const ROLE_RANK: Readonly<Record<OrderRole, number>> = {
  close: 0,
  stop: 1,
  entry: 1.1,
  target: 2,
};

/** An entry within the candle. */
const LATER_ENTRY_RANK = 1.2;

/** A close that arrives within the candle comes after a stop that the candle touches, which is the worse of the two. */
const LATE_CLOSE_RANK = 1.75;

function rankOf(role: OrderRole, atOpen: boolean): number {
  if (atOpen) return ROLE_RANK[role];
  if (role === "entry") return LATER_ENTRY_RANK;
  return role === "close" ? LATE_CLOSE_RANK : ROLE_RANK[role] + 0.5;
}

const NONE: readonly OpenOrder[] = Object.freeze([]);

/** Resting orders of one account, in the order they were placed. */
export class PaperGateway {
  readonly #resting: RestingOrder[] = [];
  /** How many post-only orders rest; asked at every candle. */
  #postOnly = 0;

  /** How many orders rest. */
  get size(): number {
    return this.#resting.length;
  }

  /** The resting orders, oldest first. */
  openOrders(): OpenOrder[] {
    return this.#resting.map((resting) => resting.open);
  }

  /** Whether an order rests. */
  has(orderId: string): boolean {
    return this.#indexOf(orderId) >= 0;
  }

  /** The resting order with this id, or null. */
  get(orderId: string): OpenOrder | null {
    return this.#resting[this.#indexOf(orderId)]?.open ?? null;
  }

  /** The oldest resting order of a role, or null. */
  find(role: OrderRole): OpenOrder | null {
    for (const { open } of this.#resting) if (open.role === role) return open;
    return null;
  }

  /** Resting entries, oldest first. */
  entries(): OpenOrder[] {
    const entries: OpenOrder[] = [];
    for (const { open } of this.#resting) {
      if (open.role === "entry") entries.push(open);
    }
    return entries;
  }

  /**
   * Lets an order rest.
   *
   * @throws {DefectError} If an order of that id rests already.
   */
  place(order: OpenOrder): void {
    if (this.has(order.orderId)) {
      assert(false, `Order ${order.orderId} rests already`);
    }
    if (order.postOnly === true) this.#postOnly++;
    this.#resting.push({
      open: order,
      matchable: {
        side: order.side,
        role: order.role,
        type: order.type,
        price: order.price === null ? null : Number(order.price),
        placedSeq: order.placedSeq,
        ...(order.delay === undefined ? {} : { delay: order.delay }),
        ...(order.hedge === undefined ? {} : { hedge: order.hedge }),
        ...(order.postOnly === true ? { postOnly: true as const } : {}),
      },
    });
  }

  /** Takes an order out of the book: filled or withdrawn. Returns it, or null where it does not rest. */
  remove(orderId: string): OpenOrder | null {
    const index = this.#indexOf(orderId);
    if (index < 0) return null;
    const { open } = this.#resting.splice(index, 1)[0]!;
    if (open.postOnly === true) this.#postOnly--;
    return open;
  }

  /** Post-only orders that would take at the open of this candle. */
  refusedBy(candle: Candle): readonly OpenOrder[] {
    if (this.#postOnly === 0) return NONE;
    return this.#resting.filter(({ matchable }) => wouldTake(matchable, candle))
      .map(({ open }) => open);
  }

  /**
   * The next order that the candle fills, or null. Call again after the fill was
   * booked and {@link PaperGateway.remove} called, until it returns null. Among
   * entries those that fill at the open come first, then the oldest.
   */
  match(candle: Candle, costs: TradingCosts = PRESET_RATES): Match | null {
    let best: Match | null = null;
    let bestRank = Infinity;
    for (const { open, matchable } of this.#resting) {
      const execution = matchOrder(matchable, candle, costs);
      if (execution === null) continue;
      const rank = rankOf(matchable.role, execution.atOpen);
      if (rank < bestRank) {
        best = { order: open, execution };
        bestRank = rank;
      }
    }
    return best;
  }

  #indexOf(orderId: string): number {
    for (let index = 0; index < this.#resting.length; index++) {
      if (this.#resting[index]!.open.orderId === orderId) return index;
    }
    return -1;
  }

  /** Entries whose last candle this was. */
  expiredBy(seq: number): OpenOrder[] {
    return this.openOrders().filter((order) =>
      order.expireAfterSeq !== null && seq >= order.expireAfterSeq
    );
  }

  /** Whether any order may expire by this candle; cheap, for the hot path. */
  hasExpiredBy(seq: number): boolean {
    for (const { open } of this.#resting) {
      if (open.expireAfterSeq !== null && seq >= open.expireAfterSeq) {
        return true;
      }
    }
    return false;
  }
}
