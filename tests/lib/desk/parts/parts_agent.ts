import type { Candle } from "../../../../lib/contracts/candle.ts";
import type { DeskStepped } from "../../../../lib/contracts/links.ts";
import type {
  DeskAction,
  EntryOrder,
} from "../../../../lib/contracts/order.ts";
import { createRng, type Rng } from "../../../../lib/core/rng.ts";
import { intent } from "../support.ts";

/** The intent that the agent works on. */
interface Worked {
  intentId: string;
  sign: 1 | -1;
  parts: number;
}

const cents = (price: number) => Math.round(price * 100) / 100;

/**
 * Asks for entries of every kind, for parts, other prices, moved stops, closes
 * and withdrawals, sensible ones and others. What it asks for follows from the
 * candle and from what it was told alone.
 */
export class PartsAgent {
  readonly #seed: number;
  state: { worked: Worked | null; told: number } = { worked: null, told: 0 };

  constructor(seed: number) {
    this.#seed = seed;
  }

  decide(bar: Candle, step: DeskStepped): DeskAction[] {
    this.#listen(step);
    const rng = createRng(
      this.#seed * 7919 + bar.seq * 31 + this.state.told,
    );
    rng.next();
    const { worked } = this.state;
    if (worked === null || (!step.hasPosition && rng.next() < 0.05)) {
      return rng.next() < 0.3 ? [this.#submit(bar, rng)] : [];
    }
    return Array.from(
      { length: Math.floor(rng.next() * 3) },
      () => this.#work(bar, worked, rng),
    );
  }

  #listen({ events }: DeskStepped): void {
    this.state.told += events.length;
    const { worked } = this.state;
    for (const event of events) {
      const isOver = event.type === "PositionClosed" ||
        (event.type === "OrderDenied" && event.part === undefined &&
          event.intentId === worked?.intentId &&
          event.code !== "PART_INVALID");
      if (isOver) this.state.worked = null;
    }
  }

  #submit(bar: Candle, rng: Rng): DeskAction {
    const sign = rng.next() < 0.5 ? 1 : -1;
    const parts = Math.max(1, Math.floor(rng.next() * 6));
    const intentId = `${bar.seq}.0`;
    this.state.worked = { intentId, sign, parts };
    return {
      kind: "submit",
      intent: intent(bar.seq, {
        side: sign > 0 ? "buy" : "sell",
        entry: entryAt(bar, sign, rng),
        stopPrice: cents(bar.close * (1 - sign * 0.02)),
        targetPrice: rng.next() < 0.5
          ? null
          : cents(bar.close * (1 + sign * 0.03)),
        expireAfterSeq: rng.next() < 0.3 ? bar.seq + 12 : null,
        ...(parts === 1 ? {} : { parts }),
        ...(rng.next() < 0.5 ? {} : { decisionPrice: bar.close }),
      }),
    };
  }

  #work(bar: Candle, { intentId, sign, parts }: Worked, rng: Rng): DeskAction {
    const dice = rng.next();
    const part = Math.floor(rng.next() * (parts + 1));
    const reason = "The script says so";
    if (dice < 0.02) return { kind: "close", reason };
    if (dice < 0.05) {
      this.state.worked = rng.next() < 0.5 ? null : this.state.worked;
      return { kind: "cancel", intentId, reason };
    }
    if (dice < 0.15) {
      const stopPrice = cents(bar.close * (1 - sign * 0.012));
      return { kind: "moveStop", intentId, stopPrice, reason };
    }
    if (dice < 0.5) {
      const price = cents(
        bar.close * (1 - sign * (rng.next() * 0.012 - 0.001)),
      );
      return { kind: "reprice", intentId, part, price, reason };
    }
    return { kind: "part", intentId, part, entry: entryAt(bar, sign, rng) };
  }
}

function entryAt({ close }: Candle, sign: 1 | -1, rng: Rng): EntryOrder {
  const dice = rng.next();
  const off = rng.next() * 0.008;
  if (dice < 0.25) return { type: "market" };
  if (dice < 0.45) {
    return { type: "stop", price: cents(close * (1 + sign * off)) };
  }
  const price = cents(close * (1 - sign * (off - 0.001)));
  return dice < 0.7
    ? { type: "limit", price }
    : { type: "limit", price, postOnly: true };
}
