import {
  type BacktestRequestInput,
  OBJECTIVES,
} from "../../../contracts/backtest.ts";
import type { AgentTemplate } from "../../../contracts/template.ts";
import { TIME_TEXT_HELP, tryTimeText } from "../../../contracts/time_text.ts";
import {
  type CommandContext,
  listOption,
  requiredOption,
  textOption,
} from "../../command.ts";
import { usageError } from "../../errors.ts";
import { suggest } from "../../../core/nearest.ts";
import { applySetting } from "../../settings.ts";
import { findTemplate } from "../find_template.ts";

/** Candles of a run over the simulated market where nothing is said. */
const SIMULATED_CANDLES = 10_000;

/** Options of `backtest run`, with what each one means. */
export const RUN_DETAILS: readonly string[] = [
  "--template NAME        what is tested; deno task agent templates lists them",
  "--set key=value        any setting, for instance --set risk.leverage=5",
  "--symbol S --timeframe T --name LABEL",
  "--candles FILE         a file of the server's candle folder",
  "--hedge FILE           another one, of the second market for the strategy pairs",
  "--from T --to T        a part of it: 2026-01-01 or 2026-01-01T12:00Z; a day as --to is in it whole",
  "--simulated N          instead: N candles of the simulated market (10000)",
  "--data-seed N          which simulated market (1)",
  "--grid path=v,v,…      values to try, as often as needed: --grid risk.leverage=1,2,5",
  "--study S              single, sweep or walk-forward (sweep where there is a grid)",
  "--objective O          sharpe sortino calmar netPnl profitFactor expectancyR",
  "--folds N --train PCT  walk-forward: folds (5), training part in percent (75)",
  "--monte-carlo N --random-entry N --no-look-ahead",
  "--detach               do not wait for the end",
];

/** The same options for the parser. */
export const RUN_OPTIONS = {
  template: { type: "string" },
  set: { type: "string", multiple: true },
  symbol: { type: "string" },
  timeframe: { type: "string" },
  name: { type: "string" },
  candles: { type: "string" },
  hedge: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  simulated: { type: "string" },
  "data-seed": { type: "string" },
  grid: { type: "string", multiple: true },
  study: { type: "string" },
  objective: { type: "string" },
  folds: { type: "string" },
  train: { type: "string" },
  "monte-carlo": { type: "string" },
  "random-entry": { type: "string" },
  "no-look-ahead": { type: "boolean" },
  detach: { type: "boolean" },
} as const;

/** Builds the request that the options ask for; ranges are the server's to check. */
export function requestOf(
  context: CommandContext,
  templates: readonly AgentTemplate[],
): BacktestRequestInput {
  const { values } = context;
  const template = findTemplate(
    templates,
    requiredOption(context, "template", "structure-combined"),
  );
  const config: Record<string, unknown> = {
    ...structuredClone(template.config),
    name: textOption(values, "name") ?? template.name,
  };
  for (const name of ["symbol", "timeframe"]) {
    const value = textOption(values, name);
    if (value !== undefined) config[name] = value;
  }
  for (const setting of listOption(values, "set")) {
    applySetting(config, setting);
  }
  return {
    template: template.name,
    config: config as unknown as BacktestRequestInput["config"],
    data: dataOf(context),
    study: studyOf(context),
    lookAheadCheck: values["no-look-ahead"] !== true,
    ...numbered(context, "monte-carlo", "monteCarloRuns"),
    ...numbered(context, "random-entry", "randomEntryRuns"),
  };
}

function dataOf(context: CommandContext): BacktestRequestInput["data"] {
  const { values } = context;
  const file = fileOf(context, "candles");
  if (file === undefined) {
    for (const name of ["from", "to", "hedge"]) {
      if (textOption(values, name) === undefined) continue;
      throw usageError(`--${name} belongs to a file: give --candles FILE too`);
    }
    return {
      kind: "simulated",
      candles: numberOf(context, "simulated") ?? SIMULATED_CANDLES,
      seed: numberOf(context, "data-seed") ?? 1,
    };
  }
  if (values["simulated"] !== undefined) {
    throw usageError("Give either --candles FILE or --simulated N, not both");
  }
  const hedgeFile = fileOf(context, "hedge");
  return {
    kind: "file",
    file,
    ...(hedgeFile === undefined ? {} : { hedgeFile }),
    from: timeOf(context, "from"),
    to: timeOf(context, "to"),
  };
}

