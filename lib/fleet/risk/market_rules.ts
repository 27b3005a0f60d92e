import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { RiskMarketRules } from "../../contracts/fleet_risk.ts";
import { venueKey } from "../../contracts/venue.ts";
import { venueOf } from "../desk_ids.ts";
import { compareText, type RiskFact } from "./facts.ts";

/** The rules of each market that a desk has opened, by venue and symbol. */
export function marketRulesOf(
  facts: readonly RiskFact[],
  measures: StopMeasures["accounts"],
): RiskMarketRules[] {
  const byMarket = new Map<string, RiskMarketRules>();
  for (const { agentId, rules } of measures) {
    const config = facts.find(({ record }) => record.id === agentId)?.record
      .config;
    const place = config === undefined ? null : venueOf(config);
    if (config === undefined || place === null || rules === null) continue;
    const venue = venueKey(place).replace(".", " ");
    const key = `${venue} ${config.symbol}`;
    const { makerRate: _, takerRate: __, ...limits } = rules;
    byMarket.set(key, {
      ...limits,
      venue,
      symbol: config.symbol,
      agents: (byMarket.get(key)?.agents ?? 0) + 1,
    });
  }
  return [...byMarket.values()].sort((a, b) =>
    compareText(a.venue, b.venue) || compareText(a.symbol, b.symbol)
  );
}
