/**
 * What a risk manager guards and by which rules. The presets are those of a
 * careful person: they reduce well before the limits of single agents halt.
 *
 * @module
 */
import * as z from "zod";
import { LOSS_METHODS, type RiskMeasureName } from "./risk.ts";
import { choice, parameter } from "./strategies/parameter.ts";

/** Agents that one risk manager may guard by name. */
export const GUARDED_AGENTS_MAX = 100;

/** Returns of a market that are kept at least and at most. */
export const GUARD_RETURNS = { least: 250, most: 1_000 } as const;

/** Whose accounts are guarded. */
export const guardScopeSchema = z.discriminatedUnion("kind", [
  /** All agents of its owner, also those that come later. */
  z.strictObject({ kind: z.literal("user") }),
  /** These agents of its owner. */
  z.strictObject({
    kind: z.literal("agents"),
    agentIds: z.array(z.string().max(64)).max(
      GUARDED_AGENTS_MAX,
      `Name at most ${GUARDED_AGENTS_MAX} agents`,
    ),
  }),
  /** All agents that trade with this exchange key. */
  z.strictObject({
    kind: z.literal("account"),
    exchangeKeyId: z.string().max(64),
  }),
], { error: "Choose whom to guard: user, agents or account" });
export type GuardScope = z.infer<typeof guardScopeSchema>;

/** What a rule may do when its limit is reached. */
export const GUARD_ACTIONS = ["alert", "reducing", "halted"] as const;
export type GuardAction = (typeof GUARD_ACTIONS)[number];

interface RulePresets {
  enabled: boolean;
  warning: number;
  limit: number;
  release: number;
  action: GuardAction;
  latched?: boolean;
}

/** Range of a limit: percentages up to that of a highly leveraged account, correlations −1 to 1. */
interface RuleRange {
  unit: string;
  min: number;
  max: number;
  step: number;
}

const PERCENT: RuleRange = { unit: "percent", min: 0, max: 10_000, step: 0.1 };
const PART: RuleRange = { unit: "", min: -1, max: 1, step: 0.01 };

function rule(presets: RulePresets, range: RuleRange = PERCENT) {
  return z.strictObject({
    enabled: z.boolean().default(presets.enabled).meta({
      label: "In force",
      help: "Whether the rule is applied",
    }),
    warning: parameter({
      ...range,
      label: "Warning",
      help: "From here on it warns",
      preset: presets.warning,
    }),
    limit: parameter({
      ...range,
      label: "Limit",
      help: "From here on it acts; the limit itself counts as reached",
      preset: presets.limit,
    }),
    release: parameter({
      ...range,
      label: "Release",
      help:
        "Here it lets go; better than the warning, so that it does not flap",
      preset: presets.release,
    }),
    action: z.enum(GUARD_ACTIONS, {
      error: `Choose an action: ${GUARD_ACTIONS.join(", ")}`,
    }).default(presets.action).meta({
      label: "Action",
      help: "Tell only, let nothing but exits through, or halt",
    }),
    latched: z.boolean().default(presets.latched ?? false).meta({
      label: "Until a person releases it",
      help: "Once the limit was reached it acts until a person re-arms",
    }),
    flatten: z.boolean().default(false).meta({
      label: "Close positions",
      help: "When it halts, open positions are closed once at market",
    }),
  }).prefault({});
}

