/** A market whose history is downloaded. */
import assert from "node:assert/strict";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import { ColumnarAppender } from "../../../../lib/exchange/columnar/writer.ts";
import { openVenue } from "../../../../lib/exchange/history/ccxt_venue.ts";
import {
  downloadHistory,
  type DownloadOptions,
} from "../../../../lib/exchange/history/download.ts";
import { type FakeBinance, fakeRow } from "./fake_binance.ts";

export const MINUTE_MS = 60_000;

export const T0 = Date.UTC(2024, 0, 1);

export const minute = (count: number) => T0 + count * MINUTE_MS;

/** No test waits: pauses are written down instead. */
export function waitless() {
  const pauses: number[] = [];
  return {
    pauses,
    waiting: {
      sleep: (ms: number) => {
        pauses.push(ms);
        return Promise.resolve();
      },
      random: () => 1,
    },
    signal: new AbortController().signal,
    onPause: () => {},
  };
}

export interface Run {
  server: FakeBinance;
  path: string;
  answerMsMax?: number;
  options?: Partial<DownloadOptions>;
}

export async function download(
  { server, path, answerMsMax, options = {} }: Run,
) {
  const { pauses, ...retry } = waitless();
  const venue = await openVenue({
    exchange: "binance",
    symbol: "BTC/USDT",
    timeframe: "1m",
    baseUrl: server.url,
    retry,
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  });
  const header = { symbol: "BTC/USDT", stepMs: MINUTE_MS, source: "binance" };
  const file = await ColumnarAppender.open(path, header);
  try {
    const result = await downloadHistory({
      venue,
      file,
      name: "binance BTC/USDT",
      fromAt: T0,
      toAt: Infinity,
      onProgress: () => {},
      ...retry,
      ...options,
    });
    return { result, pauses };
  } finally {
    file.close();
  }
}

/** A market of 2,500 minutes, without one in every hundred, and with a hole of 1,200. */
export function market() {
  return {
    firstAt: T0,
    nowAt: minute(2_500) + 20_000,
    hasCandle: (at: number) => {
      const count = (at - T0) / MINUTE_MS;
      return count % 100 !== 7 && (count < 600 || count >= 1_800);
    },
  };
}

/** What a whole download of that market holds: all but the candle that is open. */
export function expectedTimes(): number[] {
  const { hasCandle } = market();
  return Array.from({ length: 2_500 }, (_, count) => minute(count))
    .filter(hasCandle);
}

export async function assertWhole(path: string): Promise<void> {
  const series = await loadCandleFile(path);
  assert.deepEqual([...series].map(({ openAt }) => openAt), expectedTimes());
  for (const { openAt, open, high, low, close, volume } of series) {
    assert.deepEqual(
      [open, high, low, close, volume],
      fakeRow(openAt).map(Number),
    );
  }
}
