import * as z from "zod";
import type { DecimalText } from "../core/decimal.ts";
import { TIMEFRAMES } from "./candle.ts";
import { costsConfigSchema } from "./costs.ts";
import { decisionConfigSchema } from "./decision_config.ts";
import { executionConfigSchema } from "./execution_config.ts";
import { feedConfigSchema } from "./feed.ts";
import { guardConfigSchema } from "./guard_config.ts";
import { decimalText, integerInRange, numberInRange } from "./primitives.ts";
import {
  detectorConfigSchema,
  sizingConfigSchema,
  strategiesConfigSchema,
} from "./strategies.ts";
import { SOURCES_MAX } from "./signal.ts";
import { parameter } from "./strategies/parameter.ts";
import { symbolSchema } from "./symbol.ts";

export { normalizeSymbol, symbolSchema } from "./symbol.ts";

/** The four agent types of the product. */
export const AGENT_TYPES = [
  "pattern_detector",
  "decision_engine",
  "executor",
  "risk_manager",
] as const;
export type AgentType = (typeof AGENT_TYPES)[number];

/** Agent names: shown everywhere, unique per user, safe in a shell. */
export const agentNameSchema = z.string().trim().regex(
  /^[A-Za-z0-9][A-Za-z0-9 ._-]{1,39}$/,
  "Enter 2 to 40 letters, digits, spaces, dots, dashes or underscores, starting with a letter or digit",
);

/** Schema of a candle length such as `15m`. */
export const timeframeSchema = z.enum(TIMEFRAMES, {
  error: `Choose a timeframe: ${TIMEFRAMES.join(", ")}`,
});

export const RISK_LEVELS = ["conservative", "moderate", "aggressive"] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** Limits of one agent. They hold at the desk, outside the agent. */
export const riskConfigSchema = z.strictObject({
  /** In quote currency. */
  initialCapital: decimalText({
    min: "100",
    max: "100000",
    unit: "in quote currency",
  }),
  leverage: integerInRange(1, 100, "(times)"),
  riskLevel: z.enum(RISK_LEVELS, {
    error: `Choose a risk level: ${RISK_LEVELS.join(", ")}`,
  }),
  /** Part of the highest equity that may be lost before trading halts. */
  maxDrawdownPct: numberInRange(1, 50, "percent"),
  /** In quote currency, from 00:00 UTC. */
  dailyLossLimit: decimalText({
    min: "10",
    max: "10000",
    unit: "in quote currency",
  }),
  /** Part of equity that one trade may lose at its stop. */
  riskPerTradePct: numberInRange(0.05, 5, "percent"),
});
export type RiskConfig = z.infer<typeof riskConfigSchema>;

/** A limit in money or units that may be left out; null, or an empty text, for none. */
function optionalLimit(
  { min, unit, ...help }: {
    min: DecimalText;
    unit: string;
    label: string;
    help: string;
  },
) {
  const schema = z.preprocess(
    (value) => value === "" ? null : value,
    decimalText({
      min,
      max: "1000000000",
      unit: `${unit}, or leave it empty`,
    }).nullable(),
  ) as unknown as z.ZodType<DecimalText | null, DecimalText | number | null>;
  return schema.default(null).meta(help);
}

/**
 * Guards against a runaway agent. The defaults of limits that came later than
 * others are those that change nothing. What is said of an exchange key holds
 * in markets of quotes only.
 */
