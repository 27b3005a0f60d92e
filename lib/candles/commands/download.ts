import { AppError } from "../../core/errors.ts";
import { type Timeframe, TIMEFRAME_MS } from "../../contracts/candle.ts";
import { ColumnarAppender } from "../../exchange/columnar/writer.ts";
import {
  downloadHistory,
  type DownloadProgress,
  type DownloadResult,
} from "../../exchange/history/download.ts";
import { checkBaseUrl, openVenue } from "../../exchange/history/ccxt_venue.ts";
import { VenueFailure } from "../../exchange/history/venue.ts";
import {
  readOptions,
  symbolOption,
  timeframeOption,
  timeOption,
} from "../arguments.ts";
import { type DataContext, EXIT, UsageError } from "../context.ts";
import { fileExists, nameFrom, newFileName, summaryOf } from "../folder.ts";
import { grouped, iso, minute } from "../report_text.ts";
import { tellReport } from "./files.ts";

/** Parts of the way that are told on standard error. */
const PROGRESS_STEPS = 20;

interface Plan {
  exchange: string;
  symbol: string;
  timeframe: Timeframe;
  /** Null to go on with a file. */
  fromAt: number | null;
  toAt: number;
  file: string;
  baseUrl: string | null;
  json: boolean;
}

/** `data download`: history of an exchange into a file that grows at its end. */
export async function runDownload(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  const plan = readPlan(args);
  const path = `${context.folder}/${plan.file}`;
  const fromAt = await firstWanted(plan, path, context);
  const waiting = { sleep: context.sleep, random: context.random };
  const { signal } = context;
  const onPause = pauseTeller(context);
  try {
    const venue = await openVenue({
      ...plan,
      retry: { waiting, signal, onPause },
    });
    await Deno.mkdir(context.folder, { recursive: true });
    const file = await ColumnarAppender.open(path, headerOf(plan));
    try {
      if (file.mendedBytes > 0) {
        context.err(
          `${plan.file}: ${file.mendedBytes} bytes of an unfinished block were removed\n`,
        );
      }
      const result = await downloadHistory({
        venue,
        file,
        name: `${plan.exchange} ${plan.symbol}`,
        fromAt,
        toAt: plan.toAt,
        waiting,
        signal,
        onPause,
        onProgress: progressTeller(context),
      });
      return await finish(result, {
        plan,
        fromAt,
        rows: file.rows,
        path,
        context,
      });
    } finally {
      file.close();
    }
  } catch (error) {
    if (!(error instanceof VenueFailure)) throw error;
    context.err(
      `${error.message}; check the network and the exchange's state, then run the same command again\n`,
    );
    return EXIT.failed;
  }
}

function readPlan(args: readonly string[]): Plan {
  const { positionals, values } = readOptions(args, {
    exchange: { type: "string" },
    symbol: { type: "string" },
    timeframe: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    out: { type: "string" },
    "base-url": { type: "string" },
  });
  if (positionals.length > 0) {
    throw new UsageError(
      `${JSON.stringify(positionals[0])} is one word too many; see --help`,
    );
  }
  const missing = (["exchange", "symbol", "timeframe"] as const).filter((
    name,
  ) => !values[name]);
  if (missing.length > 0) {
    throw new UsageError(
      ...missing.map((name) => `--${name} is missing; see --help`),
    );
  }
  const exchange = values.exchange!;
  const symbol = symbolOption(values.symbol!);
  const timeframe = timeframeOption("--timeframe", values.timeframe!);
  const fromAt = values.from === undefined
    ? null
    : timeOption("--from", values.from);
  const toAt = values.to === undefined
    ? Infinity
    : timeOption("--to", values.to);
  if (fromAt !== null && toAt <= fromAt) {
    throw new UsageError(
      `--to ${values.to} is not after --from ${values.from}`,
    );
  }
  const baseUrl = values["base-url"];
  return {
    exchange,
    symbol,
    timeframe,
    fromAt,
    toAt,
    file: values.out === undefined
      ? nameFrom(`${exchange}-${symbol}-${timeframe}`.toLowerCase())
      : newFileName(values.out),
    baseUrl: baseUrl === undefined ? null : checkBaseUrl(baseUrl),
    json: values.json ?? false,
  };
}

