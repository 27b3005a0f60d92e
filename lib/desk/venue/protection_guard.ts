import type { Timer } from "../../../actors/clock.ts";
import { PROTECT_WITHIN_MS } from "./limits.ts";
import type { VenueAccount } from "./venue_account.ts";

/** Sees to it that no position stays without its protection: within three seconds it has it, or it is closed. */
export class ProtectionGuard {
  readonly #account: VenueAccount;
  #timer: Timer | null = null;

  constructor(account: VenueAccount) {
    this.#account = account;
  }

  /** Called whenever the account may have changed. */
  look(): void {
    const { side, clock } = this.#account;
    if (side.isProtected()) {
      this.close();
      return;
    }
    this.#timer ??= clock.after(PROTECT_WITHIN_MS, () => {
      this.#timer = null;
      if (this.#account.isClosed || side.isProtected()) return;
      const detail =
        `The position was not protected within ${PROTECT_WITHIN_MS} ms; it is closed at the market`;
      this.#account.alert({ code: "POSITION_UNPROTECTED", detail });
      side.abandonUnprotected(detail);
      // Until the closing is through it is looked at again.
      this.look();
    });
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
