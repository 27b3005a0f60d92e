/**
 * What a command line asks for, as a request: template, changes, candles, study.
 *
 * @module
 */
import { basename } from "node:path";
import type { AgentTemplate } from "../contracts/template.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../contracts/agent_config.ts";
import type { BacktestRequest, Study } from "../contracts/backtest.ts";
import { type Timeframe, TIMEFRAME_MS } from "../contracts/candle.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import type { BacktestArguments } from "./arguments.ts";
import { applyOverrides } from "./overrides.ts";
import { expandGrid } from "./studies/grid.ts";
import { describeStep } from "./timeframe.ts";

/** A configuration, or everything that is wrong with what was asked for. */
export type PlannedConfig = { ok: true; config: AgentConfig } | {
  ok: false;
  problems: readonly string[];
};

/** The template's configuration with the changes of the command line; a grid must fit it. */
export function planConfig(
  args: BacktestArguments,
  templates: readonly AgentTemplate[],
): PlannedConfig {
  if (args.template === "") return { ok: false, problems: [] };
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
  const changed = applyOverrides(base, [...args.set, ...seed]);
  if (Object.keys(args.sweep).length === 0) return changed;
  const grid = expandGrid(changed.ok ? changed.config : base, args.sweep);
  if (grid.ok) return changed;
  const problems = grid.errors.map(({ detail }) => `--sweep ${detail}`);
  return {
    ok: false,
    problems: [...changed.ok ? [] : changed.problems, ...problems],
  };
}

/** Names and titles for a person. */
export function listTemplates(templates: readonly AgentTemplate[]): string {
  const width = Math.max(0, ...templates.map(({ name }) => name.length)) + 2;
  return [
    "Templates:",
    ...templates.map(({ name, title }) => `  ${name.padEnd(width)}${title}`),
  ].join("\n");
}

/** A timeframe that somebody asked for must be that of the candles; says why it is not, or null. */
export function timeframeProblem(
  args: BacktestArguments,
  { timeframe, candles }: { timeframe: Timeframe; candles: CandleSeries },
): string | null {
  const { stepMs } = candles.gapReport;
  const isAsked = args.set.some((text) => /^\s*timeframe\s*=/.test(text));
  return !isAsked || stepMs === null || stepMs === TIMEFRAME_MS[timeframe]
    ? null
    : `--set timeframe=${timeframe}: the candles of the file are ${
      describeStep(stepMs)
    } apart; leave the timeframe out or name another file`;
}

/** The request that the command line makes. What only a report would show is left out where there is none. */
export function toRequest(
  args: BacktestArguments,
  config: AgentConfig,
): BacktestRequest {
  const isFull = !args.json || args.report !== null || args.reportJson !== null;
  return {
    template: args.template,
    config,
    data: args.simulated === null
      ? {
        kind: "file",
        file: basename(args.candles),
        ...(args.hedge === null ? {} : { hedgeFile: basename(args.hedge) }),
        from: args.from === null ? null : new Date(args.from).toISOString(),
        to: args.to === null ? null : new Date(args.to).toISOString(),
      }
      : {
        kind: "simulated",
        candles: args.simulated,
        seed: args.seed ?? config.seed,
      },
    study: studyOf(args),
    lookAheadCheck: isFull && args.check,
    monteCarloRuns: isFull ? args.monteCarlo ?? 1_000 : 0,
    randomEntryRuns: isFull ? args.randomEntries ?? 20 : 0,
  };
}

function studyOf(
  { sweep: grid, objective, walkForward }: BacktestArguments,
): Study {
  if (walkForward !== null) {
    return {
      kind: "walk_forward",
      grid,
      objective,
      folds: walkForward,
      trainPct: 75,
    };
  }
  return Object.keys(grid).length === 0
    ? { kind: "single" }
    : { kind: "sweep", grid, objective };
}
