import type { SegmentFigures } from "../../contracts/model_card.ts";
import { DEFLATED_SHARPE_MIN, RANDOM_SHARE_MAX } from "./limits.ts";

/** What the figures of the last segment say. */
export interface ModelVerdict {
  beatsBaselines: boolean;
  /** One sentence or two, for people who may put money on it. */
  verdict: string;
}

/**
 * A model beats its baselines only if its net Sharpe ratio is above 0 (always
 * flat) and above those of buying and holding and of the logistic regression, if
 * few random shifts of its positions do as well, and if its Sharpe ratio is no
 * luck of so many trials.
 */
export function verdictOf(
  figures: SegmentFigures,
  { costBp, trials }: { costBp: number; trials: number },
): ModelVerdict {
  const failures = findFailures(figures, trials);
  const { sharpe, sharpeError } = figures.trading;
  const ratio = sharpe === null
    ? "has no Sharpe ratio"
    : `has a Sharpe ratio of ${signed(sharpe)} ± ${sharpeError!.toFixed(2)}`;
  const result =
    `On candles that it had not seen it ${ratio} after costs of ${costBp} bp a side`;
  return failures.length === 0
    ? {
      beatsBaselines: true,
      verdict:
        `${result} and beats its baselines there; whether that lasts is not known.`,
    }
    : {
      beatsBaselines: false,
      verdict: `${result}: ${failures.join(", ")}. No edge was shown.`,
    };
}

function findFailures(
  { trading, baselines, deflatedSharpe }: SegmentFigures,
  trials: number,
): string[] {
  const own = trading.sharpe ?? 0;
  const worse = [
    own > 0 ? "" : "staying flat",
    own > (baselines.hold.sharpe ?? 0) ? "" : "buying and holding",
    own > (baselines.logistic?.sharpe ?? 0) ? "" : "logistic regression",
  ].filter((name) => name !== "");
  const { shareAsGood } = baselines.random;
  const isLuck = (deflatedSharpe ?? 0) < DEFLATED_SHARPE_MIN;
  return [
    worse.length === 0 ? "" : `no better than ${list(worse)}`,
    shareAsGood <= RANDOM_SHARE_MAX
      ? ""
      : `${Math.round(100 * shareAsGood)} % of random shifts do as well`,
    own > 0 && isLuck ? `it may be the luck of ${trials} trials` : "",
  ].filter((reason) => reason !== "");
}

function list(names: readonly string[]): string {
  return names.length === 1
    ? names[0]!
    : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function signed(value: number): string {
  return value.toFixed(2).replace("-", "−");
}
