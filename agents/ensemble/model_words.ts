import type { ModelStatus } from "./model_roster.ts";

/** What a person should know or see to, in one sentence, or null where every model has a vote or will have one at once. */
export function describeProblem(
  models: readonly ModelStatus[],
): string | null {
  const broken = models.filter(({ state }) =>
    state === "failed" || state === "degraded"
  );
  if (broken.length === 0) {
    const waiting = models.find(({ waitsFor }) => waitsFor !== null);
    return waiting === undefined
      ? null
      : `it waits for its models: ${waiting.waitsFor}`;
  }
  return `${broken.length} of ${models.length} models ${
    broken.length === 1 ? "has" : "have"
  } no vote: ${
    broken.map(({ name, reason }) => `${name}: ${reason}`).join("; ")
  }`;
}
