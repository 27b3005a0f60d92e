/**
 * The oracle's own reading of journals: by their text alone, with none of the
 * desk's code, so that an error there does not excuse itself.
 *
 * @module
 */
import type {
  Fill,
  OpenOrder,
  OrderIntent,
} from "../../../lib/contracts/order.ts";

/** The records that the oracle knows; others have no meaning to it. */
export type OracleRecord =
  | { type: "ACCOUNT"; config: OracleConfig; state?: OracleState | null }
  | { type: "CONFIG"; config: OracleConfig }
  | { type: "INTENT"; intent: OrderIntent }
  | { type: "ORDER"; order: OpenOrder; parent?: { quantity: string } }
  | { type: "PART" | "REPRICE" | "REPRICE_DENIED"; intentId: string }
  | { type: "PART_OVER" | "PARENT_OVER"; intentId: string }
  | { type: "DENIED"; intentId: string; code: string; part?: number }
  | { type: "MOVE_DENIED"; intentId: string; code: string }
  | { type: "FILL"; fill: Fill }
  | { type: "FUNDING"; amount: string }
  | { type: "CANCEL"; orderId: string }
  | { type: "STATE"; causes: unknown }
  | { type: "ENTRIES"; allowed: boolean }
  | { type: "REARM"; commandId?: string | null }
  | { type: "ATTACHED"; epoch: number }
  | { type: "REPORT"; sequence: number; trades: number }
  | { type: "ACKNOWLEDGED" | "FORMAT" | "other" };

/** What a later segment says that the earlier ones add up to, as far as the oracle can tell by itself. */
export interface OracleState {
  /** Number of the segment. */
  segment: number;
  newestEpoch: number;
  book: {
    ledger: {
      cash: string;
      trades: number;
      position: { intentId: string; quantity: string } | null;
    };
    orders: readonly OpenOrder[];
    /** Latest intents, oldest first. */
    knownIntents: readonly (readonly [id: string, seq: number])[];
    knownCommands: readonly string[];
    causes: unknown;
    lossStreak: number;
  };
  outbox: {
    tradesIssued: number;
    trades: readonly unknown[];
  };
  /** What the agent is still to be told. */
  untold: { events: readonly { type: string }[] } | null;
}

/** The part of an account's configuration that its limits are, and whether entries are allowed. */
export interface OracleConfig {
  entriesAllowed: boolean;
  risk: {
    initialCapital: string;
    maxDrawdownPct: number;
    dailyLossLimit: string;
  };
}

/** One line. */
export interface OracleEntry {
  number: number;
  seq: number;
  /** The step in which the agent is told. */
  toldSeq: number;
  record: OracleRecord;
  /** On the last record of a transaction; the time is the market's. */
  mark: OracleMark | null;
}

/** What the last record of a transaction says. */
export interface OracleMark {
  seq: number;
  at: number | null;
  cash: string;
  trades: number;
}

/** What the beginning of a later segment says; null for every other line. */
export function stateOf({ record }: OracleEntry): OracleState | null {
  return record.type === "ACCOUNT" ? record.state ?? null : null;
}

/** Reads the whole lines of a journal, or of a part of one. A torn last line is left out. */
export function readRecords(text: string): OracleEntry[] {
  const lines = text.split("\n");
  lines.pop();
  return lines.map((line) => {
    const first = line.indexOf(" ");
    const second = line.indexOf(" ", first + 1);
    const { seq, toldSeq, record, mark } = JSON.parse(line.slice(second + 1));
    return {
      number: Number(line.slice(0, first)),
      seq,
      toldSeq,
      record,
      mark: mark ?? null,
    };
  });
}

/** Whose journal a file is. */
export function agentOfPath(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.slice(0, name.indexOf("."));
}
