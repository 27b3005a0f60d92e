import { createPooledRandom } from "../../core/pooled_random.ts";

/** Randomness for ids, from the system, in [0, 1). */
export const systemRandom: () => number = createPooledRandom((words) => {
  crypto.getRandomValues(words);
});