export const safetyConfigSchema = z.strictObject({
  maxOrdersPerMinute: integerInRange(1, 600, "orders a minute").default(30),
  maxOpenOrders: integerInRange(1, 50, "orders").default(5),
  /** Losing trades in a row after which new entries stop until a person resumes; 0 turns it off. */
  breakerConsecutiveLosses: integerInRange(0, 50, "losing trades").default(8),
  maxOrderNotional: optionalLimit({
    min: "1",
    unit: "in quote currency",
    label: "Value of an order",
    help:
      "Most that one entry may be worth, in quote currency; empty for no limit",
  }),
  maxOrderQuantity: optionalLimit({
    min: "0.00000001",
    unit: "in base currency",
    label: "Size of an order",
    help: "Most units of one entry, in base currency; empty for no limit",
  }),
  maxPositionNotional: optionalLimit({
    min: "1",
    unit: "in quote currency",
    label: "Value of the position",
    help:
      "Most that position and working entries may be worth together, in quote currency; empty for no limit",
  }),
  maxAccountNotional: optionalLimit({
    min: "1",
    unit: "in quote currency",
    label: "Exposure of the exchange key",
    help:
      "Most that all agents of the same key may hold together, in quote currency; empty for no limit. Exchanges and paper trading on quotes only",
  }),
  priceCollarPct: parameter({
    label: "Price collar",
    unit: "percent",
    help: "How far the price of an entry may be from the market",
    min: 0.1,
    max: 20,
    step: 0.1,
    preset: 20,
  }),
  repeatedEntriesPerMinute: parameter({
    label: "Repeated entries",
    unit: "entries a minute",
    help:
      "Entries on the same side within a minute. Exchanges and paper trading on quotes only, as are those below",
    min: 1,
    max: 600,
    step: 1,
    preset: 10,
    whole: true,
  }),
  maxAccountOrdersPerMinute: parameter({
    label: "Order rate of the exchange key",
    unit: "orders a minute",
    help: "Orders of all agents of the same key",
    min: 1,
    max: 6_000,
    step: 1,
    preset: 120,
    whole: true,
  }),
  maxAccountMessagesPerMinute: parameter({
    label: "Request rate of the exchange key",
    unit: "requests a minute",
    help: "Requests of any kind of all agents of the same key",
    min: 10,
    max: 60_000,
    step: 10,
    preset: 1_200,
    whole: true,
  }),
  maxCancelsPerFill: parameter({
    label: "Withdrawn orders",
    unit: "for each fill",
    help: "Orders withdrawn for each that was filled, within an hour",
    min: 1,
    max: 1_000,
    step: 1,
    preset: 100,
    whole: true,
  }),
});
export type SafetyConfig = z.infer<typeof safetyConfigSchema>;

/** The whole configuration of an agent, as a person writes it and as it is stored. */
export const agentConfigSchema = z.strictObject({
  name: agentNameSchema,
  type: z.enum(AGENT_TYPES, {
    error: `Choose an agent type: ${AGENT_TYPES.join(", ")}`,
  }),
  symbol: symbolSchema,
  timeframe: timeframeSchema,
  /** Paper is the only mode that needs no key. */
  mode: z.enum(["paper", "live"], { error: "Choose a mode: paper or live" })
    .default("paper"),
  /** Key of the exchange, for live trading; none on paper. */
  exchangeKeyId: z.string().max(64).optional(),
  feed: feedConfigSchema.default({ kind: "simulated" }),
  risk: riskConfigSchema,
  detector: detectorConfigSchema.prefault({}),
  strategies: strategiesConfigSchema.prefault({}),
  sizing: sizingConfigSchema.prefault({}),
  /** How models decide; decision engines only. */
  decision: decisionConfigSchema.prefault({}),
  safety: safetyConfigSchema.prefault({}),
  /** How an executor trades the signals it hears. Other types leave it as it is. */
  execution: executionConfigSchema.prefault({}),
  /** What a risk manager guards; no other type has it. */
  guard: guardConfigSchema.optional(),
  /** What trading costs in the paper market. */
  costs: costsConfigSchema.prefault({}),
  /** Agents whose signals it trades or weighs: their ids; a person may write their names. Executors and decision engines only. */
  sources: z.array(
    z.string({ error: "Name an agent or its id" }).trim().min(1).max(64),
  ).max(SOURCES_MAX, `Name at most ${SOURCES_MAX} agents to listen to`)
    .default([]),
  /** Only report patterns; place no orders. */
  signalsOnly: z.boolean().default(false),
  /** Write down every input and decision, so that the session can be replayed bit for bit. */
  record: z.boolean().default(false),
  /** Seed of everything random in the agent's paper venue. */
  seed: integerInRange(0, 2_147_483_647, "").default(1),
});
export type AgentConfig = z.infer<typeof agentConfigSchema>;
export type AgentConfigInput = z.input<typeof agentConfigSchema>;
