/** Methods about one agent, by whose id they begin; its host carries them out. */
export const OF_ONE_AGENT = [
  "control",
  "updateConfig",
  "remove",
  "chart",
  "decisions",
  "performance",
  "resources",
  "risk",
  "latency",
  "recordings",
  "settleOrder",
] as const;

/** One of them. */
export type OfOneAgent = (typeof OF_ONE_AGENT)[number];

/** Those of them that store what is wanted of the agent. */
export const WISHES: readonly string[] = ["control", "updateConfig", "remove"];

/** Any method of a fleet whose arguments can be sent. */
export type Method = (...args: readonly unknown[]) => Promise<unknown>;
