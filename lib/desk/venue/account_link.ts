import type { AccountView } from "../../contracts/account.ts";
import type { DeskAccountConfig } from "../../contracts/desk.ts";
import type { Quote, VenueOrder } from "../../contracts/venue.ts";
import { assert } from "../../core/assert.ts";
import type { WireProbe } from "../latency.ts";
import { DriftCauses } from "./drift_causes.ts";
import { FirstRead } from "./first_read.ts";
import { createParts, type LinkParts } from "./link_parts.ts";
import { MinuteCounter } from "./minute_counter.ts";
import { RequestCounter } from "./request_counter.ts";
import { OrderOwners } from "./order_owners.ts";
import type {
  EntryBlock,
  SharedExposure,
  VenueCommand,
  VenuePorts,
  VenueReport,
  VenueSide,
} from "./port.ts";
import { QuoteGuard } from "./quote_guard.ts";
import { settlingRefused } from "./settling.ts";
import { Sleeper } from "./sleeper.ts";
import { holdUpOf, wayOf } from "./venue_way.ts";
import { untilDone } from "./until_done.ts";
import {
  type JournalGate,
  Touches,
  type VenueAccount,
  type VenueExecution,
} from "./venue_account.ts";
import type { DriverCore } from "./driver.ts";

const NOT_OPEN = "The venue does not open; the desk goes on trying";

/** What an account is registered with. */
export interface AccountRegistration {
  config: DeskAccountConfig;
  execution: VenueExecution;
  journal: JournalGate;
  /** Called after the account has taken in a report. */
  onChange(): void;
  /** Hears of entries that go out and are answered; left out where nobody measures. */
  wire?: WireProbe;
}

/**
 * One account at a venue: what it may ask at once, what it commands, and all
 * that looks after it. Nothing goes out before `attach`, because the account is
 * made with these ports.
 */
export class AccountLink {
  readonly ports: VenuePorts;
  readonly symbol: string;
  readonly quotes: QuoteGuard;
  readonly #core: DriverCore;
  readonly #registration: AccountRegistration;
  readonly #sleeper: Sleeper;
  /** Sent within the last minute. */
  readonly orders: MinuteCounter;
  readonly requests = new RequestCounter();
  readonly #firstRead = new FirstRead();
  #parts: LinkParts | null = null;
  /** What was commanded before there was anybody to carry it out. */
  #early: VenueCommand[] = [];
  #problem: string | null = null;
  #isReady = false;
  #isClosed = false;

  constructor(core: DriverCore, registration: AccountRegistration) {
    const { clock } = core;
    this.#core = core;
    this.#registration = registration;
    this.symbol = registration.config.symbol;
    this.quotes = new QuoteGuard(clock);
    this.#sleeper = new Sleeper(clock);
    this.orders = new MinuteCounter(clock);
    this.ports = {
      profile: core.venue.gateway.profile,
      nowMs: () => clock.nowMs(),
      tryReserve: (lane) =>
        this.#firstRead.isDone &&
        core.venue.budget.tryTake(lane, core.venue.costOf("create")),
      send: (command) => this.#send(command),
      entryBlock: () => this.#entryBlock(),
      isJournalFailing: () => registration.journal.isFailing(),
      priceBlock: () => this.quotes.block(),
      shared: () => this.#shared(),
    };
  }

  get agentId(): string {
    return this.#registration.config.agentId;
  }

