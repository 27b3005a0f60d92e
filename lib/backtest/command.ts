/**
 * `deno task backtest`: arguments in, table or JSON out. Data goes to standard
 * output, words about it to standard error.
 *
 * @module
 */
import type { AgentTemplate } from "../contracts/template.ts";
import {
  type AgentConfig,
  agentConfigSchema,
  type AgentType,
} from "../contracts/agent_config.ts";
import { TIMEFRAME_MS, timeframeOf } from "../contracts/candle.ts";
import { AppError } from "../core/errors.ts";
import { loadCandleFile } from "../exchange/candle_file.ts";
import { resolve } from "node:path";
import type { CandleSeries } from "../exchange/candle_series.ts";
import {
  BACKTEST_USAGE,
  type BacktestArguments,
  readArguments,
} from "./arguments.ts";
import { type AgentBehavior, runBacktest } from "./engine.ts";
import { applyOverrides } from "./overrides.ts";
import { toTable, type TradingStateChanged } from "./table.ts";

/** Where the command writes to, and what it knows. */
export interface CommandContext {
  templates: readonly AgentTemplate[];
  /** The behaviour of an agent type; null for one that cannot be tested by itself. */
  behaviorOf(type: AgentType): AgentBehavior | null;
  /** Folder that relative file names are meant from; the working folder if left out. */
  cwd?: string;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
}

/** Exit codes of the command. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs the command and answers with its exit code. */
export async function runBacktestCommand(
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const parsed = readArguments(args);
  if (!parsed.ok) return refuse(parsed.problems, context);
  if (parsed.value.help) {
    context.out(`${BACKTEST_USAGE}\n${listTemplates(context.templates)}\n`);
    return EXIT.ok;
  }
  const planned = planConfig(parsed.value, context.templates);
  if (!planned.ok) return refuse(planned.problems, context);
  try {
    return await runPlanned(planned.config, { args: parsed.value, context });
  } catch (error) {
    if (error instanceof AppError && error.status < 500) {
      return refuse([error.message], context);
    }
    context.err(`The backtest failed: ${String(error)}\n`);
    return EXIT.failed;
  }
}

async function runPlanned(
  planned: AgentConfig,
  { args, context }: { args: BacktestArguments; context: CommandContext },
): Promise<number> {
  const behavior = context.behaviorOf(planned.type);
  if (behavior === null) {
    const problem =
      `--template ${args.template}: an agent of type ${planned.type} cannot be tested by itself; choose a pattern detector`;
    return refuse([problem], context);
  }
  const candles = await loadCandleFile(
    resolve(context.cwd ?? ".", args.candles),
  );
  const fitted = fitTimeframe(planned, { candles, args });
  if (!fitted.ok) return refuse(fitted.problems, context);
  for (const note of fitted.notes) context.err(`${note}\n`);
  const { config } = fitted;
  let lastStateChange: TradingStateChanged | null = null;
  const result = await runBacktest({
    candles,
    config,
    behavior,
    onEvent: (event) => {
      if (event.type === "TradingStateChanged") lastStateChange = event;
    },
  });
  const templateName = args.template;
  context.out(
    args.json
      ? `${JSON.stringify(result)}\n`
      : toTable(result, { templateName, config, candles, lastStateChange }),
  );
  return EXIT.ok;
}

function refuse(problems: readonly string[], context: CommandContext): number {
  for (const problem of problems) context.err(`${problem}\n`);
  return EXIT.usage;
}

function listTemplates(templates: readonly AgentTemplate[]): string {
  const width = Math.max(0, ...templates.map(({ name }) => name.length)) + 2;
  return [
    "Templates:",
    ...templates.map(({ name, title }) => `  ${name.padEnd(width)}${title}`),
  ].join("\n");
}

type Planned = { ok: true; config: AgentConfig } | {
  ok: false;
  problems: readonly string[];
};

/** The template's configuration with the changes of the command line. */
function planConfig(
  args: BacktestArguments,
  templates: readonly AgentTemplate[],
): Planned {
  const template = templates.find(({ name }) => name === args.template);
  if (template === undefined) {
    const name = JSON.stringify(args.template);
    return {
      ok: false,
      problems: [
        `--template ${name}: there is no such template; choose from the list`,
        listTemplates(templates),
      ],
    };
  }
  const base = agentConfigSchema.parse({
    ...template.config,
    name: "Backtest",
    mode: "paper",
  });
  const seed = args.seed === null ? [] : [`seed=${args.seed}`];
  return applyOverrides(base, [...args.set, ...seed]);
}

type Fitted = { ok: true; config: AgentConfig; notes: readonly string[] } | {
  ok: false;
  problems: readonly string[];
};

/** The candles decide the timeframe; a timeframe that somebody asked for must agree with them. */
function fitTimeframe(
  config: AgentConfig,
  { candles, args }: { candles: CandleSeries; args: BacktestArguments },
): Fitted {
  const { stepMs } = candles.gapReport;
  if (stepMs === null || stepMs === TIMEFRAME_MS[config.timeframe]) {
    return { ok: true, config, notes: [] };
  }
  const timeframe = timeframeOf(stepMs);
  const isAsked = args.set.some((text) => /^\s*timeframe\s*=/.test(text));
  if (isAsked) {
    return {
      ok: false,
      problems: [
        `--set timeframe=${config.timeframe}: the candles of the file are ${
          describeStep(stepMs)
        } apart; leave the timeframe out or name another file`,
      ],
    };
  }
  if (timeframe === null) {
    const note = `The candles are ${
      describeStep(stepMs)
    } apart, which is no timeframe of the product; they are traded one by one as they are.`;
    return { ok: true, config, notes: [note] };
  }
  const note =
    `The candles are ${timeframe}, the template says ${config.timeframe}: running with ${timeframe}.`;
  return { ok: true, config: { ...config, timeframe }, notes: [note] };
}

function describeStep(stepMs: number): string {
  const name = timeframeOf(stepMs);
  if (name !== null) return name;
  return stepMs % 60_000 === 0
    ? `${stepMs / 60_000} minutes`
    : `${stepMs} ms (are the timestamps in milliseconds?)`;
}
