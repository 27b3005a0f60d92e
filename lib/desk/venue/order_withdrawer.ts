import { VenueError } from "../../exchange/gateway/port.ts";
import { CANCEL_REPEAT_MAX_MS, CANCEL_REPEAT_MS } from "./limits.ts";
import type { WorkingOrder } from "./port.ts";
import {
  findWorking,
  refOf,
  reportOrder,
  type VenueAccount,
} from "./venue_account.ts";

/** Withdraws orders, again and again until each is over. A withdrawal does no harm twice. */
export class OrderWithdrawer {
  readonly #account: VenueAccount;
  readonly #running = new Set<string>();

  constructor(account: VenueAccount) {
    this.#account = account;
  }

  start(orderId: string): void {
    if (!this.#running.has(orderId)) void this.#run(orderId);
  }

  async #run(orderId: string): Promise<void> {
    this.#running.add(orderId);
    const account = this.#account;
    let waitMs = CANCEL_REPEAT_MS;
    // The first one leaves in the turn of its command, too, but no report comes back in it.
    for (;;) {
      const working = this.#wanted(orderId);
      if (working === null) break;
      account.touches.touch(orderId);
      // deno-lint-ignore no-await-in-loop -- a repetition follows from the one before
      await this.#withdraw(working);
      if (this.#wanted(orderId) === null) break;
      // deno-lint-ignore no-await-in-loop -- as above
      await account.sleeper.sleep(waitMs * (0.5 + account.random() / 2));
      waitMs = Math.min(CANCEL_REPEAT_MAX_MS, 2 * waitMs);
    }
    this.#running.delete(orderId);
  }

  async #withdraw(working: WorkingOrder): Promise<void> {
    const account = this.#account;
    const ref = refOf(account, working);
    try {
      const order = await account.calls.once(
        "cancel",
        account.requests.counted((gateway) => gateway.cancel(ref)),
        { lane: "cancel" },
      );
      if (order !== null) return reportOrder(account, order);
    } catch (error) {
      if (!(error instanceof VenueError)) throw error;
      if (error.kind === "auth" || error.kind === "maintenance") return;
      if (error.kind === "rate_limited" || error.kind === "clock") return;
    }
    await this.#look(working);
  }

  /** What became of it, where the answer does not say so. */
  async #look(working: WorkingOrder): Promise<void> {
    const account = this.#account;
    const ref = refOf(account, working);
    try {
      reportOrder(
        account,
        await account.calls.read(
          "order",
          account.requests.counted((gateway) => gateway.order(ref)),
          { isUrgent: true },
        ),
      );
    } catch (error) {
      // Not known (yet): the search or the next repetition finds out.
      if (!(error instanceof VenueError)) throw error;
    }
  }

  /** The order while it may rest and is to go. */
  #wanted(orderId: string): WorkingOrder | null {
    if (this.#account.isClosed) return null;
    const working = findWorking(this.#account, orderId);
    const isWanted = working !== null && working.cancel !== null &&
      working.phase !== "queued" && working.phase !== "settling";
    return isWanted ? working : null;
  }
}
