/**
 * The limits of agents that are edited for several at once. Pure.
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
