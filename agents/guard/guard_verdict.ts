/**
 * From the rules' standing to what desks are told.
 *
 * @module
 */
import type { GuardDemand } from "../../lib/contracts/guard.ts";
import type { GuardConfig } from "../../lib/contracts/guard_config.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";
import type { RiskMeasureName } from "../risk/portfolio/rule_measures.ts";
import type { ActingRule } from "../risk/portfolio/rule_standing.ts";

/** The rule of missing data among the others. */
export const DATA_RULE = "data";

/** Missing data, and since when; null while all is known. */
export interface MissingData {
  since: EpochMs;
  sentences: readonly string[];
}

/** Missing data after a look; it begins anew only when nothing was missing in between. */
export function followMissing(
  before: MissingData | null,
  { sentences, at }: { sentences: readonly string[]; at: EpochMs },
): MissingData | null {
  return sentences.length === 0
    ? null
    : { since: before?.since ?? at, sentences };
}

/** What speaks for a guard. */
export interface Speaker {
  name: string;
  config: GuardConfig;
}

/** What missing data ask for: only exits at once, a halt when they last. */
export function dataDemand(
  missing: MissingData | null,
  { speaker, at }: { speaker: Speaker; at: EpochMs },
): GuardDemand | null {
  if (missing === null) return null;
  const { haltAfterSeconds } = speaker.config;
  const isLong = at - missing.since >= haltAfterSeconds * 1_000;
  const more = missing.sentences.length - 1;
  return {
    state: isLong ? "halted" : "reducing",
    code: "RISK_DATA_MISSING",
    reason: sentenceOf(
      speaker,
      `${missing.sentences[0]}${more > 0 ? ` (and ${more} more)` : ""}`,
    ),
    ruleId: DATA_RULE,
    flattens: false,
  };
}

/** What a rule that acts asks for; null where it only tells. */
export function ruleDemand(
  { ruleId, code, reason, state }: ActingRule,
  speaker: Speaker,
): GuardDemand | null {
  if (state === "active") return null;
  const { flatten } = speaker.config.rules[ruleId as RiskMeasureName];
  return {
    state,
    code,
    reason: sentenceOf(speaker, reason),
    ruleId,
    flattens: flatten && state === "halted" && code !== "RISK_UNKNOWN",
  };
}

/** The strictest of several demands, the first one of equals; it closes positions if any of the strictest does. */
export function strictest(
  demands: readonly (GuardDemand | null)[],
): GuardDemand | null {
  const asked = demands.filter((demand) => demand !== null);
  const found = asked.find(({ state }) => state === "halted") ?? asked[0];
  if (found === undefined) return null;
  const flattens = asked.some((demand) =>
    demand.state === found.state && demand.flattens
  );
  return { ...found, flattens };
}

function sentenceOf({ name }: Speaker, reason: string): string {
  return `Risk manager "${name}": ${reason}`;
}
