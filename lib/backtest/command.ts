/**
 * `deno task backtest`: arguments in, table or JSON out. Data goes to standard
 * output, words about it to standard error.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { recordBehavior } from "../../actors/recorded_behavior.ts";
import type { AgentTemplate } from "../contracts/template.ts";
import type { AgentConfig, AgentType } from "../contracts/agent_config.ts";
import type { BacktestProgress } from "../contracts/backtest.ts";
import type { BacktestReport } from "../contracts/backtest_report.ts";
import { AppError } from "../core/errors.ts";
import { loadCandleFile } from "../exchange/candle_file.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { joinSeries } from "../exchange/joined_series.ts";
import { type BacktestArguments, readArguments } from "./arguments.ts";
import { BACKTEST_USAGE } from "./usage.ts";
import { candlesOf } from "./candle_source.ts";
import {
  listTemplates,
  planConfig,
  timeframeProblem,
  toRequest,
} from "./command_plan.ts";
import { type AgentBehavior, runBacktest } from "./engine.ts";
import type { ModelPeer } from "./model_peer.ts";
import { SessionWriter } from "./recording/session_file.ts";
import { toReportJson } from "./report/report_json.ts";
import { renderTearSheet } from "./report/tear_sheet.tsx";
import { runRequest } from "./run_request.ts";
import { toTable } from "./table.ts";
import { fitTimeframe } from "./timeframe.ts";
import type { WorkerSource } from "./workers/pool.ts";

/** Where the command writes to, and what it knows. */
export interface CommandContext {
  templates: readonly AgentTemplate[];
  /** The behaviour of an agent type; null for one that cannot be tested by itself. */
  behaviorOf(type: AgentType): AgentBehavior | null;
  /** Makes workers for more than one run; null where there are none. */
  workers?: WorkerSource | null;
  /** Models, for runs without workers. */
  models?: ModelPeer;
  /** Sees to it that models can be run; called before a run that asks any. */
  prepareModels?(): Promise<void>;
  /** Ends the run: the command answers {@link EXIT}.canceled. */
  signal?: AbortSignal;
  /** Shows how far a run is; left out where nobody looks. */
  onProgress?: (progress: BacktestProgress) => void;
  /** Folder that relative file names are meant from; the working folder if left out. */
  cwd?: string;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** Exit codes of the command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, canceled: 130 } as const;

/** Runs the command and answers with its exit code. */
export async function runBacktestCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const { value, problems, isReadable } = readArguments(args);
  if (!isReadable) return refuse(problems, context);
  if (value.help) {
    context.out(`${BACKTEST_USAGE}\n${listTemplates(context.templates)}\n`);
    return EXIT.ok;
  }
  const planned = planConfig(value, context.templates);
  const all = [
    ...problems,
    ...planned.ok ? [] : planned.problems,
    ...findFolderProblems(value, context),
  ];
  if (!planned.ok || all.length > 0) return refuse(all, context);
  try {
    return await runPlanned(planned.config, { args: value, context });
  } catch (error) {
    if (context.signal?.aborted) {
      context.err("The backtest was canceled; nothing was written.\n");
      return EXIT.canceled;
    }
    if (error instanceof AppError && error.status < 500) {
      return refuse([error.message], context);
    }
    const reason = error instanceof AppError ? error.message : String(error);
    context.err(`The backtest failed: ${reason}\n`);
    return EXIT.failed;
  }
}

