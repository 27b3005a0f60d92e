import type { DeskAccountConfig } from "../../../../../lib/contracts/desk.ts";
import type { DeskStepped } from "../../../../../lib/contracts/links.ts";
import type {
  DeskAction,
  OrderIntent,
  OrderRole,
} from "../../../../../lib/contracts/order.ts";
import type {
  MarketRules,
  Quote,
  VenueOrderRequest,
  VenueOrderStatus,
  VenueProfile,
  VenueTrade,
} from "../../../../../lib/contracts/venue.ts";
import { DeskAccount } from "../../../../../lib/desk/account/account.ts";
import type { StopInForce } from "../../../../../lib/desk/account/lever_orders.ts";
import type {
  BookRecord,
  JournalEntry,
} from "../../../../../lib/desk/journal/records.ts";
import type {
  EntryBlock,
  VenueCommand,
  VenuePorts,
  VenueReport,
  VenueSide,
  WorkingOrder,
} from "../../../../../lib/desk/venue/port.ts";
import { candle, intent, START_AT } from "../../support.ts";
import { RULES, SWAP, venueConfig } from "./profiles.ts";
import { orderOf, tradeOf } from "./venue_words.ts";

/** What a bench is made of. */
export interface BenchOptions {
  profile?: VenueProfile;
  rules?: MarketRules | null;
  config?: Partial<DeskAccountConfig>;
  /** Ids are on the disk as soon as they are reserved; default true. */
  syncsAtOnce?: boolean;
  /** From one candle to the next; default a minute. */
  candleMs?: number;
}

/** An account at a venue with everything that it says, driven report by report. */
export class VenueBench {
  account: DeskAccount;
  readonly commands: VenueCommand[] = [];
  /** Appends to the journal, each with its entries. */
  readonly appends: JournalEntry[][] = [];
  nowMs = START_AT;
  /** From one candle to the next; may change. */
  candleMs: number;
  /** Orders that the rate budget lets go at once. */
  budget = Infinity;
  block: EntryBlock | null = null;
  priceBlock: EntryBlock | null = null;
  /** The disk refuses the journal. */
  isFailing = false;
  readonly profile: VenueProfile;
  readonly #syncsAtOnce: boolean;
  #isMade = false;
  #toSync = 0;
  #seq = -1;
  #trades = 0;
  #decided = -1;

  constructor(options: BenchOptions = {}) {
    const { profile = SWAP, rules = RULES, config = {} } = options;
    this.profile = profile;
    this.candleMs = options.candleMs ?? 60_000;
    this.#syncsAtOnce = options.syncsAtOnce ?? true;
    this.account = DeskAccount.open({
      config: venueConfig(config, profile),
      sink: { append: (entries) => void this.appends.push([...entries]) },
      ports: this.ports(),
    });
    this.#made();
    if (rules !== null) this.side.setRules(rules);
    this.quote(99.9, 100.1);
    this.candle({ close: 100 });
  }

  get side(): VenueSide {
    return this.account.venue!;
  }

  get entries(): JournalEntry[] {
    return this.appends.flat();
  }

  get records(): BookRecord[] {
    return this.entries.map(({ record }) => record as BookRecord);
  }

  get seq(): number {
    return this.#seq;
  }

  ports(send: (command: VenueCommand) => void = this.#send): VenuePorts {
    return {
      profile: this.profile,
      nowMs: () => this.nowMs,
      tryReserve: () => --this.budget >= 0,
      send,
      entryBlock: () => this.block,
      isJournalFailing: () => this.isFailing,
      priceBlock: () => this.priceBlock,
      shared: () => ({
        grossNotional: "0",
        ordersLastMinute: 0,
        messagesLastMinute: 0,
        freeBalance: "1000000",
        freeBalanceAt: this.nowMs,
      }),
    };
  }

  /** The process dies and the account is recovered from what was written, or the first `appends` of it. */
  crash({ appends = this.appends.length, stop = null, ...more }: {
    appends?: number;
    stop?: StopInForce | null;
    sink?: (entries: readonly JournalEntry[]) => void;
  } = {}): void {
    const kept = this.appends.slice(0, appends);
    this.appends.length = 0;
    this.appends.push(...kept);
    this.commands.length = 0;
    const append = more.sink ??
      ((entries: readonly JournalEntry[]) =>
        void this.appends.push([...entries]));
    this.#isMade = false;
    this.account = DeskAccount.recover(kept.flat(), { append }, {
      ports: this.ports(),
      stop,
    });
    this.#made();
    this.#seq = this.account.seq;
  }