/** Rules of a risk manager, one for each measure. */
export const guardRulesSchema = z.strictObject(
  {
    value_at_risk_pct: rule({
      enabled: true,
      warning: 4,
      limit: 5,
      release: 3,
      action: "reducing",
    }),
    expected_shortfall_pct: rule({
      enabled: true,
      warning: 6,
      limit: 8,
      release: 5,
      action: "reducing",
    }),
    gross_exposure_pct: rule({
      enabled: true,
      warning: 200,
      limit: 300,
      release: 180,
      action: "reducing",
    }),
    net_exposure_pct: rule({
      enabled: false,
      warning: 150,
      limit: 200,
      release: 120,
      action: "reducing",
    }),
    committed_exposure_pct: rule({
      enabled: false,
      warning: 300,
      limit: 400,
      release: 250,
      action: "reducing",
    }),
    symbol_long_pct: rule({
      enabled: true,
      warning: 150,
      limit: 200,
      release: 120,
      action: "reducing",
    }),
    symbol_short_pct: rule({
      enabled: true,
      warning: 150,
      limit: 200,
      release: 120,
      action: "reducing",
    }),
    concentration_pct: rule({
      enabled: false,
      warning: 70,
      limit: 80,
      release: 60,
      action: "alert",
    }),
    largest_market_pct: rule({
      enabled: false,
      warning: 150,
      limit: 200,
      release: 120,
      action: "reducing",
    }),
    correlation: rule({
      enabled: true,
      warning: 0.8,
      limit: 0.9,
      release: 0.7,
      action: "alert",
    }, PART),
    drawdown_pct: rule({
      enabled: true,
      warning: 7,
      limit: 10,
      release: 5,
      action: "halted",
      latched: true,
    }),
    daily_loss_pct: rule({
      enabled: true,
      warning: 2,
      limit: 3,
      release: 1,
      action: "halted",
    }),
    liquidation_distance_pct: rule({
      enabled: true,
      warning: 8,
      limit: 5,
      release: 10,
      action: "reducing",
    }),
    stress_loss_pct: rule({
      enabled: true,
      warning: 40,
      limit: 50,
      release: 30,
      action: "alert",
    }),
  } satisfies Record<RiskMeasureName, unknown>,
).prefault({});
export type GuardRules = z.infer<typeof guardRulesSchema>;

/** The block `guard` of an agent's configuration; a risk manager alone reads it. */
export const guardConfigSchema = z.strictObject({
  scope: guardScopeSchema.default({ kind: "user" }),
  lossMethod: choice(LOSS_METHODS, {
    label: "Method of value at risk",
    help: "The one that the rules go by; all are shown",
  }),
  confidencePct: parameter({
    label: "Confidence",
    unit: "percent",
    help: "Part of the periods in which a loss is no larger",
    min: 90,
    max: 99.5,
    step: 0.5,
    preset: 99,
  }),
  returns: parameter({
    label: "Window of returns",
    unit: "candles",
    help: "Returns of each market that losses are estimated from",
    min: GUARD_RETURNS.least,
    max: GUARD_RETURNS.most,
    step: 10,
    preset: 500,
    whole: true,
  }),
  requireHistory: z.boolean().default(false).meta({
    label: "Require returns from the start",
    help:
      "Too few returns then count as a limit that is reached; otherwise a rule only warms up",
  }),
  warmUpCandles: parameter({
    label: "Time to warm up",
    unit: "candles",
    help:
      "A market that was followed for so long and has too few returns all the same counts as a limit that is reached",
    min: GUARD_RETURNS.least,
    max: GUARD_RETURNS.most,
    step: 10,
    preset: 500,
    whole: true,
  }),
  staleAfterSeconds: parameter({
    label: "Data are missing after",
    unit: "s",
    help:
      "A price in real time that is older, or an account that was silent for longer, is unknown: only exits pass",
    min: 2,
    max: 60,
    step: 1,
    preset: 10,
    whole: true,
  }),
  haltAfterSeconds: parameter({
    label: "Halt without data after",
    unit: "s",
    help: "How long something may be unknown before trading halts",
    min: 10,
    max: 600,
    step: 1,
    preset: 60,
    whole: true,
  }),
  rules: guardRulesSchema,
});
export type GuardConfig = z.infer<typeof guardConfigSchema>;

/** The configuration with the whole block of a risk manager; the same for every other type. */
export function withGuardPresets<
  Config extends { type: string; guard?: GuardConfig | undefined },
>(config: Config): Config {
  return config.type !== "risk_manager" || config.guard !== undefined
    ? config
    : { ...config, guard: guardConfigSchema.parse({}) };
}
