/**
 * Editing of an agent's risk limits against the version that was seen. Pure.
 *
 * @module
 */
import {
  type AgentConfig,
  agentConfigSchema,
  type RiskConfig,
} from "../../contracts/agent_config.ts";

/** The limits that can be edited, in order, with their labels. */
export const RISK_FIELDS = [
  { key: "maxDrawdownPct", label: "Max drawdown", unit: "%" },
  { key: "dailyLossLimit", label: "Daily loss limit", unit: "" },
  { key: "leverage", label: "Leverage", unit: "×" },
  { key: "riskPerTradePct", label: "Risk per trade", unit: "% of equity" },
] as const;
export type RiskKey = (typeof RISK_FIELDS)[number]["key"];
/** What was typed. */
export type RiskTexts = Readonly<Record<RiskKey, string>>;

/** The texts of a configuration. */
export function riskTexts(risk: RiskConfig): RiskTexts {
  return {
    maxDrawdownPct: String(risk.maxDrawdownPct),
    dailyLossLimit: risk.dailyLossLimit,
    leverage: String(risk.leverage),
    riskPerTradePct: String(risk.riskPerTradePct),
  };
}

/** The configuration with the typed limits, or what is wrong with them. */
export function applyTexts(
  config: AgentConfig,
  texts: RiskTexts,
): { config: AgentConfig } | { errors: Readonly<Record<string, string>> } {
  const number = (text: string) =>
    /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  const result = agentConfigSchema.safeParse({
    ...config,
    risk: {
      ...config.risk,
      maxDrawdownPct: number(texts.maxDrawdownPct),
      dailyLossLimit: texts.dailyLossLimit,
      leverage: number(texts.leverage),
      riskPerTradePct: number(texts.riskPerTradePct),
    },
  });
  if (result.success) return { config: result.data };
  const errors: Record<string, string> = {};
  for (const issue of result.error.issues) {
    errors[String(issue.path.at(-1) ?? "")] ??= issue.message;
  }
  return { errors };
}

/** A field with what was seen, what is stored now, and what was typed. */
export interface RiskDifference {
  key: RiskKey;
  label: string;
  base: string;
  theirs: string;
  mine: string;
}

/** The fields on which the three differ. */
export function differences(
  base: RiskTexts,
  theirs: RiskTexts,
  mine: RiskTexts,
): RiskDifference[] {
  return RISK_FIELDS.map(({ key, label }) => ({
    key,
    label,
    base: base[key],
    theirs: theirs[key],
    mine: mine[key],
  })).filter((row) => row.base !== row.theirs || row.base !== row.mine);
}

/** What to save on top of somebody else's change: my edits, and theirs where I made none. */
export function mergeTexts(
  base: RiskTexts,
  theirs: RiskTexts,
  mine: RiskTexts,
): RiskTexts {
  const of = (key: RiskKey) =>
    mine[key] === base[key] ? theirs[key] : mine[key];
  return {
    maxDrawdownPct: of("maxDrawdownPct"),
    dailyLossLimit: of("dailyLossLimit"),
    leverage: of("leverage"),
    riskPerTradePct: of("riskPerTradePct"),
  };
}