  candle(prices: Parameters<typeof candle>[1]): DeskStepped {
    this.#seq++;
    this.nowMs += this.candleMs;
    this.#requote();
    return this.account.step(candle(this.#seq, prices));
  }

  quote(bid: number, ask: number): void {
    this.#quote = { bid, ask };
    this.#requote();
  }

  #quote = { bid: 99.9, ask: 100.1 };

  #requote(): void {
    const quote: Quote = {
      at: this.nowMs,
      ...this.#quote,
      bidSize: null,
      askSize: null,
      mark: null,
    };
    this.side.quote(quote);
  }

  /** The agent decides on the last candle; once a candle. */
  decide(...actions: DeskAction[]): void {
    if (this.#decided >= this.#seq) {
      const { bid, ask } = this.#quote;
      this.candle({ close: (bid + ask) / 2 });
    }
    this.#decided = this.#seq;
    this.account.decide({ type: "decided", seq: this.#seq, actions });
  }

  submit(change: Partial<OrderIntent> = {}): void {
    if (this.#decided >= this.#seq) {
      const { bid, ask } = this.#quote;
      this.candle({ close: (bid + ask) / 2 });
    }
    this.decide({ kind: "submit", intent: intent(this.#seq, change) });
  }

  /** Takes the commands so far. */
  take(): VenueCommand[] {
    return this.commands.splice(0).filter(({ type }) => type !== "syncIds");
  }

  /** Requests of the orders that were sent among the commands so far, which are taken. */
  sent(): VenueOrderRequest[] {
    return this.take().flatMap((command) =>
      command.type === "create" ? [command.request] : []
    );
  }

  /** The one working order of a role. */
  working(role: OrderRole): WorkingOrder {
    const found = this.side.workingOrders().filter(({ order }) =>
      order.role === role
    );
    if (found.length !== 1) {
      throw new Error(`${found.length} orders of role ${role} work`);
    }
    return found[0]!;
  }

  report(report: VenueReport): void {
    this.side.apply(report);
  }

  /** The venue answers a create. */
  accept(working: WorkingOrder): void {
    this.report({
      type: "outcome",
      orderId: working.order.orderId,
      outcome: { kind: "accepted", order: orderOf(working) },
    });
  }

  reject(
    working: WorkingOrder,
    errorKind: "refused" | "rate_limited" = "refused",
  ): void {
    this.report({
      type: "outcome",
      orderId: working.order.orderId,
      outcome: {
        kind: "rejected",
        errorKind,
        venueCode: "-1",
        detail: "No",
        retryAfterMs: null,
      },
    });
  }

  loseAnswer(working: WorkingOrder): void {
    this.report({
      type: "outcome",
      orderId: working.order.orderId,
      outcome: { kind: "unknown", venueCode: null, detail: "No answer" },
    });
  }

  /** The order was withdrawn at the venue with this much filled. */
  over(
    working: WorkingOrder,
    filled: string = working.filled,
    status: VenueOrderStatus = "canceled",
  ): void {
    this.report({ type: "order", order: orderOf(working, { status, filled }) });
  }

  trade(
    working: Pick<WorkingOrder, "clientOrderId" | "order">,
    change: Partial<VenueTrade> = {},
  ): VenueTrade {
    const trade = {
      ...tradeOf(working, `t${++this.#trades}`, this.nowMs),
      ...change,
    };
    this.report({ type: "trade", trade });
    return trade;
  }

  /** A position of one unit or what the sizing gives, entered at the market, with its stop accepted. */
  enter(change: Partial<OrderIntent> = {}): void {
    this.submit(change);
    const entry = this.working("entry");
    this.accept(entry);
    this.trade(entry);
    const stop = this.working("stop");
    this.accept(stop);
    this.take();
  }

  readonly #send = (command: VenueCommand): void => {
    this.commands.push(command);
    if (command.type !== "syncIds" || !this.#syncsAtOnce) return;
    if (this.#isMade) this.side.idsSynced(command.to);
    else this.#toSync = command.to;
  };

  /** The answer to a first reservation comes when the account is made. */
  #made(): void {
    this.#isMade = true;
    if (this.#syncsAtOnce) this.side.idsSynced(this.#toSync);
  }
}
