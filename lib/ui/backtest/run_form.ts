/**
 * The model of the form that starts a run: text as typed, by pointers into the
 * request. Pure; the contract's schema turns it into a request or into errors.
 *
 * @module
 */
import { agentConfigSchema } from "../../contracts/agent_config.ts";
import { backtestRequestSchema } from "../../contracts/backtest.ts";
import type { FieldError } from "../../core/errors.ts";
import type { FormValue } from "../spawn_form.ts";
import {
  configPointer,
  flatten,
  toConfigInput,
} from "../spawn/config_values.ts";

/** Values of the form by pointer; those of the configuration are by themselves. */
export type RunValues = Readonly<Record<string, FormValue>>;

/** A form as it is first shown. */
export const FIRST_VALUES: RunValues = {
  "/data/kind": "simulated",
  "/data/candles": "10000",
  "/data/dataSeed": "1",
  "/data/file": "",
  "/data/hedgeFile": "",
  "/data/from": "",
  "/data/to": "",
  "/study/kind": "single",
  "/study/grid": "",
  "/study/objective": "sharpe",
  "/study/folds": "5",
  "/study/trainPct": "75",
  "/lookAheadCheck": true,
  "/monteCarloRuns": "1000",
  "/randomEntryRuns": "20",
};

/** A request with what is wrong with it, by pointer of the form. */
export interface RunInput {
  request: Record<string, unknown>;
  errors: Readonly<Record<string, string>>;
}

/** Builds the request that the form stands for and checks it as the server will. */
export function toRunInput(
  options: {
    template: string | null;
    config: RunValues;
    run: RunValues;
  },
): RunInput {
  const { template, config, run } = options;
  const { grid, errors } = parseGrid(String(run["/study/grid"]));
  const request = {
    template,
    // The feed and the mode of a configuration play no part in a run.
    config: toConfigInput({
      ...config,
      "/feed/kind": "simulated",
      "/mode": "paper",
    }),
    data: dataOf(run),
    study: studyOf(run, grid),
    lookAheadCheck: run["/lookAheadCheck"],
    monteCarloRuns: numberOf(run["/monteCarloRuns"]),
    randomEntryRuns: numberOf(run["/randomEntryRuns"]),
  };
  const all: Record<string, string> = {};
  if (run["/study/kind"] !== "single") Object.assign(all, errors);
  const parsed = backtestRequestSchema.safeParse(request);
  for (const issue of parsed.error?.issues ?? []) {
    all[formPointer(`/${issue.path.join("/")}`)] ??= issue.message;
  }
  return { request, errors: all };
}

/** The field of the form that a pointer into the request is about. */
export function formPointer(pointer: string): string {
  if (pointer.startsWith("/config/")) return configPointer(pointer);
  if (pointer === "/data/seed") return "/data/dataSeed";
  return pointer.startsWith("/study/grid") ? "/study/grid" : pointer;
}

/** What the server refused, by field of the form. */
export function refusedFields(
  errors: readonly FieldError[],
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { pointer, detail } of errors) {
    const field = formPointer(pointer);
    fields[field] = fields[field] === undefined
      ? detail
      : `${fields[field]} · ${detail}`;
  }
  return fields;
}

/** Values of a configuration for the form. */
export function configValues(config: unknown): Record<string, FormValue> {
  const values = flatten(agentConfigSchema.parse(config));
  return Object.fromEntries(
    Object.entries(values).filter(([pointer]) => !pointer.startsWith("/feed")),
  );
}

/** What a file's name says of its candles: `btcusdt-15m.csv` is BTC/USDT in 15m. */
export function guessFromName(
  file: string,
): { symbol: string | null; timeframe: string | null } {
  const base = file.toLowerCase().replace(/\.(csv(\.gz)?|candles)$/, "");
  const timeframe = /(?:^|[^a-z0-9])(1m|5m|15m|30m|1h|4h|1d)(?=$|[^a-z0-9])/
    .exec(base)?.[1] ?? null;
  const market = /([a-z0-9]{2,8})[-_]?(usdt|usdc|usd|eur)(?=$|[^a-z])/.exec(
    base,
  );
  return {
    timeframe,
    symbol: market === null
      ? null
      : `${market[1]!.toUpperCase()}/${market[2]!.toUpperCase()}`,
  };
}

function dataOf(run: RunValues): Record<string, unknown> {
  if (run["/data/kind"] === "simulated") {
    return {
      kind: "simulated",
      candles: numberOf(run["/data/candles"]),
      seed: numberOf(run["/data/dataSeed"]),
    };
  }
  return {
    kind: "file",
    file: run["/data/file"],
    ...(run["/data/hedgeFile"] === ""
      ? {}
      : { hedgeFile: run["/data/hedgeFile"] }),
    from: dayOf(run["/data/from"], "T00:00:00Z"),
    to: dayOf(run["/data/to"], "T23:59:59.999Z"),
  };
}

function studyOf(
  run: RunValues,
  grid: Record<string, unknown>,
): Record<string, unknown> {
  const kind = run["/study/kind"];
  if (kind === "single") return { kind };
  const objective = run["/study/objective"];
  if (kind === "sweep") return { kind, grid, objective };
  return {
    kind,
    grid,
    objective,
    folds: numberOf(run["/study/folds"]),
    trainPct: numberOf(run["/study/trainPct"]),
  };
}

/** Lines `path = value, value` as values by path. */
function parseGrid(text: string): {
  grid: Record<string, (number | string | boolean)[]>;
  errors: Record<string, string>;
} {
  const grid: Record<string, (number | string | boolean)[]> = {};
  const errors: Record<string, string> = {};
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line === "") continue;
    const at = line.indexOf("=");
    const values = line.slice(at + 1).split(",").map((each) => each.trim())
      .filter((each) => each !== "");
    if (at < 1 || values.length === 0) {
      errors["/study/grid"] =
        `"${line}" has no values; write for instance strategies.fvg.minGapAtr = 0.3, 0.5`;
      continue;
    }
    grid[line.slice(0, at).trim()] = values.map(toValue);
  }
  if (Object.keys(grid).length === 0) {
    errors["/study/grid"] ??=
      "Name at least one setting with its values, for instance strategies.fvg.minGapAtr = 0.3, 0.5";
  }
  return { grid, errors };
}

function toValue(text: string): number | string | boolean {
  if (text === "true" || text === "false") return text === "true";
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/** What is no number stays text, so that the schema names it. */
function numberOf(value: FormValue | undefined): unknown {
  const text = String(value).trim();
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function dayOf(value: FormValue | undefined, time: string): string | null {
  const text = String(value ?? "").trim();
  if (text === "") return null;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}${time}` : text;
}
