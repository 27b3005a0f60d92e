/**
 * Parameter grids: every combination of some values as configurations, checked
 * before anything runs.
 *
 * @module
 */
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../contracts/agent_config.ts";
import { GRID_SETS_MAX, type ParameterGrid } from "../../contracts/backtest.ts";
import type { FieldError } from "../../core/errors.ts";

/** Values of one parameter set, by path. */
export type SetValues = Readonly<Record<string, number | string | boolean>>;

/** One combination. */
export interface ParameterSet {
  values: SetValues;
  config: AgentConfig;
}

/** Paths that a grid must not change, with why. */
const FIXED_PATHS: ReadonlyMap<string, string> = new Map([
  ["name", "it is the label of the run"],
  ["type", "the template decides the agent type"],
  ["mode", "a backtest is always simulated"],
  ["feed", "the candles are those of the request"],
  ["symbol", "the candles decide the market"],
  ["timeframe", "the candles decide the timeframe"],
]);

/** Number of combinations of a grid. */
export function gridSize(grid: ParameterGrid): number {
  return Object.values(grid).reduce((size, values) => size * values.length, 1);
}

/**
 * All combinations, the last path changing fastest; or everything that is wrong
 * with the grid, with pointers into it.
 */
export function expandGrid(
  base: AgentConfig,
  grid: ParameterGrid,
): { ok: true; sets: readonly ParameterSet[] } | {
  ok: false;
  errors: readonly FieldError[];
} {
  const errors = findPathErrors(base, grid);
  if (errors.length > 0) return { ok: false, errors };
  const size = gridSize(grid);
  if (size > GRID_SETS_MAX) {
    return {
      ok: false,
      errors: [
        error(
          "",
          `The grid has ${size} sets, the limit is ${GRID_SETS_MAX}; leave out values`,
        ),
      ],
    };
  }
  const sets: ParameterSet[] = [];
  const refused = new Map<string, FieldError>();
  for (const values of combinationsOf(grid)) {
    const parsed = agentConfigSchema.safeParse(withValues(base, values));
    if (parsed.success) {
      sets.push({ values, config: parsed.data });
      continue;
    }
    for (const issue of parsed.error.issues) {
      const path = issue.path.join(".");
      const value = JSON.stringify(values[path]);
      const detail = `${path}: ${value} is not valid; ${issue.message}`;
      refused.set(detail, error(path, detail));
    }
  }
  return refused.size > 0
    ? { ok: false, errors: [...refused.values()] }
    : { ok: true, sets };
}

function findPathErrors(
  base: AgentConfig,
  grid: ParameterGrid,
): readonly FieldError[] {
  const paths = Object.keys(grid);
  if (paths.length === 0) {
    return [error("", "The grid is empty; name at least one setting to vary")];
  }
  return paths.flatMap((path) => {
    const reason = FIXED_PATHS.get(path.split(".")[0]!);
    if (reason !== undefined) {
      return [error(path, `${path}: cannot be varied, because ${reason}`)];
    }
    const value = path.split(".").reduce<unknown>(
      (group, key) =>
        typeof group === "object" && group !== null && Object.hasOwn(group, key)
          ? (group as Record<string, unknown>)[key]
          : undefined,
      base,
    );
    if (value === undefined) {
      return [error(path, `${path}: there is no such setting`)];
    }
    return typeof value === "object"
      ? [error(path, `${path}: is a group; name one of its settings`)]
      : [];
  });
}

function error(path: string, detail: string): FieldError {
  return {
    pointer: path === "" ? "/study/grid" : `/study/grid/${path}`,
    code: "GRID_INVALID",
    detail,
  };
}

function* combinationsOf(grid: ParameterGrid): Generator<SetValues> {
  const paths = Object.keys(grid);
  const places = paths.map(() => 0);
  while (true) {
    yield Object.fromEntries(
      paths.map((path, index) => [path, grid[path]![places[index]!]!]),
    );
    let index = paths.length - 1;
    while (index >= 0 && ++places[index]! === grid[paths[index]!]!.length) {
      places[index--] = 0;
    }
    if (index < 0) return;
  }
}

/** Money in a configuration is text; a number is written as one by the schema. */
function withValues(base: AgentConfig, values: SetValues): AgentConfig {
  const config = structuredClone(base);
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let group = config as unknown as Record<string, unknown>;
    for (const key of keys) group = group[key] as Record<string, unknown>;
    group[last] = value;
  }
  return config;
}
