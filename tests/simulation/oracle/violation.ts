/** The promises that the oracle checks, and two that it takes for granted: the world ends, and nothing is thrown. */
export const PROMISES = {
  P1: "No acknowledged command, order event or audit entry is lost or doubled",
  P2: "At most one order per intent, one fill per order",
  P3: "After a crash no new order before the agent is reconciled",
  P4: "Of two incarnations of an agent never both open risk",
  P5: "A kill blocks every new order",
  P6: "Limits hold outside the agent",
  P7: "The trades of an agent do not depend on faults",
  P8: "Memory is bounded",
  P9: "Every change of state has a cause and follows from the one before",
  P11: "Every intent has exactly one outcome",
  P12: "A run repeats from its seed",
  rest: "The world comes to rest when the faults stop",
  survival: "Nothing is thrown that a process would not survive",
} as const;
export type Promised = keyof typeof PROMISES;

/** One broken promise. */
export interface Violation {
  promise: Promised;
  /** What was seen, in one sentence. */
  what: string;
}
