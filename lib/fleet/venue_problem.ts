import type { AgentEntry } from "./registry.ts";

/** What a person should see of an agent's venue now; null for nothing. */
export function venueProblemOf(
  { isOpen, venueProblems }: Pick<AgentEntry, "isOpen" | "venueProblems">,
): string | null {
  if (!isOpen) return null;
  const [first] = venueProblems.values();
  return first ?? null;
}
