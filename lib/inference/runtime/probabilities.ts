import type { Probabilities } from "../../contracts/inference.ts";
import { PROBABILITY_TOLERANCE } from "./limits.ts";

/** Probabilities, or why there are none, as a part of a sentence. */
export type Answer =
  | { ok: true; probabilities: Probabilities }
  | { ok: false; failure: string };

/** What a model's three numbers mean. */
export interface OutputMeaning {
  meaning: "logits" | "probabilities";
  /** Logits are divided by it. */
  temperature: number;
}

/**
 * Turns the three numbers of a model into probabilities. Whatever is not a
 * sound answer is a failure and never a vote: a wrong count, a number that is
 * not finite, probabilities below 0 or not summing to 1.
 *
 * Softmax with temperature: Guo et al., On Calibration of Modern Neural
 * Networks (2017), section 4.2; computed in 64 bits.
 */
export function toAnswer(
  output: ArrayLike<number>,
  { meaning, temperature }: OutputMeaning,
): Answer {
  if (output.length !== 3) {
    return fail(`gave ${output.length} numbers instead of 3`);
  }
  const down = output[0]!;
  const flat = output[1]!;
  const up = output[2]!;
  if (![down, flat, up].every(Number.isFinite)) {
    return fail("gave a number that is not finite");
  }
  return meaning === "logits"
    ? softmax({ down, flat, up }, temperature)
    : check({ down, flat, up });
}

function softmax(logits: Probabilities, temperature: number): Answer {
  const top = Math.max(logits.down, logits.flat, logits.up);
  const down = Math.exp((logits.down - top) / temperature);
  const flat = Math.exp((logits.flat - top) / temperature);
  const up = Math.exp((logits.up - top) / temperature);
  // At least 1, because the largest term is exp(0).
  const sum = down + flat + up;
  return {
    ok: true,
    probabilities: { down: down / sum, flat: flat / sum, up: up / sum },
  };
}

function check(probabilities: Probabilities): Answer {
  const { down, flat, up } = probabilities;
  if (Math.min(down, flat, up) < -PROBABILITY_TOLERANCE) {
    return fail("gave a probability below 0");
  }
  const sum = down + flat + up;
  if (Math.abs(sum - 1) > PROBABILITY_TOLERANCE) {
    return fail(`gave probabilities that sum to ${sum.toPrecision(4)}`);
  }
  // What rounding left over or below 0 is shared out again.
  const parts = [down, flat, up].map((part) => Math.max(0, part));
  const whole = parts[0]! + parts[1]! + parts[2]!;
  return {
    ok: true,
    probabilities: {
      down: parts[0]! / whole,
      flat: parts[1]! / whole,
      up: parts[2]! / whole,
    },
  };
}

function fail(failure: string): Answer {
  return { ok: false, failure };
}
