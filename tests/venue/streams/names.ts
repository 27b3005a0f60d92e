import type { StreamKind } from "../faults/kinds.ts";

/** A public stream, taken apart: `btcusdt@kline_1m`. */
export interface StreamName {
  name: string;
  symbol: string;
  channel:
    | "kline"
    | "ticker"
    | "miniTicker"
    | "bookTicker"
    | "markPrice"
    | "depth";
  /** Of candles. */
  interval: string | null;
  kind: StreamKind;
}

const PATTERN =
  /^([a-z0-9]+)@(kline_(\w+)|ticker|miniTicker|bookTicker|markPrice|depth)(@\w+)?$/;

/** Null if there is no such stream. */
export function parseStreamName(name: string): StreamName | null {
  const parts = PATTERN.exec(name);
  if (parts === null) return null;
  const [, symbol, sent, interval = null] = parts;
  const channel = sent!.startsWith("kline")
    ? "kline"
    : sent as StreamName["channel"];
  return {
    name,
    symbol: symbol!.toUpperCase(),
    channel,
    interval,
    kind: channel === "miniTicker" ? "stream.ticker" : `stream.${channel}`,
  };
}
