import type { Fill } from "../../../../lib/contracts/order.ts";
import type { Evidence } from "../evidence.ts";
import type {
  OracleConfig,
  OracleEntry,
  OracleRecord,
} from "../journal_text.ts";

/** The oracle's arithmetic is in floating point; a cent in a million is beyond its errors. */
export const TOLERANCE = 1e-6;

/** Length of a UTC day in milliseconds. */
const DAY_MS = 86_400_000;

/** A round trip as the oracle adds it up. */
export interface OracleTrade {
  intentId: string;
  exitSeq: number;
  netPnl: number;
}

/** P1 and P6: the store has exactly the trades that the fills of the journal make, and no entry was accepted beyond a limit. */
export function checkTrades({ agents, report }: Evidence): void {
  for (const { id, journal, stored } of agents) {
    const folded = journal === null
      ? []
      : foldTrades(journal, (what) => report("P6", `${what} of ${id}`));
    for (
      let index = 0;
      index < Math.max(folded.length, stored.length);
      index++
    ) {
      const ours = folded[index];
      const theirs = stored[index];
      if (ours === undefined || theirs === undefined) {
        report(
          "P1",
          `Trade ${index + 1} of ${id} is ${
            ours === undefined ? "stored and not journaled" : "lost"
          } (${folded.length} journaled, ${stored.length} stored)`,
        );
        break;
      }
      const isSame = ours.intentId === theirs.intentId &&
        ours.exitSeq === theirs.exitSeq &&
        Math.abs(ours.netPnl - Number(theirs.netPnl)) < TOLERANCE;
      if (isSame) continue;
      report(
        "P1",
        `Trade ${
          index + 1
        } of ${id} is ${ours.intentId} with ${ours.netPnl} by its fills, stored is ${theirs.intentId} with ${theirs.netPnl}`,
      );
    }
  }
}

/** The trades that the fills of a journal make; broken limits are reported. */
export function foldTrades(
  journal: readonly OracleEntry[],
  report: (what: string) => void = () => {},
): readonly OracleTrade[] {
  const fold = new Fold(report);
  for (const entry of journal) fold.take(entry);
  return fold.trades;
}

/** The book of one journal, added up by other code than the desk's. */
export class Fold {
  readonly trades: OracleTrade[] = [];
  readonly #report: (what: string) => void;
  #config: OracleConfig | null = null;
  #cash = 0;
  /** Of the position that is open. */
  #funding = 0;
  /** Highest cash while flat: the equity had at least this peak. */
  #peak = 0;
  #entry: Fill | null = null;
  #day: number | null = null;
  /** Cash at the start of the day of market time; null if a position was open then, whose worth is not in the journal. */
  #dayStart: number | null = null;
  /** Cash at the last mark; null if a position was open. */
  #flatCash: number | null = null;
  /** Entries accepted since the last mark: with the next one comes their day. */
  #accepted: { orderId: string; cash: number }[] = [];

  /** `report` is told of orders beyond a limit. */
  constructor(report: (what: string) => void) {
    this.#report = report;
  }

  get cash(): number {
    return this.#cash;
  }

  /** The fill that opened the position; null without one. */
  get entry(): Fill | null {
    return this.#entry;
  }

  take({ record, mark }: OracleEntry): void {
    this.#add(record);
    if (mark !== null && mark.at !== null) this.#mark(mark.at);
  }

  /** A transaction ends, at this market time. */
  #mark(at: number): void {
    const day = Math.floor(at / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#dayStart = this.#flatCash;
    }
    for (const { orderId, cash } of this.#accepted.splice(0)) {
      const lost = (this.#dayStart ?? cash) - cash;
      const limit = Number(this.#config!.risk.dailyLossLimit);
      if (lost < limit + TOLERANCE) continue;
      this.#report(
        `Order ${orderId} was accepted after a loss of ${lost} in one day, the limit is ${limit}`,
      );
    }
    this.#flatCash = this.#entry === null ? this.#cash : null;
  }

  #add(record: OracleRecord): void {
    switch (record.type) {
      case "ACCOUNT":
        // A later segment begins with what its predecessors add up to.
        if ((record.state ?? null) !== null) return;
        this.#cash = Number(record.config.risk.initialCapital);
        this.#peak = this.#cash;
        this.#flatCash = this.#cash;
        this.#config = record.config;
        return;
      case "CONFIG":
        this.#config = record.config;
        return;
      case "REARM":
        this.#peak = this.#cash;
        return;
      case "ORDER":
        if (record.order.role === "entry") this.#accept(record.order.orderId);
        return;
      case "FUNDING":
        // What was paid with an open position belongs to its trade.
        this.#cash -= Number(record.amount);
        this.#funding += Number(record.amount);
        return;
      case "FILL":
        return this.#fill(record.fill);
    }
  }

  /** One-sided: the true peak may be higher, so whoever is beyond the limit here is beyond it. */
  #accept(orderId: string): void {
    if (this.#entry !== null) return;
    this.#accepted.push({ orderId, cash: this.#cash });
    const lossPct = (this.#peak - this.#cash) / this.#peak * 100;
    const { maxDrawdownPct } = this.#config!.risk;
    if (lossPct > maxDrawdownPct + TOLERANCE) {
      this.#report(
        `Order ${orderId} was accepted ${lossPct} % below the peak, the limit is ${maxDrawdownPct} %`,
      );
    }
  }

  #fill(fill: Fill): void {
    this.#cash -= feesOf(fill);
    if (this.#entry === null) {
      this.#entry = fill;
      return;
    }
    if (fill.role === "entry") {
      this.#entry = together(this.#entry, fill);
      return;
    }
    const entry = this.#entry;
    this.#entry = null;
    const sign = entry.side === "buy" ? 1 : -1;
    const gross = sign * (gainOf(entry, fill) - hedgeGainOf(entry, fill));
    this.#cash += gross;
    this.#peak = Math.max(this.#peak, this.#cash);
    this.trades.push({
      intentId: entry.intentId,
      exitSeq: fill.seq,
      netPnl: gross - feesOf(fill) - feesOf(entry) - this.#funding,
    });
    this.#funding = 0;
  }
}

/** Two fills of one entry as one, at their average price. */
function together(one: Fill, other: Fill): Fill {
  const quantity = Number(one.quantity) + Number(other.quantity);
  const value = Number(one.price) * Number(one.quantity) +
    Number(other.price) * Number(other.quantity);
  return {
    ...one,
    quantity: String(quantity),
    price: String(value / quantity),
    fee: String(Number(one.fee) + Number(other.fee)),
  };
}

/** Fees of both legs. */
function feesOf({ fee, hedge }: Fill): number {
  return Number(fee) + Number(hedge?.fee ?? 0);
}

/** What a price rise has made of a quantity. */
function gainOf(
  entry: { price: string },
  exit: { price: string; quantity: string },
): number {
  return (Number(exit.price) - Number(entry.price)) * Number(exit.quantity);
}

/** The same of the second leg; a pair has one at both ends. */
function hedgeGainOf(entry: Fill, exit: Fill): number {
  return entry.hedge === undefined || exit.hedge === undefined
    ? 0
    : gainOf(entry.hedge, exit.hedge);
}
