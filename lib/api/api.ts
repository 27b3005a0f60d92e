/**
 * The HTTP API: every client of the platform, the panel included, comes
 * through here.
 *
 * @module
 */
import { requestIdOf } from "./request_id.ts";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv, ApiHandler, ApiOptions } from "./context.ts";
import {
  assertDeclared,
  type DeclaredRoute,
  declaredRoutes,
} from "./declarations.ts";
import { createAuthorizer, createGate, OPEN_PATHS } from "./gate.ts";
import { errorEntry, problemResponse, toProblem } from "./problem.ts";
import { inTime } from "./deadline.ts";
import {
  assertDescribed,
  describedRoutes,
  type OpenApiDocument,
  writeDocument,
} from "./openapi/document.ts";
import type { Described } from "./openapi/operation.ts";
import { createRouteTable, type RouteEntry } from "./route_table.ts";
import { API_HEADERS } from "./security_headers.ts";
import { accountRoutes } from "./routes/account.ts";
import { agentOrderRoutes } from "./routes/agent_orders.ts";
import { agentCommandRoutes, agentRoutes } from "./routes/agents.ts";
import { backtestCommandRoutes, backtestRoutes } from "./routes/backtests.ts";
import { catalogRoutes } from "./routes/catalog.ts";
import { cspReportRoutes } from "./routes/csp_report.ts";
import { deadLetterRoutes } from "./routes/dead_letters.ts";
import { emergencyRoutes } from "./routes/emergency.ts";
import { healthRoutes } from "./routes/health.ts";
import { openApiRoutes } from "./routes/openapi.ts";
import { liveRoutes } from "./routes/live.ts";
import { agentLogRoutes, logExportRoutes } from "./routes/logs.ts";
import { exchangeKeyRoutes } from "./routes/exchange_keys.ts";
import { secondFactorRoutes } from "./routes/second_factor.ts";
import { passkeyRoutes } from "./routes/passkeys.ts";
import { passwordRoutes } from "./routes/password.ts";
import { inviteRoutes, userRoutes } from "./routes/users.ts";
import { teamCommandRoutes, teamRoutes } from "./routes/teams.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { tokenRoutes } from "./routes/token.ts";
import { apiTokenRoutes } from "./routes/tokens.ts";
import { metricRoutes } from "./routes/metrics.ts";
import { preferenceRoutes } from "./routes/preferences.ts";
import { quotaRoutes } from "./routes/quotas.ts";
import { analyticsRoutes } from "./routes/analytics.ts";
import { bundleRoutes } from "./routes/bundles.ts";
import { riskRoutes } from "./routes/risk.ts";
import { hostRoutes } from "./routes/hosts.ts";
import { systemRoutes } from "./routes/system.ts";
import { templateRoutes } from "./routes/templates.ts";
import { auditRoutes } from "./routes/audit.ts";
import { recordRefusal } from "./refusal_audit.ts";
import { agentBatchRoutes } from "./routes/agent_batch.ts";
import { agentConfigRoutes } from "./routes/agent_config.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { agentFileRoutes } from "./routes/agent_files.ts";
import { agentViewRoutes } from "./routes/agent_views.ts";

/** Stands for paths that nobody declared, so that their number does not matter. */
const NO_ROUTE = "none";

/** Methods that are told apart in figures: a stranger may send any word as one. */
const METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
]);

/** Makes the API. The function it returns answers every path below `/api`. */
export function createApi(options: ApiOptions): ApiHandler {
  const { app } = createApp(options);
  return async (request, info) => {
    const requestId = requestIdOf(request, options.ids);
    const startMs = options.monotonicMs();
    const extraHeaders = new Map<string, string>();
    const bindings: ApiEnv["Bindings"] = {
      requestId,
      remoteAddress: info.remoteAddress,
      limits: options.limits,
      route: null,
      extraHeaders,
    };
    const response = await inTime(app.fetch(request, bindings), {
      requestId,
      limits: options.limits,
    });
    options.metrics.answered({
      method: METHODS.has(request.method) ? request.method : "other",
      route: bindings.route ?? NO_ROUTE,
      status: response.status,
      latencyMs: options.monotonicMs() - startMs,
    });
    // The answer to an upgrade is bound to its connection and must stay as it is.
    if (response.status === 101) return response;
    return withHeaders(response, [
      ...Object.entries(API_HEADERS),
      ...extraHeaders,
      ["X-Request-Id", requestId],
    ]);
  };
}

/** Stands for services where endpoints are only described, and none is called. */
const NO_SERVICES = new Proxy(() => {}, {
  get: (_, name) => name === Symbol.toPrimitive ? () => "" : NO_SERVICES,
}) as unknown as ApiOptions;