function headerOf({ exchange, symbol, timeframe }: Plan) {
  return { symbol, stepMs: TIMEFRAME_MS[timeframe], source: exchange };
}

/** Where to begin. A file that is there must be of the same market; then it only grows at its end. */
async function firstWanted(
  plan: Plan,
  path: string,
  context: DataContext,
): Promise<number> {
  const { file, fromAt, symbol, timeframe } = plan;
  const summary = await fileExists(path) ? await summaryOf(path) : undefined;
  if (summary === null) {
    throw new UsageError(
      `${file} is no .candles file; choose another name with --out`,
    );
  }
  if (summary === undefined) {
    if (fromAt !== null) return fromAt;
    throw new UsageError(
      `--from is missing; say where ${file} shall begin, for instance 2024-01-01`,
    );
  }
  const wanted = headerOf(plan);
  const { firstAt, header } = summary;
  if (
    header.symbol !== wanted.symbol || header.stepMs !== wanted.stepMs ||
    header.source !== wanted.source
  ) {
    throw new UsageError(
      `${file} holds ${header.symbol ?? "an unknown market"} from ${
        header.source ?? "an unknown source"
      }, not ${symbol} ${timeframe} from ${plan.exchange}; choose another name with --out`,
    );
  }
  if (firstAt !== null && fromAt !== null && fromAt < firstAt - header.stepMs) {
    context.err(
      `${file} begins ${
        minute(firstAt)
      } and grows at its end only; for earlier candles name another file with --out\n`,
    );
  }
  return fromAt ?? firstAt ?? Date.UTC(1970, 0);
}

async function finish(
  result: DownloadResult,
  { context, fromAt, path, plan, rows }: {
    plan: Plan;
    fromAt: number;
    rows: number;
    path: string;
    context: DataContext;
  },
): Promise<number> {
  const { added, failure, firstAddedAt } = result;
  context.err(`${grouped(added)} candles added\n`);
  if (
    firstAddedAt !== null && added === rows &&
    firstAddedAt > fromAt + TIMEFRAME_MS[plan.timeframe]
  ) {
    context.err(
      `The first candle is of ${
        minute(firstAddedAt)
      }, later than asked for: ${plan.exchange} has or gives none before\n`,
    );
  }
  if (result.revised > 0) {
    context.err(
      `${
        grouped(result.revised)
      } candles came again with other numbers; the first ones were kept\n`,
    );
  }
  if (result.volumeUnknown > 0) {
    context.err(
      `${
        grouped(result.volumeUnknown)
      } candles came without a volume; 0 was written, which stands for unknown\n`,
    );
  }
  if (rows === 0) {
    await Deno.remove(path);
    if (result.endedBy === "complete") {
      throw new AppError(
        "HISTORY_EMPTY",
        `${plan.exchange} gave no candle of ${plan.symbol} in that time; choose an earlier --from or a later --to`,
        { status: 422 },
      );
    }
  } else {
    const { endedBy, firstAddedAt: at, ...counts } = result;
    const more = { ...counts, endedBy, firstAddedAt: iso(at) };
    await tellReport(plan.file, { context, json: plan.json, more });
  }
  if (result.endedBy === "complete") return EXIT.ok;
  context.err(
    `${failure === null ? "Interrupted" : failure}; ${
      grouped(rows)
    } candles are stored, and the same command goes on after them\n`,
  );
  return EXIT.failed;
}

function pauseTeller(context: DataContext) {
  return (failure: VenueFailure, pauseMs: number) =>
    context.err(
      `${failure.message}; again in ${(pauseMs / 1_000).toFixed(1)} s\n`,
    );
}

function progressTeller(context: DataContext) {
  let told = 0;
  return ({ added, endAt, fromAt, reachedAt }: DownloadProgress) => {
    const step = Math.floor(
      PROGRESS_STEPS * (reachedAt - fromAt) / (endAt - fromAt),
    );
    if (step <= told) return;
    told = step;
    const pct = step * 100 / PROGRESS_STEPS;
    context.err(
      `${pct} %, ${grouped(added)} candles, until ${minute(reachedAt)}\n`,
    );
  };
}
