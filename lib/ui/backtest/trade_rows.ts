import type { Trade } from "../../contracts/order.ts";

/** Columns that trades can be sorted by. */
export const TRADE_COLUMNS = {
  exitAt: { label: "Exit (UTC)", isNumber: false },
  direction: { label: "Side", isNumber: false },
  strategy: { label: "Strategy", isNumber: false },
  netPnl: { label: "Net", isNumber: true },
  resultR: { label: "R", isNumber: true },
  entryPrice: { label: "Entry", isNumber: true },
  exitPrice: { label: "Exit", isNumber: true },
  holdMs: { label: "Held", isNumber: true },
} as const;
export type TradeColumn = keyof typeof TRADE_COLUMNS;

/** By what trades are sorted. */
export interface TradeOrder {
  by: TradeColumn;
  descending: boolean;
}

/** Trades in an order; equal ones stay in the order of time. */
export function sortTrades(
  trades: readonly Trade[],
  { by, descending }: TradeOrder,
): Trade[] {
  const direction = descending ? -1 : 1;
  return trades.toSorted((a, b) => {
    const [left, right] = [valueOf(a, by), valueOf(b, by)];
    if (left === right) return a.exitAt - b.exitAt;
    return left < right ? -direction : direction;
  });
}

function valueOf(trade: Trade, column: TradeColumn): number | string {
  switch (column) {
    case "exitAt":
      return trade.exitAt;
    case "holdMs":
      return trade.exitAt - trade.entryAt;
    case "direction":
    case "strategy":
      return trade[column];
    default:
      return Number(trade[column]);
  }
}

const CSV_COLUMNS = [
  "tradeId",
  "strategy",
  "direction",
  "quantity",
  "entryAt",
  "entryPrice",
  "exitAt",
  "exitPrice",
  "exitRole",
  "netPnl",
  "fees",
  "resultR",
  "reasons",
] as const;

/** Trades as CSV: times ISO 8601, money as it is in the report. */
export function tradesCsv(trades: readonly Trade[]): string {
  const rows = trades.map((trade) =>
    CSV_COLUMNS.map((name) => {
      const value = trade[name];
      if (name === "entryAt" || name === "exitAt") {
        return new Date(Number(value)).toISOString();
      }
      return csvCell(Array.isArray(value) ? value.join("; ") : String(value));
    }).join(",")
  );
  return [CSV_COLUMNS.join(","), ...rows, ""].join("\r\n");
}

/** Quotes what needs it; a text that a spreadsheet would take for a formula is disarmed. */
function csvCell(text: string): string {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
