import type { AgentVitals } from "../../contracts/vitals.ts";

/** Heartbeats that a page remembers; the oldest is forgotten. */
export const MAX_TRACE = 60;

/** One heartbeat as a page saw it. */
export interface VitalsPoint {
  at: number;
  /** Since the one before; null for the first. */
  gapMs: number | null;
  mailboxDepth: number | null;
}

/** The trace with a newer heartbeat; the same where it has that one. Pure. */
export function traceVitals(
  trace: readonly VitalsPoint[],
  { heartbeatAt, mailboxDepth }: AgentVitals,
): readonly VitalsPoint[] {
  const last = trace.at(-1);
  if (heartbeatAt === null || (last !== undefined && heartbeatAt <= last.at)) {
    return trace;
  }
  const point: VitalsPoint = {
    at: heartbeatAt,
    gapMs: last === undefined ? null : heartbeatAt - last.at,
    mailboxDepth,
  };
  return [...trace, point].slice(-MAX_TRACE);
}