async function runPlanned(
  planned: AgentConfig,
  { args, context }: { args: BacktestArguments; context: CommandContext },
): Promise<number> {
  if (context.behaviorOf(planned.type) === null) {
    const problem =
      `--template ${args.template}: an agent of type ${planned.type} cannot be tested by itself; choose a pattern detector or a decision engine`;
    return refuse([problem], context);
  }
  const request = toRequest(args, planned);
  const reading = candlesOf(request.data, {
    config: planned,
    load: joinedLoader(args, context),
  });
  const candles = await unlessAborted(reading, context.signal);
  const { timeframe } = planned;
  const problem = timeframeProblem(args, { timeframe, candles });
  if (problem !== null) return refuse([problem], context);
  const { notes } = fitTimeframe(planned, candles);
  for (const note of notes) context.err(`${note}\n`);
  if (planned.type === "decision_engine") await context.prepareModels?.();
  const report = await runRequest(request, {
    // Read and cut above; the same candles again cost nothing.
    loadCandles: () => Promise.resolve(candles),
    workers: hasManyRuns(request) ? context.workers ?? null : null,
    behaviorOf: (type) => context.behaviorOf(type),
    ...(context.models === undefined ? {} : { models: context.models }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    ...(context.onProgress === undefined
      ? {}
      : { onProgress: context.onProgress }),
  });
  await writeFiles(report, { args, context, candles });
  context.out(
    args.json ? `${JSON.stringify(report.summary)}\n` : toTable(report),
  );
  return EXIT.ok;
}

/** Waits for something that cannot be ended, but no longer than the signal lets it. */
async function unlessAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return await work;
  // What comes of it later is of no use to anybody.
  work.catch(() => {});
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Reads the file, or both and says what only one of them has. */
function joinedLoader(
  { candles, hedge }: BacktestArguments,
  context: CommandContext,
): (file: string) => Promise<CandleSeries> {
  const main = () => loadCandleFile(pathOf(candles, context));
  return async () => {
    if (hedge === null) return await main();
    const second = await loadCandleFile(pathOf(hedge, context));
    const joined = joinSeries(await main(), second);
    const { series, leftOut, hedgeLeftOut } = joined;
    if (leftOut + hedgeLeftOut > 0) {
      context.err(
        `${series.length} candles are in both files; ${leftOut} of ${candles} and ${hedgeLeftOut} of ${hedge} have no counterpart and were left out.\n`,
      );
    }
    return series;
  };
}

/** Starting workers takes longer than one run over a usual file. */
function hasManyRuns(request: ReturnType<typeof toRequest>): boolean {
  return request.study.kind !== "single" || request.lookAheadCheck ||
    request.randomEntryRuns > 0;
}

async function writeFiles(
  report: BacktestReport,
  { args, context, candles }: {
    args: BacktestArguments;
    context: CommandContext;
    candles: CandleSeries;
  },
): Promise<void> {
  if (args.report !== null) {
    const path = pathOf(args.report, context);
    await writeFile(path, renderTearSheet(report));
  }
  if (args.reportJson !== null) {
    const path = pathOf(args.reportJson, context);
    await writeFile(path, toReportJson(report));
  }
  if (args.record === null) return;
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  const behavior = context.behaviorOf(report.config.type)!;
  const writer = new SessionWriter(
    behavior.name,
    (bytes) => void blocks.push(new Uint8Array(bytes)),
  );
  await runBacktest({
    candles,
    config: report.config,
    behavior: recordBehavior(behavior, (turn) => writer.turn(turn)),
    ...(report.config.type === "decision_engine" && context.models
      ? { models: context.models }
      : {}),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  writer.finish();
  const bytes = await new Blob(blocks).bytes();
  await writeFile(pathOf(args.record, context), bytes);
}

async function writeFile(
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  try {
    await (typeof content === "string"
      ? Deno.writeTextFile(path, content)
      : Deno.writeFile(path, content));
  } catch (error) {
    throw new AppError(
      "REPORT_NOT_WRITTEN",
      `Cannot write ${path}: ${
        (error as Error).message
      }; name a file in a folder that you may write to`,
      { status: 422, cause: error },
    );
  }
}

/** Folders are looked at before the run, so that an hour of it is not lost to a mistyped one. */
function findFolderProblems(
  args: BacktestArguments,
  context: CommandContext,
): string[] {
  const named = [
    ["--report", args.report],
    ["--report-json", args.reportJson],
    ["--record", args.record],
  ] as const;
  return named.flatMap(([option, file]) => {
    if (file === null) return [];
    const folder = dirname(pathOf(file, context));
    try {
      if (Deno.statSync(folder).isDirectory) return [];
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return [
      `${option} ${file}: the folder ${folder} does not exist; make it or name another`,
    ];
  });
}

function pathOf(file: string, { cwd }: CommandContext): string {
  return resolve(cwd ?? ".", file);
}

function refuse(problems: readonly string[], context: CommandContext): number {
  for (const problem of problems) context.err(`${problem}\n`);
  return EXIT.usage;
}
