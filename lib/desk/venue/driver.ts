/**
 * What carries out the commands of accounts at one venue with one key and brings
 * reports back. The account decides and records, the driver acts: it sends an
 * order once, repeats reads and withdrawals, looks for orders whose outcome is
 * unknown, brings books and venue together, and says what stands in the way of a
 * new entry. It has time and chance from outside, so that it runs in a
 * simulation as it does in a worker.
 *
 * @module
 */
import type { Clock, Timer } from "../../../actors/clock.ts";
import type { DecimalText } from "../../core/decimal.ts";
import { AppError } from "../../core/errors.ts";
import { VenueError } from "../../exchange/gateway/port.ts";
import { AccountLink, type AccountRegistration } from "./account_link.ts";
import { VenueCalls } from "./calls.ts";
import { ClockGuard } from "./clock_guard.ts";
import { DeadManSwitch } from "./dead_man_switch.ts";
import { type VenueAlert, VenueHealth } from "./health.ts";
import {
  RECONCILE_RETRY_MAX_MS,
  RECONCILE_RETRY_MS,
  RISK_RETRY_MS,
  TICK_MS,
} from "./limits.ts";
import { MinuteCounter } from "./minute_counter.ts";
import type { OpenedVenue } from "./opener.ts";
import type { EntryBlock } from "./port.ts";
import { mayBeAtVenue } from "./risk.ts";
import { grossNotional } from "./shared_exposure.ts";
import { Sleeper } from "./sleeper.ts";

/** What a driver is made with. */
export interface VenueDriverOptions {
  venue: OpenedVenue;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  alert(alert: VenueAlert): void;
  /** A further reason why an agent may not enter, for instance an emergency stop. */
  gate?: (agentId: string) => EntryBlock | null;
}

/** What the accounts of a driver share. */
export interface DriverCore {
  readonly venue: OpenedVenue;
  readonly clock: Clock;
  readonly random: () => number;
  readonly calls: VenueCalls;
  readonly health: VenueHealth;
  readonly clockGuard: ClockGuard;
  readonly messages: MinuteCounter;
  readonly gate: VenueDriverOptions["gate"];
  /** Opens the venue, once. Resolves with true when it is open; with false if the driver was closed before, or the key is refused. */
  open(): Promise<boolean>;
  alert(alert: VenueAlert): void;
  grossNotional(): DecimalText | null;
  ordersLastMinute(): number;
}

/** See the module's description. */
export class VenueDriver {
  readonly #options: VenueDriverOptions;
  readonly #core: DriverCore;
  readonly #links = new Map<string, AccountLink>();
  readonly #sleeper: Sleeper;
  readonly #deadMan: DeadManSwitch;
  readonly #ticks: Timer;
  #opened: Promise<boolean> | null = null;
  #isClosed = false;

  constructor(options: VenueDriverOptions) {
    const { venue, clock, random, alert } = options;
    this.#options = options;
    this.#sleeper = new Sleeper(clock);
    const clockGuard = new ClockGuard({ clock, venue });
    const health = new VenueHealth({ clock, venue, clockGuard, alert });
    const messages = new MinuteCounter(clock);
    const calls = new VenueCalls({
      clock,
      random,
      venue,
      health,
      clockGuard,
      sleeper: this.#sleeper,
      messages,
    });
    this.#core = {
      venue,
      clock,
      random,
      calls,
      health,
      clockGuard,
      messages,
      gate: options.gate,
      open: () => this.#opened ??= this.#open(),
      alert,
      grossNotional: () => this.#grossNotional(),
      ordersLastMinute: () => this.#ordersLastMinute(),
    };
    this.#deadMan = new DeadManSwitch({ clock, calls });
    this.#ticks = clock.every(TICK_MS, () => this.#tick());
  }

  /** Accounts that are registered. */
  get size(): number {
    return this.#links.size;
  }

  /**
   * Registers an account that is about to be made or recovered.
   *
   * @throws {AppError} `ACCOUNT_SYMBOL_TAKEN`: two agents in one market of one
   *   key could not tell whose position it is.
   */
  register(registration: AccountRegistration): AccountLink {
    const { symbol } = registration.config;
    const other = this.#links.get(symbol);
    if (other !== undefined) {
      throw new AppError(
        "ACCOUNT_SYMBOL_TAKEN",
        `Agent ${other.agentId} trades ${symbol} with this key already; ` +
          "stop it first, or give this agent another market or key",
        { status: 409 },
      );
    }
    const link = new AccountLink(this.#core, registration);
    this.#links.set(symbol, link);
    return link;
  }

  /** Lets go of an account; what rests at the venue stays there. */
  release(link: AccountLink): void {
    link.close();
    if (this.#links.get(link.symbol) === link) this.#links.delete(link.symbol);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ticks.cancel();
    this.#sleeper.cancel();
    for (const link of [...this.#links.values()]) this.release(link);
    try {
      await this.#options.venue.gateway.close();
    } catch {
      // It is given up in any case.
    }
  }

  /** Opens the venue, as often as it takes. */
  async #open(): Promise<boolean> {
    const { venue, random } = this.#options;
    for (let waitMs = RECONCILE_RETRY_MS; !this.#isClosed;) {
      try {
        // deno-lint-ignore no-await-in-loop -- until the venue answers
        await venue.gateway.open();
        this.#core.health.succeeded("read");
        return !this.#isClosed;
      } catch (error) {
        const failure = error instanceof VenueError
          ? error
          : new VenueError("unknown", `The venue did not open: ${error}`);
        this.#core.health.failed("read", failure);
        if (failure.kind === "auth") return false;
      }
      const mostMs = this.#isAtRisk() ? RISK_RETRY_MS : waitMs;
      // deno-lint-ignore no-await-in-loop -- as above
      await this.#sleeper.sleep(
        Math.min(mostMs, waitMs) * (0.5 + random() / 2),
      );
      waitMs = Math.min(RECONCILE_RETRY_MAX_MS, 2 * waitMs);
    }
    return false;
  }

  /** What is at a venue that cannot be opened is neither protected nor withdrawn meanwhile. */
  #isAtRisk(): boolean {
    return [...this.#links.values()].some(({ side }) =>
      side !== null && mayBeAtVenue(side)
    );
  }

  #tick(): void {
    const { venue, clockGuard } = this.#core;
    clockGuard.tick();
    for (const link of this.#links.values()) link.tick();
    if (!venue.gateway.profile.hasCancelAfter) return;
    const sides = [...this.#links.values()].flatMap(({ side }) => side ?? []);
    this.#deadMan.tick(sides);
  }

  #grossNotional(): DecimalText | null {
    return grossNotional(
      [...this.#links.values()].flatMap(({ side, quotes }) =>
        side === null ? [] : { side, price: quotes.price }
      ),
    );
  }

  #ordersLastMinute(): number {
    let total = 0;
    for (const link of this.#links.values()) total += link.orders.total;
    return total;
  }
}
