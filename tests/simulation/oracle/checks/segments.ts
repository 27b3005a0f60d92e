import type { OpenOrder } from "../../../../lib/contracts/order.ts";
import type { Evidence } from "../evidence.ts";
import type {
  OracleConfig,
  OracleEntry,
  OracleMark,
  OracleRecord,
  OracleState,
} from "../journal_text.ts";
import { RestingOrders } from "../resting_orders.ts";
import { Fold, TOLERANCE } from "./trades.ts";

/** Latest ids that a segment must at least know; the desk remembers some more. */
const KNOWN_IDS = 500;

/** The event by which an agent is told of a record. */
const EVENTS: Readonly<Record<string, string>> = {
  ORDER: "OrderAccepted",
  DENIED: "OrderDenied",
  MOVE_DENIED: "StopMoveDenied",
  FILL: "OrderFilled",
  CANCEL: "OrderCanceled",
  REPRICE_DENIED: "RepriceDenied",
};

/** Records that are whole by themselves; any other belongs to a transaction, which ends with a mark. */
const ALONE: readonly string[] = [
  "ATTACHED",
  "REPORT",
  "ACKNOWLEDGED",
  "FORMAT",
];

/** P1: each segment begins with what all earlier ones add up to, and none ends within a transaction. */
export function checkSegments({ agents, report }: Evidence): void {
  for (const { id, journal } of agents) {
    const sums = new Sums();
    for (const entry of journal ?? []) {
      const { record, mark } = entry;
      if (record.type === "ACCOUNT" && record.state) {
        const { config, state } = record;
        const begins = `Segment ${state.segment} of ${id} begins`;
        const tell = (what: string) => report("P1", `${begins} ${what}`);
        if (sums.isWithinTransaction) tell("within a transaction");
        if (mark === null) tell("without a mark");
        else {
          const told = said({ config, state }, mark);
          compare(told, { sums: sums.at(mark.seq), tell });
        }
      }
      sums.take(entry);
    }
  }
}

/** What a segment says at its beginning, or what the lines before it add up to. */
interface Beginning {
  cash: readonly number[];
  trades: readonly number[];
  position: readonly [intentId: string, quantity: number] | null;
  orders: readonly OpenOrder[];
  /** Latest ids, oldest first. */
  intents: readonly string[];
  commands: readonly string[];
  lossStreak: number;
  /** Null if the oracle does not know. */
  causes: unknown;
  entriesAllowed: boolean;
  limits: readonly (string | number)[];
  newestEpoch: number;
  /** Trades in reports so far, and those that wait for one. */
  reported: readonly [issued: number, waiting: number];
  /** Types of the events that come with the next candle. */
  untold: readonly string[];
}

function compare(
  said: Beginning,
  { sums, tell }: { sums: Beginning; tell: (what: string) => void },
): void {
  const isCashSame = said.cash.every((cash) =>
    Math.abs(cash - sums.cash[0]!) <= TOLERANCE
  );
  for (const name of Object.keys(said) as (keyof Beginning)[]) {
    if (name === "cash" && isCashSame) continue;
    if (name === "causes" && sums.causes === null) continue;
    const [theirs, ours] = [said[name], sums[name]].map((value) =>
      JSON.stringify(value)
    );
    if (theirs === ours) continue;
    tell(`with ${name} ${theirs}, its predecessors add up to ${ours}`);
  }
}

function said(
  { config, state }: { config: OracleConfig; state: OracleState },
  mark: OracleMark,
): Beginning {
  const { book, outbox, newestEpoch } = state;
  const { ledger, orders, knownIntents, lossStreak, causes } = book;
  return {
    cash: [Number(ledger.cash), Number(mark.cash)],
    trades: [ledger.trades, mark.trades],
    position: ledger.position && placeOf(ledger.position),
    orders,
    intents: knownIntents.map(([id]) => id).slice(-KNOWN_IDS),
    commands: book.knownCommands.slice(-KNOWN_IDS),
    lossStreak,
    causes,
    entriesAllowed: config.entriesAllowed,
    limits: limitsOf(config),
    newestEpoch,
    reported: [outbox.tradesIssued, outbox.trades.length],
    untold: toldTypes(state),
  };
}

