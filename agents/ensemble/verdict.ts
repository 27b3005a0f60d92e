/**
 * From votes to a verdict: which way, how sure, or why not. Pure arithmetic over
 * the votes of one candle.
 *
 * @module
 */
import type { Probabilities } from "../../lib/contracts/inference.ts";
import type { DecisionConfig } from "../../lib/contracts/decision_config.ts";
import type { Bias } from "../../lib/contracts/pattern.ts";
import type { CostRates } from "../sizing/costs.ts";
import type { HeldVote } from "./model_roster.ts";

/** Why nothing is traded, as a word for programs. */
export type AbstentionCode =
  | "warming_up"
  | "votes_missing"
  | "not_confident"
  | "disagreement"
  | "costs";

/** Why nothing is traded. */
export interface Abstention {
  code: AbstentionCode;
  /** One sentence with the figures. */
  reason: string;
}

/** What the models come to on one candle. Plain data. */
export interface Verdict {
  /** Side that the models favour; null where they cannot be counted or favour none. */
  bias: Bias | null;
  /** Mean of the votes that count; null without enough of them. */
  mean: Probabilities | null;
  /** Averaged probability of the favoured side. */
  confidence: number | null;
  /** Greatest distance between the probabilities of a rise. */
  disagreement: number | null;
  /** Expected move in favour of the side, in percent of the price, before costs. */
  expectedMovePct: number | null;
  votes: readonly HeldVote[];
  /** Null where the verdict may be traded. */
  abstention: Abstention | null;
}

/** What a verdict depends on besides the votes. */
export interface VerdictContext {
  config: DecisionConfig;
  rates: CostRates;
  close: number;
  /** ATR at the candle's close. */
  atr: number;
}

/**
 * Averages the calibrated probabilities of the votes that count and says
 * whether they may be traded.
 *
 * Expected move: P(side) × target − P(other side) × stop, both in ATR as the
 * configuration has them; what ends between them counts as 0. Costs: entry and
 * exit, each with its fee, and slippage where it takes.
 */
export function judgeVotes(
  votes: readonly HeldVote[],
  context: VerdictContext,
): Verdict {
  const counted = votes.flatMap(({ probabilities }) =>
    probabilities === null ? [] : [probabilities]
  );
  const { config } = context;
  const needed = config.minVotes === 0
    ? votes.length
    : Math.min(config.minVotes, votes.length);
  if (counted.length === 0 || counted.length < needed) {
    return abstain(votes, {
      code: "votes_missing",
      reason: describeMissing(votes, { counted: counted.length, needed }),
    });
  }
  const mean = average(counted);
  const bias: Bias | null = mean.up > mean.down
    ? 1
    : mean.down > mean.up
    ? -1
    : null;
  const rises = counted.map(({ up }) => up);
  const disagreement = Math.max(...rises) - Math.min(...rises);
  const confidence = Math.max(mean.up, mean.down);
  const expectedMovePct = 100 * context.atr / context.close *
    (confidence * config.targetAtr -
      Math.min(mean.up, mean.down) * config.stopAtr);
  const verdict = { bias, mean, confidence, disagreement, expectedMovePct };
  return { ...verdict, votes, abstention: findAbstention(verdict, context) };
}

/** A verdict on a candle that the models were not asked about. */
export function abstain(
  votes: readonly HeldVote[],
  abstention: Abstention,
): Verdict {
  return {
    bias: null,
    mean: null,
    confidence: null,
    disagreement: null,
    expectedMovePct: null,
    votes,
    abstention,
  };
}

/** Costs of a trade in percent of the price: both executions, the exit as an order that takes. */
export function roundTripCostPct(
  { entry }: Pick<DecisionConfig, "entry">,
  { makerFee, takerFee, slippage }: CostRates,
): number {
  const taking = takerFee + slippage;
  return 100 * ((entry === "limit" ? makerFee : taking) + taking);
}

function average(counted: readonly Probabilities[]): Probabilities {
  let down = 0;
  let flat = 0;
  let up = 0;
  for (const each of counted) {
    down += each.down;
    flat += each.flat;
    up += each.up;
  }
  const count = counted.length;
  return { down: down / count, flat: flat / count, up: up / count };
}

interface Counted {
  bias: Bias | null;
  confidence: number;
  disagreement: number;
  expectedMovePct: number;
}

function findAbstention(
  { bias, confidence, disagreement, expectedMovePct }: Counted,
  { config, rates }: VerdictContext,
): Abstention | null {
  if (disagreement > config.maxDisagreement) {
    return {
      code: "disagreement",
      reason: `The models' probabilities of a rise are ${
        exact(disagreement)
      } points apart, at most ${exact(config.maxDisagreement)} are allowed`,
    };
  }
  if (bias === null || confidence < config.minConfidence) {
    return {
      code: "not_confident",
      reason: `Confidence is ${exact(confidence)} %, ${
        exact(config.minConfidence)
      } % are needed`,
    };
  }
  const costPct = roundTripCostPct(config, rates);
  // Written so that a figure that is not a number abstains.
  if (expectedMovePct > costPct) return null;
  return {
    code: "costs",
    reason: `The expected move of ${
      percent(expectedMovePct)
    } % does not pay costs of ${percent(costPct)} %`,
  };
}

function describeMissing(
  votes: readonly HeldVote[],
  { counted, needed }: { counted: number; needed: number },
): string {
  const failures = votes.flatMap(({ model, failure }) =>
    failure === null ? [] : [`${model}: ${failure}`]
  );
  return `${counted} of ${votes.length} models vote, ${
    Math.max(1, needed)
  } are needed; ${failures.join("; ")}`;
}

/** A probability in percent. */
export function points(part: number): string {
  return (100 * part).toFixed(0);
}

/** The same where it stands beside a limit that it may be close to. */
function exact(part: number): string {
  return (100 * part).toFixed(1);
}

function percent(value: number): string {
  return value.toFixed(3);
}
