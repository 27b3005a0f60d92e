import { TEMPLATES } from "../../agents/mod.ts";
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import { agentConfig, guardConfig, tirelessConfig } from "../support/config.ts";

const SYMBOLS = ["BTC/USDT", "ETH/USDT", "SOL/USDT"] as const;

/** Detectors that go on trading, all alike: what is measured is their number. */
export function detectors(
  count: number,
  from = 0,
): readonly AgentConfigInput[] {
  return Array.from({ length: count }, (_, index) => ({
    ...tirelessConfig(`load ${from + index + 1}`),
    symbol: SYMBOLS[(from + index) % SYMBOLS.length]!,
    timeframe: "1m" as const,
  }));
}

/**
 * Agents of every type that needs nothing from elsewhere: detectors of every
 * template, one in ten an executor of one of the first detectors, which report
 * only, and a risk manager over all of them.
 *
 * @returns Groups to be spawned one after the other: sources come first.
 */
export function mixedAgents(
  count: number,
): readonly (readonly AgentConfigInput[])[] {
  const templates = TEMPLATES.filter(({ config }) =>
    config.type === "pattern_detector"
  ).map(({ name }) => name);
  const executors = Math.floor(count / 10);
  const detecting = Math.max(1, count - executors - 1);
  const found = Array.from(
    { length: detecting },
    (_, index) => ({
      ...detectorOf(
        `soak ${index + 1}`,
        templates[index % templates.length]!,
        index,
      ),
      ...index < executors ? { signalsOnly: true } : {},
    }),
  );
  const trading = Array.from(
    { length: executors },
    (_, index) =>
      executorOf(found[index % detecting]!, `soak executor ${index + 1}`),
  );
  const manager = guardConfig("soak manager", {
    measure: "gross_exposure_pct",
    action: "alert",
  });
  return [found, [...trading, manager]];
}

function detectorOf(
  name: string,
  template: string,
  index: number,
): AgentConfigInput {
  const config = agentConfig({ name }, template);
  return {
    ...config,
    symbol: SYMBOLS[index % SYMBOLS.length]!,
    timeframe: "1m",
    risk: { ...config.risk, maxDrawdownPct: 50, dailyLossLimit: "10000" },
    safety: { ...config.safety, breakerConsecutiveLosses: 0 },
  };
}

/** What trades on the signals of a detector, by its name. */
function executorOf(
  source: AgentConfigInput,
  name: string,
): AgentConfigInput {
  return {
    ...tirelessConfig(name),
    symbol: source.symbol,
    timeframe: source.timeframe,
    type: "executor",
    sources: [source.name],
  } as AgentConfigInput;
}