  /** What is known of the way to the venue. */
  get way() {
    return { ...wayOf(this.#core), rules: this.side?.rules ?? null };
  }

  /** Why the venue is asked nothing for now, a sentence without its end mark; null while nothing stands in the way. */
  get holdUp(): string | null {
    return holdUpOf(this.#core) ?? (this.#isReady ? null : NOT_OPEN);
  }

  /** The account's part, once it is attached. */
  get side(): VenueSide | null {
    return this.#parts?.account.side ?? null;
  }

  /** Orders of others in this market; they are shown and never touched. */
  get foreignOrders(): { orders: readonly VenueOrder[]; count: number } {
    return this.#parts?.reconciler.orders.foreign ?? { orders: [], count: 0 };
  }

  /**
   * The account was made or recovered: what it commanded meanwhile goes out when
   * the venue is open. A venue without books of its own gets those of the
   * account first.
   */
  attach(side: VenueSide, view: () => AccountView): void {
    this.#core.venue.restore?.({ working: side.workingOrders(), view: view() });
    assert(this.#parts === null, `${this.agentId} is attached already`);
    this.#parts = createParts(
      this.#toAccount(side),
      (detail) => this.#alert(detail),
    );
    void this.#begin();
  }

  quote(quote: Quote): void {
    this.quotes.take(quote);
    this.#core.venue.quote?.(this.symbol, quote);
    this.side?.quote(quote);
    this.changed();
  }

  /** What the feed says of itself: nothing comes, or it comes again (null). */
  feedIsStale(detail: string | null): void {
    this.quotes.feedIsStale(detail);
    if (detail !== null) this.#core.venue.forgetQuote?.(this.symbol);
  }

  /**
   * A person says that an order without an answer is not at the venue; see
   * {@link OrderSeeker.settle}.
   *
   * @throws {AppError} ORDER_STATE_CONFLICT
   */
  async settle(orderId: string, detail: string): Promise<void> {
    if (this.#parts === null || !this.#isReady) {
      throw settlingRefused(
        orderId,
        "the venue is being opened; try again in a minute",
      );
    }
    await this.#parts.courier.seeker.settle(orderId, detail);
  }

  /** The account may have changed by something else than a report. */
  changed(): void {
    this.#parts?.protection.look();
  }

  tick(): void {
    if (this.#parts === null || !this.#isReady) return;
    const { reconciler, stream, protection, preparation } = this.#parts;
    reconciler.tick();
    stream.tick();
    preparation.tick();
    protection.look();
  }

  close(): void {
    this.#isClosed = true;
    this.#sleeper.cancel();
    this.#parts?.stream.close();
    this.#parts?.protection.close();
  }

  #send(command: VenueCommand): void {
    if (this.#isReady) this.#parts!.courier.send(command);
    else this.#early.push(command);
  }

  /** Waits for the venue and its rules, then lets everything begin. */
  async #begin(): Promise<void> {
    const { account, courier, reconciler, stream, preparation } = this.#parts!;
    if (!await this.#core.open() || this.#isClosed) return;
    await this.#untilDone(() => this.#learnRules(account));
    if (this.#isClosed) return;
    this.#isReady = true;
    // Before anything else goes out, but exits do not wait for the answer.
    preparation.tick();
    for (const command of this.#early.splice(0)) courier.send(command);
    stream.open();
    reconciler.tick();
    this.#registration.onChange();
  }

  /** Until it succeeds the sentence of its failure stands in the way of entries. */
  async #untilDone(act: () => void | Promise<void>): Promise<void> {
    await untilDone(act, {
      sleeper: this.#sleeper,
      isClosed: () => this.#isClosed,
      onFailure: (reason) => {
        if (this.#problem !== reason) this.#alert(reason);
        this.#problem = reason;
      },
    });
    if (this.#problem !== null) this.#alert("");
    this.#problem = null;
  }

  /** @throws {AppError} While the venue does not know the market. */
  #learnRules({ venue, side }: VenueAccount): void {
    side.setRules(venue.gateway.rules(this.symbol));
  }

  #entryBlock(): EntryBlock | null {
    const [core, parts] = [this.#core, this.#parts];
    if (this.#problem !== null) {
      return { code: "VENUE_UNAVAILABLE", detail: this.#problem };
    }
    const shared = core.health.block();
    if (shared !== null) return shared;
    const due = parts?.reconciler.dueBecause ?? null;
    if (parts === null || !this.#isReady || due !== null) {
      const detail = due ?? "The venue is being opened";
      return { code: "RECONCILING", detail };
    }
    return parts.stream.block() ?? core.clockGuard.block() ??
      parts.preparation.block() ?? this.quotes.block() ??
      core.gate?.(this.agentId) ?? null;
  }

  #shared(): SharedExposure {
    const free = this.#parts?.reconciler.holdings.free ?? null;
    return {
      grossNotional: this.#core.grossNotional(),
      ordersLastMinute: this.#core.ordersLastMinute(),
      messagesLastMinute: this.#core.messages.total,
      freeBalance: free?.amount ?? null,
      freeBalanceAt: free?.at ?? null,
    };
  }

  #report(report: VenueReport): void {
    if (this.#isClosed) return;
    this.side!.apply(report);
    this.changed();
    this.#registration.onChange();
  }

  #alert(detail: string): void {
    this.#core.alert({
      code: "VENUE_UNREACHABLE",
      agentId: this.agentId,
      detail,
    });
  }

  #toAccount(side: VenueSide): VenueAccount {
    const { config, execution, journal, wire } = this.#registration;
    const { clock, random, venue, calls, health, clockGuard } = this.#core;
    const { agentId } = this;
    const isClosed = () => this.#isClosed;
    return {
      config,
      execution,
      symbol: this.symbol,
      profile: venue.gateway.profile,
      side,
      journal,
      wire,
      venue,
      budget: venue.budget,
      calls,
      health,
      clockGuard,
      clock,
      random,
      sleeper: this.#sleeper,
      touches: new Touches(clock),
      owners: new OrderOwners(),
      drift: new DriftCauses((detail) =>
        this.#report({ type: "drift", detail })
      ),
      firstRead: this.#firstRead,
      ordersLastMinute: this.orders,
      requests: this.requests,
      get isClosed() {
        return isClosed();
      },
      report: (report) => this.#report(report),
      hurry: () => this.#parts?.reconciler.hurry(),
      entryBlock: () => this.#entryBlock(),
      alert: (alert) => this.#core.alert({ ...alert, agentId }),
    };
  }
}
