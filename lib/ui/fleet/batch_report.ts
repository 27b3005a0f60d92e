/** What became of a command for one agent. */
export interface CommandResult {
  id: string;
  name: string;
  /** Null = accepted. */
  refusal: string | null;
  /** It waits for a fresh proof of who gives it. */
  needsProof?: true;
}

/** What became of a command to several agents, to be read agent by agent. */
export interface BatchReport {
  /** What happened to those that took it: "stopping". */
  done: string;
  results: readonly CommandResult[];
}

/** What a report comes to: "3 stopping, 1 refused". */
export function headline({ done, results }: BatchReport): string {
  const refused = results.filter(({ refusal }) => refusal !== null).length;
  return `${results.length - refused} ${done}, ${refused} refused`;
}
