/** Stamps of the intents of a run; comparable between the workers of a process. */

/** Milliseconds since the epoch, with the resolution of the monotonic clock. */
export function stamp(): number {
  return performance.timeOrigin + performance.now();
}

/** Stamps by agent key, in the order of the agent's intents. */
export type Stamps = Record<string, number[]>;

/** Notes a stamp. */
export function note(stamps: Stamps, agentKey: string): void {
  (stamps[agentKey] ??= []).push(stamp());
}

/** What the desk's worker noted since it was asked before. */
export interface DeskStamps {
  arrived: Stamps;
  sent: Stamps;
  /** Share of the time that its thread computed. */
  busyShare: number;
}