/** The name of a file of the server. */
function fileOf(
  { values }: CommandContext,
  option: "candles" | "hedge",
): string | undefined {
  const file = textOption(values, option);
  if (file !== undefined && /^\d+$/.test(file)) {
    throw usageError(
      `--${option} is "${file}"; give the name of a file, or for so many simulated candles --simulated ${file}`,
    );
  }
  if (file === undefined || !/[/\\]/.test(file)) return file;
  throw usageError(
    `--${option} is "${file}"; give the bare name of a file in the server's candle folder, for instance btc_1m.csv.gz`,
  );
}

function studyOf(context: CommandContext): BacktestRequestInput["study"] {
  const { values } = context;
  const grid = gridOf(listOption(values, "grid"));
  const hasGrid = Object.keys(grid).length > 0;
  const study = textOption(values, "study") ?? (hasGrid ? "sweep" : "single");
  const objective = objectiveOf(context);
  if (study === "single") {
    const stray = ["grid", "objective", "folds", "train"].find((name) =>
      values[name] !== undefined
    );
    if (stray === undefined) return { kind: "single" };
    throw usageError(`--${stray} belongs to --study sweep or walk-forward`);
  }
  if (study === "sweep") return { kind: "sweep", grid, ...objective };
  if (study === "walk-forward" || study === "walk_forward") {
    return {
      kind: "walk_forward",
      grid,
      ...objective,
      ...numbered(context, "folds", "folds"),
      ...numbered(context, "train", "trainPct"),
    };
  }
  throw usageError(
    `--study is "${study}"; give single, sweep or walk-forward`,
  );
}

function objectiveOf(context: CommandContext) {
  const text = textOption(context.values, "objective");
  if (text === undefined) return {};
  const objective = OBJECTIVES.find((name) => name === text);
  if (objective !== undefined) return { objective };
  throw usageError(
    `--objective is "${text}".${suggest(text, OBJECTIVES)}`,
    `The objectives are: ${OBJECTIVES.join(", ")}`,
  );
}

/** `path=v,v` texts as values by path; what looks like a number or a truth value is one. */
function gridOf(
  texts: readonly string[],
): Record<string, (number | string | boolean)[]> {
  return Object.fromEntries(texts.map((text) => {
    const at = text.indexOf("=");
    if (at < 1 || at === text.length - 1) {
      throw usageError(
        `--grid is "${text}"; give path=value,value, for instance --grid risk.leverage=1,2,5`,
      );
    }
    const values = text.slice(at + 1).split(",").map((part) => {
      const value = part.trim();
      if (value === "true" || value === "false") return value === "true";
      return value !== "" && Number.isFinite(Number(value))
        ? Number(value)
        : value;
    });
    return [text.slice(0, at), values];
  }));
}

function numbered(
  context: CommandContext,
  option: string,
  field: string,
): Record<string, number> {
  const value = numberOf(context, option);
  return value === undefined ? {} : { [field]: value };
}

function numberOf(context: CommandContext, name: string): number | undefined {
  const text = textOption(context.values, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value)) return value;
  throw usageError(`--${name} is "${text}"; give a whole number`);
}

function timeOf(context: CommandContext, name: "from" | "to"): string | null {
  const text = textOption(context.values, name);
  if (text === undefined) return null;
  const at = tryTimeText(text, name === "to" ? "end" : "start");
  if (at !== null) return new Date(at).toISOString();
  throw usageError(
    `--${name} is "${text}", which is no time; ${TIME_TEXT_HELP}`,
  );
}
