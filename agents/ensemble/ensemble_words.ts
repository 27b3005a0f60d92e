/**
 * The sentences of a decision engine.
 *
 * @module
 */
import type { UnusualInput } from "./unusual_inputs.ts";
import { points, type Verdict } from "./verdict.ts";

/** Why a verdict is traded, most important first. */
export function describeVerdict(
  { bias, confidence, disagreement, expectedMovePct, votes }: Verdict,
  unusual: readonly UnusualInput[],
): string[] {
  const counted = votes.flatMap(({ model, probabilities }) =>
    probabilities === null ? [] : [
      `${model} ${
        points(bias === -1 ? probabilities.down : probabilities.up)
      } %`,
    ]
  );
  return [
    `Models expect a ${bias === -1 ? "fall" : "rise"} with ${
      points(confidence ?? 0)
    } %: ${counted.join(", ")}`,
    `Their probabilities of a rise are ${
      points(disagreement ?? 0)
    } points apart`,
    `Expected move of ${(expectedMovePct ?? 0).toFixed(3)} % before costs`,
    ...(unusual.length === 0 ? [] : [
      `Most unusual inputs: ${unusual.map(describeInput).join(", ")}`,
    ]),
  ];
}

/** "Would buy: confidence 61 %", "Abstains: Confidence is 41 %, 45 % are needed". */
export function describeDecision(
  { abstention, bias, confidence }: Verdict,
): string {
  return abstention === null
    ? `Models favour a ${bias === -1 ? "fall" : "rise"} with ${
      points(confidence ?? 0)
    } %`
    : `Abstains: ${abstention.reason}`;
}

function describeInput({ feature, z }: UnusualInput): string {
  return `${feature} ${z < 0 ? "−" : "+"}${Math.abs(z).toFixed(1)}`;
}
