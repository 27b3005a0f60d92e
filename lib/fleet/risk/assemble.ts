import type { EmergencyResponse } from "../../contracts/emergency.ts";
import type { StopMeasures } from "../../contracts/emergency_desk.ts";
import type { FleetRisk, RiskProblem } from "../../contracts/fleet_risk.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type { QuotaUse } from "../../contracts/quota.ts";
import { type BreakerFacts, breakersOf } from "./breakers.ts";
import type { DenialCount } from "./denial_book.ts";
import { groupDenials } from "./denials.ts";
import { drawdownsOf } from "./drawdowns.ts";
import { exposureOf } from "./exposure.ts";
import type { RiskFact } from "./facts.ts";
import { limitsOf } from "./limit_rows.ts";
import { BREAKERS_SHOWN, LIMITS_SHOWN, MARKET_RULES_SHOWN } from "./limits.ts";
import { lossesOf } from "./losses.ts";
import { marketRulesOf } from "./market_rules.ts";
import { moneyOf } from "./money.ts";
import { tradingOf } from "./trading.ts";

/** Everything that the answer is made from. */
export interface FleetRiskInput {
  at: EpochMs;
  facts: readonly RiskFact[];
  emergency: Pick<EmergencyResponse, "latches" | "isDeskUp">;
  hosts: readonly QuotaUse[];
  /** Orders of each account within its last minute. */
  rates: StopMeasures["rates"];
  breakers: Omit<BreakerFacts, "trips">;
  /** Null where the log could not be read. */
  denials: DenialCount | null;
  problems: readonly RiskProblem[];
}

/** The risk of the whole fleet. The order of the agents changes nothing. */
export function assembleRisk(
  { at, facts, emergency, hosts, rates, breakers, denials, problems }:
    FleetRiskInput,
): FleetRisk {
  const present = facts.filter(({ record }) => record.desired !== "retired");
  const { measures } = breakers;
  const limits = limitsOf(present, { hosts, measures, rates });
  const rules = marketRulesOf(present, measures);
  const trips = denials?.trips ?? null;
  const allBreakers = breakersOf(present, { ...breakers, trips });
  const modes = new Map(
    present.map(({ record: { id, config } }) => [id, config.mode]),
  );
  return {
    at,
    agents: present.length,
    trading: tradingOf(present, emergency),
    money: moneyOf(present),
    limits: limits.slice(0, LIMITS_SHOWN),
    limitsLeftOut: Math.max(0, limits.length - LIMITS_SHOWN),
    marketRules: rules.slice(0, MARKET_RULES_SHOWN),
    marketRulesLeftOut: Math.max(0, rules.length - MARKET_RULES_SHOWN),
    losses: lossesOf(present),
    drawdowns: drawdownsOf(present),
    exposure: exposureOf(present),
    breakers: allBreakers.slice(0, BREAKERS_SHOWN),
    breakersLeftOut: Math.max(0, allBreakers.length - BREAKERS_SHOWN),
    denials: denials === null ? null : {
      since: denials.since,
      isWhole: denials.isWhole,
      groups: groupDenials(denials.denials, (id) => modes.get(id) ?? null),
    },
    problems,
  };
}
