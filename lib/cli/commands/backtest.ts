import type { BacktestDetail, BacktestView } from "../../contracts/backtest.ts";
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import { noSuchAction } from "../actions.ts";
import type { ApiClient } from "../api_client.ts";
import { type Command, type CommandContext } from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import {
  type Color,
  type Column,
  plain,
  writeFields,
  writeJson,
  writeTable,
} from "../output.ts";
import { requestOf, RUN_DETAILS, RUN_OPTIONS } from "./backtest/request.ts";
import { hasEnded, waitForEnd } from "./backtest/wait.ts";

const VERBS = ["run", "list", "show", "cancel", "delete"] as const;
type Verb = (typeof VERBS)[number];

/** `backtest`: runs over past or simulated candles on the server. */
export const backtestCommand: Command = {
  name: "backtest",
  usage:
    "run --template NAME [options] | list | show ID | cancel ID | delete ID",
  summary: "Run and read backtests on the server",
  details: [
    "run waits for the end and shows the result; Ctrl+C stops waiting, not the run.",
    ...RUN_DETAILS,
    "",
    "Exit code 1 if the run failed or was canceled. All results are simulated;",
    "past results say nothing about the future.",
  ],
  options: RUN_OPTIONS,
  operands: { min: 0, max: 2, what: "word" },
  run: async (context) => {
    const verb = verbOf(context);
    const client = await context.client();
    switch (verb) {
      case "run":
        return await run(context, client);
      case "list":
        return showList(context, await client.listBacktests());
      case "show":
        return show(context, await client.backtestDetail(idOf(context)));
      case "cancel":
        return told(context, await client.cancelBacktest(idOf(context)));
      case "delete":
        await client.removeBacktest(idOf(context));
        context.io.stderr("The backtest is deleted\n");
        return EXIT.ok;
    }
  },
};

function verbOf({ operands }: CommandContext): Verb {
  const [word, id] = operands;
  const verb = VERBS.find((name) => name === word);
  const next = "Read the usage: deno task agent backtest --help";
  if (verb === undefined) throw noSuchAction("backtest", word, VERBS);
  const takesId = verb !== "run" && verb !== "list";
  if (takesId === (id !== undefined)) return verb;
  throw usageError(
    takesId
      ? `"backtest ${verb}" needs the id of a backtest`
      : `"backtest ${verb}" takes no "${id}"`,
    takesId ? "List the ids: deno task agent backtest list" : next,
  );
}

function idOf({ operands }: CommandContext): string {
  return encodeURIComponent(operands[1]!);
}

async function run(
  context: CommandContext,
  client: ApiClient,
): Promise<number> {
  const { io, values } = context;
  const request = requestOf(context, await client.templates());
  const view = await client.runBacktest(request);
  if (values["detach"] === true) return told(context, view);
  io.stderr(`Backtest ${view.id} of ${plain(view.label)}\n`);
  const ended = await waitForEnd(view.id, { io, client });
  if (ended === null) {
    io.stderr(
      `\nThe run goes on. See it: deno task agent backtest show ${view.id}\n`,
    );
    return EXIT.failed;
  }
  return show(context, await client.backtestDetail(view.id));
}

/** Answers with a run as it is now, and its id as data. */
function told({ io, isJson }: CommandContext, view: BacktestView): number {
  if (isJson) writeJson(io, view);
  else {
    io.stdout(`${view.id}\n`);
    io.stderr(`${plain(view.label)} is ${view.state}\n`);
  }
  return EXIT.ok;
}

const STATE_COLORS: Readonly<Partial<Record<string, Color>>> = {
  running: "cyan",
  done: "green",
  failed: "red",
  canceled: "dim",
};

const COLUMNS: readonly Column<BacktestView>[] = [
  {
    title: "STATE",
    value: ({ state }) => state,
    color: ({ state }) => STATE_COLORS[state] ?? null,
  },
  { title: "LABEL", value: ({ label }) => label },
  { title: "ID", value: ({ id }) => id },
  {
    title: "MARKET",
    value: ({ request: { config } }) => `${config.symbol} ${config.timeframe}`,
  },
  {
    title: "DATA",
    value: ({ request: { data } }) =>
      data.kind === "file" ? data.file : `simulated ${data.candles}`,
  },
  { title: "STUDY", value: ({ request }) => request.study.kind },
  {
    title: "RETURN %",
    value: ({ summary }) => fixed(summary?.returnPct),
    isNumber: true,
  },
  {
    title: "DRAWDOWN %",
    value: ({ summary }) => fixed(summary?.maxDrawdownPct),
    isNumber: true,
  },
  { title: "TRADES", value: ({ summary }) => summary?.trades, isNumber: true },
  {
    title: "SHARPE",
    value: ({ summary }) => fixed(summary?.sharpe),
    isNumber: true,
  },
];

function showList(
  { io, isJson }: CommandContext,
  views: readonly BacktestView[],
): number {
  if (isJson) writeJson(io, views);
  else if (views.length > 0) writeTable(io, views, COLUMNS);
  else {
    io.stderr(
      "There are no backtests yet. Run one: deno task agent backtest run --template NAME\n",
    );
  }
  return EXIT.ok;
}

function show(
  { io, isJson }: CommandContext,
  detail: BacktestDetail,
): number {
  if (isJson) writeJson(io, detail);
  else {
    const { report } = detail;
    writeFields(io, [
      ["id", detail.id],
      ["label", detail.label],
      ["state", detail.state],
      ["detail", detail.detail],
      [
        "progress",
        hasEnded(detail)
          ? null
          : `${detail.progress.phase} ${
            Math.floor(detail.progress.share * 100)
          } %`,
      ],
      ...(report === null ? [] : reportFields(report)),
    ]);
    if (report !== null) {
      io.stderr("Simulated; past results say nothing about the future.\n");
    }
  }
  return detail.state === "failed" || detail.state === "canceled"
    ? EXIT.failed
    : EXIT.ok;
}

function reportFields(
  report: BacktestReport,
): [string, string | number | null][] {
  const { data, summary, baselines, metrics, study } = report;
  return [
    ["market", `${data.symbol} ${data.timeframe}`],
    ["candles", `${data.candles} from ${data.source}, ${data.gaps} gaps`],
    ["net result", summary.netPnl],
    ["return %", fixed(summary.returnPct)],
    ["buy and hold %", fixed(baselines.buyAndHold?.returnPct)],
    ["random entries % (median)", fixed(baselines.randomEntry?.returnPct.p50)],
    ["largest drawdown %", fixed(summary.maxDrawdownPct)],
    ["sharpe", fixed(summary.sharpe)],
    ["sortino", fixed(summary.sortino)],
    ["profit factor", fixed(summary.profitFactor)],
    ["win rate %", fixed(summary.winRatePct)],
    ["trades", summary.trades],
    ["exposure %", fixed(metrics.exposurePct)],
    ["fees paid", summary.feesPaid],
    ["funding paid", metrics.fundingPaid],
    [
      "study",
      study.kind === "single"
        ? "single"
        : study.kind === "sweep"
        ? `sweep, best of ${study.rows.length} by ${study.objective}`
        : `walk-forward, ${study.folds.length} folds by ${study.objective}`,
    ],
    ["end state", report.endState],
    ["run hash", report.runHash],
  ];
}

function fixed(value: number | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toFixed(2);
}