/** What the lines so far add up to, by the oracle's own code. */
class Sums {
  isWithinTransaction = false;
  readonly #fold = new Fold(() => {});
  readonly #orders = new RestingOrders();
  readonly #intents: string[] = [];
  readonly #commands: string[] = [];
  /** Events of the newest step that has any. */
  #events: { toldSeq: number; type: string }[] = [];
  #config: OracleConfig | null = null;
  #entriesAllowed = false;
  #causes: unknown = null;
  #lastType: string | null = null;
  #lossStreak = 0;
  #newestEpoch = 0;
  #tradesIssued = 0;

  take(entry: OracleEntry): void {
    const { record, mark, toldSeq } = entry;
    const { length } = this.#fold.trades;
    this.#fold.take(entry);
    for (const { netPnl } of this.#fold.trades.slice(length)) {
      this.#lossStreak = netPnl < 0 ? this.#lossStreak + 1 : 0;
    }
    this.#orders.take(record);
    if (!ALONE.includes(record.type)) this.isWithinTransaction = mark === null;
    // Of an order that moves, the one that takes its place is told of.
    const isMove = record.type === "CANCEL" && this.#lastType === "REPRICE";
    this.#lastType = record.type;
    const type = EVENTS[record.type];
    if (type !== undefined && !isMove) {
      this.#events = this.#events.filter((event) => event.toldSeq === toldSeq);
      this.#events.push({ toldSeq, type });
    }
    this.#add(record);
  }

  /** All of it after the candle `seq`. */
  at(seq: number): Beginning {
    const { cash, trades, entry } = this.#fold;
    const { length } = trades;
    return {
      cash: [cash, cash],
      trades: [length, length],
      position: entry && placeOf(entry),
      orders: this.#orders.all,
      intents: this.#intents.slice(-KNOWN_IDS),
      commands: this.#commands.slice(-KNOWN_IDS),
      lossStreak: this.#lossStreak,
      causes: this.#causes,
      entriesAllowed: this.#entriesAllowed,
      limits: limitsOf(this.#config!),
      newestEpoch: this.#newestEpoch,
      reported: [this.#tradesIssued, length - this.#tradesIssued],
      untold: this.#events.filter(({ toldSeq }) => toldSeq > seq)
        .map(({ type }) => type),
    };
  }

  #add(record: OracleRecord): void {
    switch (record.type) {
      case "ACCOUNT":
      case "CONFIG":
        this.#config = record.config;
        this.#entriesAllowed = record.config.entriesAllowed;
        return;
      case "ENTRIES":
        this.#entriesAllowed = record.allowed;
        return;
      case "INTENT":
        this.#intents.push(record.intent.intentId);
        return;
      case "STATE":
        this.#causes = record.causes;
        return;
      case "REARM":
        if (record.commandId) this.#commands.push(record.commandId);
        this.#lossStreak = 0;
        // Which causes a person may clear is the desk's affair.
        this.#causes = null;
        return;
      case "ATTACHED":
        this.#newestEpoch = Math.max(this.#newestEpoch, record.epoch);
        return;
      case "REPORT":
        this.#tradesIssued += record.trades;
        return;
    }
  }
}

function limitsOf({ risk }: OracleConfig): readonly (string | number)[] {
  return [risk.maxDrawdownPct, risk.dailyLossLimit];
}

function toldTypes({ untold }: OracleState): string[] {
  const known = Object.values(EVENTS);
  return (untold?.events ?? []).map(({ type }) => type)
    .filter((type) => known.includes(type));
}

function placeOf(
  { intentId, quantity }: { intentId: string; quantity: string },
): readonly [string, number] {
  // Parts are summed in floating point here.
  return [intentId, Number(Number(quantity).toFixed(8))];
}
