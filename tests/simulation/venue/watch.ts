import { isExit } from "./profile.ts";
import { UNPROTECTED_MAX_MS } from "./limits.ts";
import type { VenueWorld } from "./world.ts";

/** Looks each second whether the venue's position has its stop there. */
export class Watch {
  readonly #world: VenueWorld;
  #bareSinceMs: number | null = null;
  #boot = 0;

  constructor(world: VenueWorld) {
    this.#world = world;
  }

  look(): void {
    const { exchange, clock, weather, monitor, desk, boots } = this.#world;
    const { scenario } = this.#world;
    const nowMs = clock.monotonicMs();
    const { sellableUnits: position } = exchange.ledger;
    const covered = exchange.openOrders
      .filter((order) =>
        order.type === "stop" && isExit(order, scenario) &&
        (order.side === "buy") === position < 0
      )
      .reduce((sum, { quantity, filled }) => sum + quantity - filled, 0);
    const isBare = Math.abs(position) > covered;
    // On spot an exit without an answer may lock what it would sell, until the owner has settled it.
    const waitsForOwner = scenario.market === "spot" && !scenario.provesAbsence;
    const isFair = weather.isCalmFor(CALM_MS, nowMs) && boots === this.#boot &&
      desk !== null && !desk.isolate.isDead && !waitsForOwner;
    if (!isBare || !isFair) {
      this.#bareSinceMs = null;
      this.#boot = boots;
      return;
    }
    this.#bareSinceMs ??= nowMs;
    if (nowMs - this.#bareSinceMs <= UNPROTECTED_MAX_MS) return;
    monitor.report(
      "V7",
      `A position of ${position} units has stops for ${covered} since ${this.#bareSinceMs} ms`,
    );
    this.#bareSinceMs = nowMs;
  }
}

/** What a fault began may still be under way so long after it. */
const CALM_MS = 60_000;
