import * as z from "zod";
import { integerInRange, numberInRange } from "../primitives.ts";

/** What a form needs to show one numeric parameter. */
export interface ParameterHelp {
  label: string;
  unit: string;
  help: string;
  min: number;
  max: number;
  step: number;
}

/** A number with its range, its default and what a form says about it. */
export function parameter(
  options: ParameterHelp & { preset: number; whole?: boolean },
) {
  const { preset, whole, ...help } = options;
  const schema = whole
    ? integerInRange(help.min, help.max, help.unit)
    : numberInRange(help.min, help.max, help.unit);
  return schema.default(preset).meta({ ...help });
}

/** One of few words, the first one by default. */
export function choice<const Value extends string>(
  options: readonly [Value, ...Value[]],
  help: { label: string; help: string },
) {
  return z.enum(options).default(options[0] as never).meta(help);
}

/** A switch that is on by default. */
export function tick(help: { label: string; help: string }) {
  return z.boolean().default(true).meta(help);
}

/** Least reward to risk, the same for all strategies. */
export const minRewardRisk = parameter({
  label: "Least reward to risk",
  unit: "R",
  help:
    "A setup whose planned target is nearer than this many times its risk is skipped",
  min: 0.5,
  max: 10,
  step: 0.1,
  preset: 1.5,
});
