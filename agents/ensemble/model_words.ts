import type { ModelStatus } from "./model_roster.ts";

/** What a person should see to, in one sentence, or null where every model has a vote or is still being loaded. */
export function describeProblem(
  models: readonly ModelStatus[],
): string | null {
  const broken = models.filter(({ state }) =>
    state === "failed" || state === "degraded"
  );
  if (broken.length === 0) return null;
  return `${broken.length} of ${models.length} models ${
    broken.length === 1 ? "has" : "have"
  } no vote: ${
    broken.map(({ name, reason }) => `${name}: ${reason}`).join("; ")
  }`;
}
