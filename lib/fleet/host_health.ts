/**
 * Threads that burn on after their actor was terminated. Nothing but the end
 * of the process ends them, so the fleet asks whoever started it for a fresh one.
 *
 * @module
 */
import type { SupervisorEvent } from "../../actors/mod.ts";
import type { FleetContext } from "./context.ts";
import { append } from "./publish.ts";

/** What the process suffers from. */
export interface HostState {
  /** Threads that burn without an actor. */
  zombieThreads: number;
  detail: string;
}

/** A process that suffers from nothing. */
export const SOUND_HOST: HostState = { zombieThreads: 0, detail: "" };

/** Handles news about burning threads: the health, everybody who looks, and who can recycle the process. */
export function projectZombieThreads(
  context: FleetContext,
  event: Extract<SupervisorEvent, { type: "zombie_threads" }>,
): void {
  const before = context.host.zombieThreads;
  context.host = { zombieThreads: event.count, detail: event.detail };
  if (event.count === before) return;
  const isSick = event.count > 0;
  const message = isSick
    ? hostProblem(context.host)
    : "The threads that burned without an agent have ended";
  append(context, {
    events: [{
      type: "system.event",
      agentId: null,
      at: context.clock.nowMs(),
      data: {
        kind: "host",
        severity: isSick ? "warning" : "info",
        agentId: null,
        agentName: null,
        message,
      },
    }],
  });
  context.onRecycleWanted(isSick ? message : null);
}

/** The check of the process among the fleet's. It is degraded, but it serves: it does not make the platform unready. */
export function checkHost(
  host: HostState,
): { name: "host"; ok: boolean; detail: string } {
  return host.zombieThreads === 0
    ? { name: "host", ok: true, detail: "No thread burns without an agent" }
    : { name: "host", ok: false, detail: hostProblem(host) };
}

function hostProblem({ zombieThreads, detail }: HostState): string {
  const threads = zombieThreads === 1
    ? "1 thread burns on after its agent was terminated and takes"
    : `${zombieThreads} threads burn on after their agents were terminated and take`;
  const why = detail === "" ? "" : ` (${detail})`;
  return `${threads} processor time from the others${why}; the server is recycled at a quiet moment`;
}
