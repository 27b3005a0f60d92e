import type { Clock } from "../../../actors/clock.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import type { VenueCalls } from "./calls.ts";
import { CANCEL_AFTER_EVERY_MS, CANCEL_AFTER_MS } from "./limits.ts";
import type { VenueSide } from "./port.ts";

/**
 * The venue's own switch: it withdraws everything of the account when it hears
 * nothing for a minute. It is on while an entry rests and nothing is held: it
 * would withdraw the stops of a position as well, which a silent desk needs
 * most.
 */
export class DeadManSwitch {
  readonly #clock: Clock;
  readonly #calls: VenueCalls;
  #dueMs = -Infinity;
  #isOn = false;
  #isBusy = false;

  constructor(options: { clock: Clock; calls: VenueCalls }) {
    this.#clock = options.clock;
    this.#calls = options.calls;
  }

  tick(sides: readonly VenueSide[]): void {
    if (this.#isBusy) return;
    const isWanted = isSafe(sides);
    if (!isWanted && !this.#isOn) return;
    if (isWanted && this.#clock.monotonicMs() < this.#dueMs) return;
    void this.#set(isWanted);
  }

  async #set(isOn: boolean): Promise<void> {
    this.#isBusy = true;
    // It may be on although the answer is lost.
    this.#isOn = true;
    try {
      await this.#calls.once(
        "cancelAfter",
        (gateway) => gateway.cancelAfter(isOn ? CANCEL_AFTER_MS : 0),
        {
          lane: isOn ? "data" : "protective",
          deadlineMs: CANCEL_AFTER_EVERY_MS,
          // Left on it would withdraw the stops of a position.
          isUrgent: !isOn,
        },
      );
      this.#isOn = isOn;
      this.#dueMs = this.#clock.monotonicMs() + CANCEL_AFTER_EVERY_MS;
    } catch (error) {
      // Again with the next tick.
      if (!(error instanceof VenueError)) throw error;
    } finally {
      this.#isBusy = false;
    }
  }
}

/** Whether something rests that should go, and nothing that must stay. */
function isSafe(sides: readonly VenueSide[]): boolean {
  const isHeld = sides.some((side) => Number(side.positionQuantity()) !== 0);
  return !isHeld &&
    sides.some((side) =>
      side.workingOrders().some(({ phase }) => phase !== "queued")
    );
}
