import type { ObservedState } from "../contracts/lifecycle.ts";
import type { Services } from "../api/page_state.ts";

/** States that an agent only passes through; ending the process would repeat the work. */
const PASSING: ReadonlySet<ObservedState> = new Set([
  "starting",
  "reconciling",
  "stopping",
  "backing_off",
]);

/** Tells whether every agent is where it stays. */
export function isSettled(
  agents: readonly { observed: ObservedState }[],
): boolean {
  return agents.every(({ observed }) => !PASSING.has(observed));
}

/** An API that knows how many commands it has not answered yet. */
export function countCommands(
  api: Services["api"],
): { api: Services["api"]; underWay: () => number } {
  let underWay = 0;
  return {
    underWay: () => underWay,
    api: async (request, info) => {
      if (request.method === "GET" || request.method === "HEAD") {
        return await api(request, info);
      }
      underWay++;
      try {
        return await api(request, info);
      } finally {
        underWay--;
      }
    },
  };
}
