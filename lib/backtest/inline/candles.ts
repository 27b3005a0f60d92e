import { setImmediate } from "node:timers";
import type { BacktestRequest } from "../../contracts/backtest.ts";
import { CANDLE_WIDTH, timeframeOf } from "../../contracts/candle.ts";
import { AppError } from "../../core/errors.ts";
import { readCandleCsv } from "../../exchange/candle_csv.ts";
import { loadCandleFile } from "../../exchange/candle_file.ts";
import {
  type CandleSeries,
  CandleSeriesBuilder,
  seriesFromCandles,
} from "../../exchange/candle_series.ts";
import {
  createSimulatedMarket,
  type SimulatedMarket,
} from "../../exchange/simulated/market.ts";
import type { CandleFileFacts } from "../port.ts";

/** Open time of the first simulated candle of every backtest, so that equal requests have equal candles. */
const SIMULATED_FROM = Date.UTC(2024, 0, 1);

/** Bytes of a file that are read to learn its timeframe. */
const HEAD_BYTES = 64 * 1024;

/**
 * The candles that a request asks for.
 *
 * @throws {AppError} CANDLES_NOT_FOUND, CANDLES_INVALID or CANDLES_RANGE.
 */
export async function loadCandles(
  { data, config }: BacktestRequest,
  candlesDir: string,
): Promise<CandleSeries> {
  if (data.kind === "simulated") {
    const { symbol, timeframe } = config;
    const market = createSimulatedMarket({
      seed: data.seed,
      symbol,
      timeframe,
      genesisAt: SIMULATED_FROM,
    });
    return await simulate(market, data.candles);
  }
  const all = await loadCandleFile(`${candlesDir}/${data.file}`);
  if (data.from === null && data.to === null) return all;
  const from = data.from === null ? -Infinity : Date.parse(data.from);
  const to = data.to === null ? Infinity : Date.parse(data.to);
  const part = seriesFromCandles(
    all[Symbol.iterator]().filter(({ openAt }) =>
      openAt >= from && openAt <= to
    ),
  );
  if (part.length > 0) return part;
  throw new AppError(
    "CANDLES_RANGE",
    `${data.file} has no candle from ${data.from ?? "its start"} to ${
      data.to ?? "its end"
    }; choose a range inside the file`,
    { status: 422 },
  );
}

/** Candles made at once; between two parts the event loop turns. */
const PART_CANDLES = 4_096;

async function simulate(
  market: SimulatedMarket,
  count: number,
): Promise<CandleSeries> {
  const builder = new CandleSeriesBuilder();
  for (let from = 0; from < count; from += PART_CANDLES) {
    const part = Math.min(PART_CANDLES, count - from);
    const packed = market.packed(from, part);
    for (let at = 0; at < packed.length; at += CANDLE_WIDTH) {
      builder.push(packed.subarray(at, at + CANDLE_WIDTH));
    }
    // deno-lint-ignore no-await-in-loop -- whoever waits gets a turn
    await new Promise((resolve) => void setImmediate(resolve));
  }
  return builder.finish();
}

/** What the first rows of a candle file say, or null where it cannot be read. */
export async function describeCandleFile(
  path: string,
): Promise<CandleFileFacts | null> {
  try {
    const head = await readHead(path);
    const { stepMs } = (await readCandleCsv(head, { name: "head.csv" }))
      .gapReport;
    return { timeframe: stepMs === null ? null : timeframeOf(stepMs) };
  } catch (error) {
    // A file that is there and wrong says so in full when it is run.
    if (error instanceof Deno.errors.NotFound) return null;
    return { timeframe: null };
  }
}

/** The whole lines at the start of a file, unpacked. */
async function readHead(
  path: string,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const file = await Deno.open(path, { read: true });
  const source: ReadableStream<Uint8Array> = path.endsWith(".gz")
    ? file.readable.pipeThrough(
      new DecompressionStream("gzip") as TransformStream<
        Uint8Array,
        Uint8Array
      >,
    )
    : file.readable;
  const reader = source.getReader();
  let text = "";
  const decoder = new TextDecoder();
  try {
    while (text.length < HEAD_BYTES) {
      // deno-lint-ignore no-await-in-loop -- a stream is read in order
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    await reader.cancel();
  }
  const lines = text.slice(0, text.lastIndexOf("\n") + 1);
  return ReadableStream.from([new TextEncoder().encode(lines)]);
}