/** Every route of the API, and what they say of themselves: for tests and for the generated docs. */
export function describeApi(options: ApiOptions = NO_SERVICES): {
  routes: readonly RouteEntry[];
  described: readonly Described[];
  document: OpenApiDocument;
} {
  const { app, document } = createApp(options);
  return {
    routes: createRouteTable(app.routes).routes,
    described: describedRoutes(app),
    document: document(),
  };
}

/** Every route with the actions of the policy table that it is. */
export function listDeclarations(
  options: ApiOptions,
): readonly DeclaredRoute[] {
  return declaredRoutes(createApp(options).app.routes);
}

/** Every route of the API. */
export function listRoutes(options: ApiOptions): readonly RouteEntry[] {
  return createRouteTable(createApp(options).app.routes).routes;
}

function createApp(options: ApiOptions): {
  app: OpenAPIHono<ApiEnv>;
  document: () => OpenApiDocument;
} {
  const authorizer = createAuthorizer(options);
  const app = new OpenAPIHono<ApiEnv>().basePath("/api");
  let written: OpenApiDocument | null = null;
  const document = () => written ??= writeDocument(describedRoutes(app));
  let table: ReturnType<typeof createRouteTable> | null = null;
  app.use(
    "*",
    createGate(options, () => table ??= createRouteTable(app.routes)),
  );
  app.route("/", healthRoutes(options, authorizer));
  app.route("/", openApiRoutes(options, { authorizer, document }));
  app.route("/auth", accountRoutes(options, authorizer));
  app.route("/auth", tokenRoutes(options, authorizer));
  app.route("/sessions", sessionRoutes(options, authorizer));
  app.route("/quotas", quotaRoutes(options, authorizer));
  app.route("/system", systemRoutes(options, authorizer));
  app.route("/hosts", hostRoutes(options, authorizer));
  app.route("/", metricRoutes(options, authorizer));
  app.route("/tokens", apiTokenRoutes(options, authorizer));
  app.route("/account", secondFactorRoutes(options, authorizer));
  app.route("/account", passkeyRoutes(options, authorizer));
  app.route("/account", passwordRoutes(options, authorizer));
  app.route("/account", preferenceRoutes(options, authorizer));
  app.route("/users", userRoutes(options, authorizer));
  app.route("/invites", inviteRoutes(options, authorizer));
  app.route("/exchange-keys", exchangeKeyRoutes(options, authorizer));
  app.route("/alerts", alertRoutes(options, authorizer));
  app.route("/", catalogRoutes(options, authorizer));
  app.route("/templates", templateRoutes(options, authorizer));
  app.route("/bundles", bundleRoutes(options, authorizer));
  app.route("/", liveRoutes(options, authorizer));
  app.route("/", cspReportRoutes(options, authorizer));
  app.route("/", logExportRoutes(options, authorizer));
  app.route("/", deadLetterRoutes(options, authorizer));
  app.route("/emergency", emergencyRoutes(options, authorizer));
  app.route("/risk", riskRoutes(options, authorizer));
  app.route("/analytics", analyticsRoutes(options, authorizer));
  // Fixed names such as /agents/logs come before /agents/:id.
  app.route("/agents", agentLogRoutes(options, authorizer));
  app.route("/agents", agentBatchRoutes(options, authorizer));
  app.route("/agents", agentCommandRoutes(options, authorizer));
  app.route("/agents", agentOrderRoutes(options, authorizer));
  app.route("/agents", agentConfigRoutes(options, authorizer));
  app.route("/agents", agentRoutes(options, authorizer));
  app.route("/agents", agentViewRoutes(options, authorizer));
  app.route("/agents", agentFileRoutes(options, authorizer));
  app.route("/teams", teamCommandRoutes(options, authorizer));
  app.route("/teams", teamRoutes(options, authorizer));
  app.route("/backtests", backtestRoutes(options, authorizer));
  app.route("/backtests", backtestCommandRoutes(options, authorizer));
  app.route("/audit", auditRoutes(options, authorizer));
  assertDeclared(app.routes, OPEN_PATHS);
  assertDescribed(describedRoutes(app), createRouteTable(app.routes).routes);
  answerErrors(app, options);
  return { app, document };
}

function answerErrors(app: OpenAPIHono<ApiEnv>, options: ApiOptions): void {
  app.onError(async (error, c) => {
    const answer = toProblem(error, c.env.requestId);
    await recordRefusal(options, c, answer.problem);
    if (answer.isUnexpected) {
      options.logError(errorEntry(c, error));
    }
    return problemResponse(answer);
  });
}

function withHeaders(
  response: Response,
  headers: readonly (readonly [string, string])[],
): Response {
  for (const [name, value] of headers) {
    // An answer may choose its own caching and disposition.
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  return response;
}
