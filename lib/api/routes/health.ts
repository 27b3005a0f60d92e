import { Hono } from "hono";
import type { LiveResponse, ReadyResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";

/** Probes: open to everybody, and they never ask a worker or the disk. */
export function healthRoutes(options: ApiOptions): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get("/health/live", (c) => c.json<LiveResponse>({ status: "ok" }))
    .get("/health/ready", (c) => {
      const answer = readiness(options);
      return c.json<ReadyResponse>(answer, answer.ready ? 200 : 503);
    });
}

function readiness(options: ApiOptions): ReadyResponse {
  const fleet = options.fleet.health();
  const store = options.storeHealth();
  const isDraining = options.isDraining();
  return {
    ready: fleet.ready && store.ok && !isDraining,
    checks: [
      { name: "store", ok: store.ok, detail: store.detail },
      {
        name: "drain",
        ok: !isDraining,
        detail: isDraining ? "The server is shutting down" : "Not draining",
      },
      ...fleet.checks.filter((check) => check.name !== "store"),
      // Told here, and no reason to take nobody in: trading goes on.
      auditHealth(options),
    ],
  };
}

/** To everybody only whether the trail is whole, never what it says. */
function auditHealth(
  { auditTrail }: ApiOptions,
): { name: string; ok: boolean; detail: string } {
  const { ok, checkpointTrouble } = auditTrail.check();
  const detail = !ok
    ? "The audit trail is broken: an admin reads what is wrong at /audit"
    : checkpointTrouble === null
    ? "The audit trail is whole"
    : "Checkpoints of the audit trail wait";
  return { name: "audit", ok, detail };
}
