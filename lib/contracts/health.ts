/**
 * How the platform does, part by part.
 *
 * @module
 */

/** `degraded`: it works, and somebody should look. `down`: what it is for does not happen. */
export const HEALTH_STATES = ["ok", "degraded", "down"] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

/** One part that can fail for itself. */
export interface HealthComponent {
  /** For instance `store`, `disk`, `desk`, `feed:simulated`. */
  name: string;
  state: HealthState;
  /** One sentence: what makes it so. */
  cause: string;
  /** Since when it is so, ISO 8601; null where it never was otherwise. */
  since: string | null;
}

/** `GET /api/health`. */
export interface HealthReport {
  /** The worst that matters: a part that all agents need makes it `down`, any other `degraded`. */
  state: HealthState;
  /** Of the product. */
  version: string;
  /** The server's clock, ISO 8601 with milliseconds. */
  at: string;
  /** Null for who may not read them. */
  components: readonly HealthComponent[] | null;
}

/** A part as it is found; since when is worked out by who looks again and again. */
export interface FoundComponent extends Omit<HealthComponent, "since"> {
  /** Where the part itself knows it, milliseconds since 1970. */
  sinceMs?: number | null;
  /** Without it nothing works: where it is down, all is. */
  isEssential?: boolean;
}

/** The state of a whole by its parts. */
export function stateOfAll(
  components: readonly Pick<FoundComponent, "state" | "isEssential">[],
): HealthState {
  const isDown = components.some(({ state, isEssential }) =>
    state === "down" && isEssential === true
  );
  if (isDown) return "down";
  return components.every(({ state }) => state === "ok") ? "ok" : "degraded";
}
