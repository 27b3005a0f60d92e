import { VenueError } from "../../exchange/gateway/port.ts";
import { RECONCILE_RETRY_MAX_MS, RECONCILE_RETRY_MS } from "./limits.ts";
import type { EntryBlock } from "./port.ts";
import { readForBooks } from "./risk.ts";
import type { VenueAccount } from "./venue_account.ts";

/**
 * Sets margin mode and leverage of a perpetual, as often as it takes. The books
 * compute with the leverage of the configuration, so nothing is entered until
 * the venue has taken it; exits go out meanwhile. A position that is there keeps
 * what the venue has: once it has refused, it is asked again when nothing is held.
 */
export class MarketPreparation {
  readonly #account: VenueAccount;
  readonly #alert: (detail: string) => void;
  /** Leverage that the venue has; null while that is not known. */
  #taken: number | null = null;
  /** Whether the venue has ever said yes or no. */
  #isAnswered = false;
  /** Why the last attempt failed, told to a person. */
  #problem: string | null = null;
  #isBusy = false;
  /** What was last asked for, the next moment to ask for it again, and the pause after that. */
  #asked: number | null = null;
  #nextMs = -Infinity;
  #waitMs = RECONCILE_RETRY_MS;

  constructor(account: VenueAccount, alert: (detail: string) => void) {
    this.#account = account;
    this.#alert = alert;
  }

  /** Why no entry may go out; null where the venue has what the books compute with. */
  block(): EntryBlock | null {
    if (this.#isDone) return null;
    const { leverage } = this.#account.side;
    const why = this.#problem === null ? "" : ` (${this.#problem})`;
    return {
      code: "VENUE_UNAVAILABLE",
      detail: `The venue has not taken a leverage of ${leverage} yet${why}; ` +
        "it is asked again while nothing is held: close the position, or set the former leverage",
    };
  }

  /** Asks the venue when it is time to. */
  tick(): void {
    const { side, clock } = this.#account;
    if (this.#isDone || this.#isBusy) return;
    const isOther = side.leverage !== this.#asked;
    if (isOther) this.#waitMs = RECONCILE_RETRY_MS;
    else if (clock.monotonicMs() < this.#nextMs) return;
    const isHeld = Number(side.positionQuantity()) !== 0;
    if (!isHeld || !this.#isAnswered) void this.#ask(side.leverage);
  }

  get #isDone(): boolean {
    const { profile, side } = this.#account;
    return profile.market === "spot" || this.#taken === side.leverage;
  }

  async #ask(leverage: number): Promise<void> {
    const { symbol, clock, random } = this.#account;
    this.#isBusy = true;
    this.#asked = leverage;
    // Without an answer it may have either one.
    this.#taken = null;
    try {
      await readForBooks(
        this.#account,
        "prepare",
        (gateway) => gateway.prepare(symbol, { leverage }),
      );
      this.#taken = leverage;
      this.#isAnswered = true;
      this.#waitMs = RECONCILE_RETRY_MS;
      this.#tell(null);
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      this.#isAnswered ||= error.kind === "refused";
      this.#nextMs = clock.monotonicMs() + this.#waitMs * (0.5 + random() / 2);
      this.#waitMs = Math.min(RECONCILE_RETRY_MAX_MS, 2 * this.#waitMs);
      this.#tell(error.message);
    } finally {
      this.#isBusy = false;
    }
  }

  #tell(problem: string | null): void {
    const isNews = problem !== this.#problem;
    this.#problem = problem;
    if (!isNews || this.#account.isClosed) return;
    this.#alert(
      problem === null ? "" : `The leverage could not be set: ${problem}`,
    );
  }
}
