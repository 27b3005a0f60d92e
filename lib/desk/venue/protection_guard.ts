import type { Timer } from "../../../actors/clock.ts";
import { PROTECT_WITHIN_MS } from "./limits.ts";
import type { VenueAccount } from "./venue_account.ts";

const CODE = "POSITION_UNPROTECTED";
const DETAIL =
  `The position was not protected within ${PROTECT_WITHIN_MS} ms; it is closed at the market`;

/** Sees to it that no position stays without its protection: within three seconds it has it, or it is closed. */
export class ProtectionGuard {
  readonly #account: VenueAccount;
  #timer: Timer | null = null;
  /** People were told that it has no stop. */
  #isTold = false;

  constructor(account: VenueAccount) {
    this.#account = account;
  }

  /** Called whenever the account may have changed. */
  look(): void {
    const { side, clock } = this.#account;
    if (this.#isTold && side.isCovered()) this.#tell(false);
    if (side.isProtected()) {
      this.close();
      return;
    }
    this.#timer ??= clock.after(PROTECT_WITHIN_MS, () => {
      this.#timer = null;
      if (this.#account.isClosed || side.isProtected()) return;
      // One that is being closed may have its stop until it is gone.
      if (!this.#isTold && !side.isCovered()) this.#tell(true);
      side.abandonUnprotected(DETAIL);
      // Until the closing is through it is looked at again.
      this.look();
    });
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #tell(isUncovered: boolean): void {
    this.#isTold = isUncovered;
    this.#account.alert({ code: CODE, detail: isUncovered ? DETAIL : "" });
  }
}
