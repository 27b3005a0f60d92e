/**
 * What is wrong with a request although its form is right: files that are not
 * there, grids that lead nowhere, studies that are too large. Every fault has a
 * pointer into the request.
 *
 * @module
 */
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../contracts/agent_config.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import {
  type BacktestData,
  GRID_SETS_MAX,
  type ParameterGrid,
} from "../../contracts/backtest.ts";
import { whyUntestable } from "../../contracts/testable.ts";
import type { FieldError } from "../../core/errors.ts";
import type { CandleFileFacts, RequestParts } from "../port.ts";

/** Settings that a grid cannot vary, with the reason. */
const FIXED_SETTINGS: ReadonlyMap<string, string> = new Map([
  ["name", "it is the label of the run"],
  ["type", "the agent type decides which settings there are"],
  ["symbol", "the candles decide the market"],
  ["timeframe", "the candles decide the timeframe"],
  ["mode", "a backtest is always simulated"],
  ["feed", "the candles come from the data of the request"],
]);

/** Finds every fault of the parts that are there. */
export async function checkParts(
  { config, data, study }: RequestParts,
  describeFile: (file: string) => Promise<CandleFileFacts | null>,
): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  if (config !== null) errors.push(...checkType(config));
  if (data !== null) {
    errors.push(...checkRange(data));
    if (data.kind === "file") {
      const facts = await describeFile(data.file);
      errors.push(...checkFile(data.file, facts, config));
      errors.push(...await checkHedge(data, { config, describeFile }));
    }
  }
  if (study !== null && study.kind !== "single") {
    errors.push(...checkGrid(study.grid, config));
  }
  return errors;
}

/** Number of parameter sets that a grid stands for. */
export function countSets(grid: ParameterGrid): number {
  return Object.values(grid).reduce((sets, { length }) => sets * length, 1);
}

/** Writes one setting of a configuration in place. @returns false if there is no such setting. */
export function setByPath(
  config: AgentConfig,
  path: string,
  value: unknown,
): boolean {
  let group = config as unknown as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop()!;
  for (const name of names) {
    const next = Object.hasOwn(group, name) ? group[name] : undefined;
    if (typeof next !== "object" || next === null) return false;
    group = next as Record<string, unknown>;
  }
  if (!Object.hasOwn(group, last) || typeof group[last] === "object") {
    return false;
  }
  group[last] = value;
  return true;
}

function checkType({ type, sources }: AgentConfig): FieldError[] {
  const { title } = AGENT_TYPE_WORDS[type];
  const unavailable = whyUntestable(type);
  if (unavailable !== null) {
    return [{
      pointer: "/config/type",
      code: "TYPE_UNAVAILABLE",
      detail: `${title} cannot be backtested: ${unavailable}`,
    }];
  }
  return sources.length === 0 ? [] : [{
    pointer: "/config/sources",
    code: "SOURCES_UNAVAILABLE",
    detail:
      "The signals of other agents are not there in a backtest, which runs one agent; leave the sources out and it decides by itself",
  }];
}

function checkRange(data: BacktestData): FieldError[] {
  if (data.kind !== "file" || data.from === null || data.to === null) return [];
  return Date.parse(data.from) < Date.parse(data.to) ? [] : [{
    pointer: "/data/to",
    code: "RANGE_EMPTY",
    detail: `The range ends at ${data.to}, which is not after ${data.from}`,
  }];
}

/** Pairs trade two markets. */
async function checkHedge(
  { hedgeFile }: Extract<BacktestData, { kind: "file" }>,
  { config, describeFile }: {
    config: AgentConfig | null;
    describeFile: (file: string) => Promise<CandleFileFacts | null>;
  },
): Promise<FieldError[]> {
  const pointer = "/data/hedgeFile";
  if (hedgeFile === undefined) {
    return config?.strategies.pairs.enabled !== true ? [] : [{
      pointer,
      code: "HEDGE_MISSING",
      detail:
        "The strategy pairs needs the candles of a second market; name their file, or switch pairs off",
    }];
  }
  return await describeFile(hedgeFile) !== null ? [] : [{
    pointer,
    code: "FILE_NOT_FOUND",
    detail:
      `There is no readable candle file "${hedgeFile}" in the candle folder`,
  }];
}

function checkFile(
  file: string,
  facts: CandleFileFacts | null,
  config: AgentConfig | null,
): FieldError[] {
  if (facts === null) {
    return [{
      pointer: "/data/file",
      code: "FILE_NOT_FOUND",
      detail:
        `There is no readable candle file "${file}" in the candle folder; GET /api/candle-files lists them`,
    }];
  }
  const { timeframe } = facts;
  if (config === null || timeframe === null || timeframe === config.timeframe) {
    return [];
  }
  return [{
    pointer: "/config/timeframe",
    code: "TIMEFRAME_DIFFERS",
    detail:
      `${file} holds ${timeframe} candles, not ${config.timeframe}; choose timeframe ${timeframe}`,
  }];
}

function checkGrid(
  grid: ParameterGrid,
  config: AgentConfig | null,
): FieldError[] {
  const errors: FieldError[] = [];
  const sets = countSets(grid);
  if (Object.keys(grid).length === 0) {
    errors.push({
      pointer: "/study/grid",
      code: "GRID_EMPTY",
      detail:
        'Name at least one setting with its values, for instance "strategies.fvg.minGapAtr": [0.3, 0.5]',
    });
  }
  if (sets > GRID_SETS_MAX) {
    errors.push({
      pointer: "/study/grid",
      code: "GRID_TOO_LARGE",
      detail:
        `The grid has ${sets} parameter sets, at most ${GRID_SETS_MAX} are allowed; give fewer values`,
    });
  }
  if (config === null) return errors;
  for (const [path, values] of Object.entries(grid)) {
    errors.push(...checkSetting(path, { values, config }));
  }
  return errors;
}

function checkSetting(
  path: string,
  { values, config }: { values: readonly unknown[]; config: AgentConfig },
): FieldError[] {
  const pointer = `/study/grid/${path}`;
  const fixed = FIXED_SETTINGS.get(path.split(".")[0]!);
  if (fixed !== undefined) {
    return [{
      pointer,
      code: "SETTING_FIXED",
      detail: `"${path}" cannot be varied, because ${fixed}`,
    }];
  }
  const copy = structuredClone(config);
  if (!setByPath(copy, path, values[0])) {
    return [{
      pointer,
      code: "SETTING_UNKNOWN",
      detail:
        `The configuration has no setting "${path}"; write its path as in strategies.fvg.minGapAtr`,
    }];
  }
  return values.flatMap((value, index) => {
    setByPath(copy, path, value);
    const issue = agentConfigSchema.safeParse(copy).error?.issues[0];
    return issue === undefined ? [] : [{
      pointer: `${pointer}/${index}`,
      code: "FIELD_INVALID",
      detail: `${JSON.stringify(value)} is not allowed: ${issue.message}`,
    }];
  });
}

/** All faults in one sentence. */
export function sentenceOf(errors: readonly FieldError[]): string {
  const [first] = errors;
  return errors.length === 1
    ? `${first!.pointer}: ${first!.detail}`
    : `${errors.length} fields need correction; each one is listed with what it expects`;
}
