import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  healthReportSchema,
  liveResponseSchema,
  readyResponseSchema,
} from "../../contracts/answers/health.ts";
import { PRODUCT_VERSION } from "../../core/version.ts";
import type { ReadyResponse } from "../client.ts";
import type { HealthReport } from "../../contracts/health.ts";
import type { ApiContext, ApiEnv, ApiOptions } from "../context.ts";
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
    path: "/health",
    summary: "Ask how each part of the platform does",
    details:
      "Without a login that has metrics.read, the state of the whole alone. 503 where a part is down that all agents need.",
    tag: "server",
    action: "open",
    answer: healthReportSchema,
    otherStatus: { status: 503, when: ({ state }) => state === "down" },
  }, ({ c }) => reportFor(c, { options, authorizer }));
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

/** What is wrong inside is nobody's affair who has no login. */
async function reportFor(
  c: ApiContext,
  { options, authorizer }: { options: ApiOptions; authorizer: Authorizer },
): Promise<HealthReport> {
  const report = options.health();
  const login = c.get("login");
  const isTrusted = login !== undefined &&
    await authorizer.verdict(login.identity, "metrics.read") === null;
  return isTrusted ? report : { ...report, components: null };
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
