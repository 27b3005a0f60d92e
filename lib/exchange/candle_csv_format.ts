/** Column names of a candle file, in order. */
export const CANDLE_CSV_COLUMNS = [
  "timestamp_ms",
  "open",
  "high",
  "low",
  "close",
  "volume",
] as const;

/** The first line of every candle file. */
export const CANDLE_CSV_HEADER = CANDLE_CSV_COLUMNS.join(",");

/** A plain or exponent number, or NaN: stricter than `Number`, which takes spaces, hex and the empty text. */
export function parseCsvNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)
    ? Number(text)
    : NaN;
}
