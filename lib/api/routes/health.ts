import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  liveResponseSchema,
  readyResponseSchema,
} from "../../contracts/answers/health.ts";
import { PRODUCT_VERSION } from "../../core/version.ts";
import type { ReadyResponse } from "../client.ts";
import type { ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** Probes: open to everybody, and they never ask a worker or the disk. */
export function healthRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "get",
    path: "/health/live",
    summary: "Ask whether the server is up",
    tag: "server",
    action: "open",
    answer: liveResponseSchema,
  }, () => ({ status: "ok" as const, version: PRODUCT_VERSION }));
  define({
    method: "get",
    path: "/health/ready",
    summary: "Ask whether everything works",
    tag: "server",
    action: "open",
    answer: readyResponseSchema,
    otherStatus: { status: 503, when: ({ ready }) => !ready },
  }, () => readiness(options));
  return app;
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
