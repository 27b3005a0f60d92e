import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import type { DeskAccountConfig } from "../../../../lib/contracts/desk.ts";
import type {
  DeskAction,
  OrderIntent,
  OrderRole,
} from "../../../../lib/contracts/order.ts";
import type { VenueOrderRequest } from "../../../../lib/contracts/venue.ts";
import { DeskAccount } from "../../../../lib/desk/account/account.ts";
import { Journal } from "../../../../lib/desk/journal/journal_file.ts";
import type { AccountLink } from "../../../../lib/desk/venue/account_link.ts";
import { VenueDriver } from "../../../../lib/desk/venue/driver.ts";
import type { WorkingOrder } from "../../../../lib/desk/venue/port.ts";
import type { VenueExecution } from "../../../../lib/desk/venue/venue_account.ts";
import {
  type BudgetLane,
  type CreateOutcome,
  VenueError,
} from "../../../../lib/exchange/gateway/port.ts";
import { paperProfile } from "../../../../lib/exchange/paper_venue/profile.ts";
import { PaperVenue } from "../../../../lib/exchange/paper_venue/venue.ts";
import { FREE, RULES } from "../../exchange/paper_venue/support.ts";
import { venueConfig } from "../account/venue/profiles.ts";
import { MemoryStorage } from "../memory_storage.ts";
import { candle, intent, START_AT } from "../support.ts";

const MARKET = { exchange: "binance", market: "swap" } as const;

/** A paper venue that outlives the desk, as an exchange does, and remembers what it was asked. */
class LastingVenue extends PaperVenue {
  readonly created: VenueOrderRequest[] = [];
  /** Leverages that it was asked for. */
  readonly asked: number[] = [];
  /** Why it takes no leverage; null while it does. */
  refusal: string | null = null;

  override create(request: VenueOrderRequest): Promise<CreateOutcome> {
    this.created.push(request);
    return super.create(request);
  }

  override prepare(
    symbol: string,
    options: { leverage: number },
  ): Promise<void> {
    this.asked.push(options.leverage);
    return this.refusal === null
      ? super.prepare(symbol, options)
      : Promise.reject(new VenueError("refused", this.refusal));
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Account, journal, driver and a perpetual on paper as they are in a desk, on virtual time. */
export class PaperBench {
  readonly clock = createSimulatedClock({ startMs: START_AT });
  readonly storage = new MemoryStorage();
  readonly venue = new LastingVenue({
    ...MARKET,
    symbol: RULES.symbol,
    clock: this.clock,
    costs: FREE,
    balance: "100000",
    rules: RULES,
  });
  config: DeskAccountConfig = venueConfig({}, paperProfile(MARKET));
  /** Lanes in which somebody waited for the rate budget. */
  readonly lanes: BudgetLane[] = [];
  prices = { bid: 99.9, ask: 100.1 };
  account!: DeskAccount;
  link!: AccountLink;
  #driver!: VenueDriver;
  #journal!: Journal;

  /** One whose books were brought together with the venue, after its first candle. */
  static async running(): Promise<PaperBench> {
    const bench = new PaperBench();
    bench.open();
    await bench.pass(10_000);
    bench.candle();
    return bench;
  }

  /** A desk process begins, with what the disk holds. */
  open(): void {
    this.#driver = new VenueDriver({
      clock: this.clock,
      random: () => 0.5,
      venue: {
        gateway: this.venue,
        budget: {
          tryTake: () => true,
          take: (lane) => {
            this.lanes.push(lane);
            return Promise.resolve();
          },
          retryAfter: () => {},
          freeShare: 1,
          silentUntilMs: null,
        },
        costOf: () => 1,
        syncClock: () => Promise.resolve(),
        quote: (_symbol, quote) => this.venue.quote(quote),
      },
      alert: () => {},
    });
    const { journal, content } = Journal.open({
      path: "x",
      clock: this.clock,
      storage: this.storage,
      onChange: () => {},
    });
    this.#journal = journal;
    const { config } = this;
    this.link = this.#driver.register({
      config,
      execution: config.execution as VenueExecution,
      journal: {
        synced: () => journal.synced(),
        isFailing: () => journal.failure !== null,
      },
      onChange: () => {},
    });
    const { ports } = this.link;
    this.account = content.entries.length === 0
      ? DeskAccount.open({ config, sink: journal, ports })
      : DeskAccount.recover(content.entries, journal, { ports });
    this.link.attach(this.account.venue!, () => this.account.view());
  }

  /** The process dies; what the disk did not take is gone. */
  crash(): void {
    void this.#driver.close();
    this.#journal.abandon();
  }

  /** Time goes by with a price each second. */
  async pass(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
      this.quote();
      // deno-lint-ignore no-await-in-loop -- second by second
      await this.clock.advance(Math.min(1_000, leftMs));
    }
  }

  quote(prices = this.prices): void {
    this.prices = prices;
    this.link.quote({
      at: this.clock.nowMs(),
      ...prices,
      bidSize: 1_000,
      askSize: 1_000,
      mark: null,
    });
  }

  candle(): void {
    const { bid, ask } = this.prices;
    this.account.step(
      candle(this.account.seq + 1, { close: (bid + ask) / 2 }),
    );
  }

  /** The agent decides on a new candle. */
  decide(...actions: DeskAction[]): void {
    this.candle();
    const { seq } = this.account;
    this.account.decide({ type: "decided", seq, actions });
  }

  /** The agent wants an entry; returns its intent's id. */
  submit(change: Partial<OrderIntent>): string {
    const wanted = intent(this.account.seq + 1, {
      stopPrice: 95,
      targetPrice: null,
      ...change,
    });
    this.decide({ kind: "submit", intent: wanted });
    return wanted.intentId;
  }

  /** Working orders of a role. */
  working(role: OrderRole): readonly WorkingOrder[] {
    return this.account.venue!.workingOrders().filter(({ order }) =>
      order.role === role
    );
  }

  /** Entries that the venue was sent. */
  get entries(): readonly VenueOrderRequest[] {
    return this.venue.created.filter(({ reduceOnly }) => !reduceOnly);
  }

  /** What the books hold; "0" for nothing. */
  get held(): string {
    return this.account.venue!.positionQuantity();
  }
}
