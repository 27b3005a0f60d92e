/** What the choices of an executor are called. */
export const EXECUTION_WORDS = {
  as_signalled: "As the signal says",
  market: "At the market",
  limit: "Limit",
  post_only: "Limit that never takes",
  stop: "Stop",
  none: "Whole",
  twap: "Parts over time",
  iceberg: "Parts, one after the other",
  off: "No",
  on: "Yes",
  any: "Any of them",
  all: "All of them",
  retry: "Try again later",
  give_up: "Give up",
  trip: "Open the breaker",
} as const;
