import { FEATURE_CLIP } from "../../../agents/decision/limits.ts";
import { createRng } from "../../core/rng.ts";
import { TRIAL_WINDOWS } from "./limits.ts";
import type { OnnxModel } from "./onnx_model.ts";

/**
 * Runs a model on a window of zeros and on seeded random ones, each twice.
 *
 * @returns What is wrong with its answers, or null.
 */
export async function tryOut(model: OnnxModel): Promise<string | null> {
  const { features, windowCandles } = model.manifest;
  const rng = createRng(1);
  const window = new Float32Array(windowCandles * features.length);
  for (let trial = 0; trial <= TRIAL_WINDOWS; trial++) {
    const what = trial === 0 ? "zeros" : `random numbers (window ${trial})`;
    // deno-lint-ignore no-await-in-loop -- a model answers one window at a time
    const first = await model.answerNormalized(window);
    if (!first.ok) return `on a trial with ${what} it ${first.failure}`;
    // deno-lint-ignore no-await-in-loop -- a model answers one window at a time
    const second = await model.answerNormalized(window);
    if (JSON.stringify(first) !== JSON.stringify(second)) {
      return `on a trial with ${what} it answered the same window in two ways; it must draw no random numbers and keep no state`;
    }
    for (let place = 0; place < window.length; place++) {
      window[place] = FEATURE_CLIP * (2 * rng.next() - 1);
    }
  }
  return null;
}
