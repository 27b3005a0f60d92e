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
  | { type: "ACCOUNT" | "CONFIG"; config: OracleConfig }
  | { type: "INTENT"; intent: OrderIntent }
  | { type: "ORDER"; order: OpenOrder }
  | { type: "DENIED"; intentId: string; code: string }
  | { type: "FILL"; fill: Fill }
  | { type: "CANCEL"; orderId: string }
  | { type: "REARM" }
  | { type: "other" };

/** The part of an account's configuration that its limits are. */
export interface OracleConfig {
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
  record: OracleRecord;
  /** Market time, on the last record of a transaction. */
  mark: { seq: number; at: number | null } | null;
}

/** Reads the whole lines of a journal, or of a part of one. A torn last line is left out. */
export function readRecords(text: string): OracleEntry[] {
  const lines = text.split("\n");
  lines.pop();
  return lines.map((line) => {
    const first = line.indexOf(" ");
    const second = line.indexOf(" ", first + 1);
    const { seq, record, mark } = JSON.parse(line.slice(second + 1));
    return {
      number: Number(line.slice(0, first)),
      seq,
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
