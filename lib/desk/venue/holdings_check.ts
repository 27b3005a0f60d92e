import { decimal } from "../../core/decimal.ts";
import type { DecimalText } from "../../core/decimal.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import { DRIFT_APART_MS, SURE_LOOKS_MAX } from "./limits.ts";
import type { OrderPhase } from "./port.ts";
import { readForBooks } from "./risk.ts";
import type { VenueAccount } from "./venue_account.ts";

/** Phases in which an order may have been filled without a trade in the books. */
const IN_BETWEEN: ReadonlySet<OrderPhase> = new Set([
  "sending",
  "unknown",
  "settling",
]);

const CAUSE = "position";

/** What the key can pay with, and when that was read. */
export interface FreeBalance {
  amount: DecimalText;
  at: EpochMs;
}

/** What a look says; `moving` while something under way may explain a difference. */
export type Comparison = "agrees" | "differs" | "moving";

/**
 * Compares the position with the books. A difference counts when it is seen
 * twice with nothing under way between, and ends when it is not seen any more.
 * Of spot only less than the books hold is one: the owner may have coins of the
 * same kind.
 */
export class HoldingsCheck {
  readonly #account: VenueAccount;
  #differsMs: number | null = null;
  #free: FreeBalance | null = null;

  constructor(account: VenueAccount) {
    this.#account = account;
  }

  /** Free quote currency; null while it is not known. */
  get free(): FreeBalance | null {
    return this.#free;
  }

  /** @throws {VenueError} */
  async run(): Promise<Comparison> {
    await this.#readBalances();
    return await this.#compare();
  }

  /**
   * Compares until two looks agree or differ alike.
   *
   * @throws {VenueError} Also where too much moves meanwhile: what moves may be
   *   the very thing that was missed, so all must be read again.
   */
  async runUntilSure(): Promise<void> {
    const { sleeper, drift } = this.#account;
    await this.#readBalances();
    for (let look = 1; look <= SURE_LOOKS_MAX; look++) {
      // deno-lint-ignore no-await-in-loop -- a look follows from the one before
      const seen = await this.#compare();
      if (this.#account.isClosed || seen === "agrees") return;
      if (seen === "differs" && drift.has(CAUSE)) return;
      // deno-lint-ignore no-await-in-loop -- as above
      await sleeper.sleep(DRIFT_APART_MS);
    }
    throw new VenueError("unknown", "The position could not be compared");
  }

  async #readBalances(): Promise<void> {
    const { clock, config } = this.#account;
    const quoteCurrency = config.symbol.split("/")[1]!.split(":")[0]!;
    const balances = await readForBooks(
      this.#account,
      "balances",
      (gateway) => gateway.balances(),
    );
    const found = balances.find(({ currency }) => currency === quoteCurrency);
    this.#free = { amount: found?.free ?? "0", at: clock.nowMs() };
  }

  async #compare(): Promise<Comparison> {
    const { symbol, clock, touches, drift } = this.#account;
    if (this.#isMoving()) return "moving";
    const askedMs = clock.monotonicMs();
    const position = await readForBooks(
      this.#account,
      "position",
      (gateway) => gateway.position(symbol),
    );
    if (
      this.#account.isClosed || this.#isMoving() || touches.lastMs >= askedMs
    ) return "moving";
    const detail = this.#differenceTo(position.quantity);
    if (detail === null) {
      this.#differsMs = null;
      if (drift.has(CAUSE)) this.#alert("");
      drift.set(CAUSE, null);
      return "agrees";
    }
    const nowMs = clock.monotonicMs();
    this.#differsMs ??= nowMs;
    if (nowMs - this.#differsMs >= DRIFT_APART_MS) {
      if (!drift.has(CAUSE)) this.#alert(detail);
      drift.set(CAUSE, detail);
    }
    return "differs";
  }

  #differenceTo(atVenue: DecimalText): string | null {
    const { side, profile, symbol } = this.#account;
    const inBooks = side.positionQuantity();
    const difference = decimal(atVenue).minus(decimal(inBooks));
    const isMore = difference.gt(0);
    if (profile.market === "spot" && isMore) return null;
    const step = decimal(side.rules?.quantityStep ?? "0");
    if (difference.eq(0) || difference.abs().lt(step)) return null;
    return `The venue holds ${atVenue} of ${symbol} and the books ${inBooks}`;
  }

  /** Whether an order or a report may be under way that explains a difference. */
  #isMoving(): boolean {
    const { touches, side } = this.#account;
    return touches.isFresh(null) ||
      side.workingOrders().some(({ phase }) => IN_BETWEEN.has(phase));
  }

  #alert(detail: string): void {
    this.#account.alert({ code: "POSITION_DRIFT", detail });
  }
}
