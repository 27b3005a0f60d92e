/**
 * Typed access to the HTTP API from islands. Refusals come back as
 * {@link ApiProblem} with the server's problem; a request that never got an
 * answer is an {@link ApiUnreachable}. The session cookie travels by itself.
 *
 * @module
 */
import type { AuditCheck, AuditRecord } from "../../contracts/audit_trail.ts";
import type { FleetRisk } from "../../contracts/fleet_risk.ts";
import type { RiskResponse } from "../../contracts/guard.ts";
import type {
  AgentDetail,
  AgentView,
  ConfigResponse,
  ControlRequest,
  PerformanceResponse,
  SpawnRequest,
  ValidationResponse,
} from "../../contracts/agent.ts";
import type { ResourcesResponse } from "../../contracts/resources.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { BacktestDetail, BacktestView } from "../../contracts/backtest.ts";
import type { CandleFile } from "../../contracts/feed.ts";
import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import type { LogEntry } from "../../contracts/log.ts";
import type { Trade } from "../../contracts/order.ts";
import type { ReplayView } from "../../contracts/replay.ts";
import { DEFAULT_LIVE_SETTINGS } from "../../contracts/live_settings.ts";
import { FORM_TOKEN_HEADER } from "../../contracts/form_token.ts";
import type { Problem } from "../../contracts/problem.ts";
import { agentCalls } from "./agent_calls.ts";
import { chartCalls } from "./chart_calls.ts";
import { emergencyCalls } from "./emergency_calls.ts";
import { fleetCalls } from "./fleet_calls.ts";
import { loginCalls } from "./login_calls.ts";
import { peopleCalls } from "./people_calls.ts";
import { teamCalls } from "./team_calls.ts";

/** The server refused. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The server did not answer. Whether it did the work is unknown. */
export class ApiUnreachable extends Error {
  override name = "ApiUnreachable";
}

/** A page of a list. */
export interface ApiPage<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** The part of `fetch` that the client uses. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>;

/** How a client is made; tests give their own parts. */
export interface ApiClientOptions {
  fetch?: FetchLike;
  /** How long a request waits for its answer, asked at each one. */
  timeoutMs?: () => number;
  newKey?: () => string;
  /** Told what the page's forms carry from now on, where an answer changes it. */
  onFormToken?: (token: string) => void;
  /** Told that the login has ended, whichever call found out. */
  onSignedOut?: () => void;
}

/** A request to the API. */
export interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
}

/** All calls of the panel. */
export type ApiClient = ReturnType<typeof createApiClient>;

/** Makes an API client. */
export function createApiClient(
  { newKey = randomKey, ...options }: ApiClientOptions = {},
) {
  const call = createCall(options);
  const agentPath = (id: string) => `/api/agents/${encodeURIComponent(id)}`;
  return {
    ...fleetCalls(call, newKey),
    getAgent: (id: string) => call<AgentDetail>(agentPath(id)),
    ...catalogCalls(call, newKey),
    validate: (config: unknown) =>
      call<ValidationResponse>("/api/agents/validate", {
        method: "POST",
        body: config,
      }),
    /** `key` must stay the same when the same spawn is tried again. */
    spawn: (spawn: SpawnRequest | Record<string, unknown>, key: string) =>
      call<AgentView>("/api/agents/spawn", {
        method: "POST",
        body: spawn,
        headers: { "Idempotency-Key": key },
      }),
    control: (id: string, control: ControlRequest) =>
      call<AgentView>(`${agentPath(id)}/control`, {
        method: "POST",
        body: control,
        headers: { "Idempotency-Key": newKey() },
      }),
    putConfig: (id: string, config: AgentConfig, version: number) =>
      call<ConfigResponse>(`${agentPath(id)}/config`, {
        method: "PUT",
        body: { config },
        headers: { "If-Match": `"${version}"` },
      }),
    remove: (id: string) => call<null>(agentPath(id), { method: "DELETE" }),
    ...chartCalls(call),
    fleetRisk: () => call<FleetRisk>("/api/risk"),
    risk: (id: string) => call<RiskResponse>(`${agentPath(id)}/risk`),
    performance: (id: string) =>
      call<PerformanceResponse>(`${agentPath(id)}/performance`),
    resources: (id: string) =>
      call<ResourcesResponse>(`${agentPath(id)}/resources`),
    trades: (id: string, cursor: string | null) =>
      call<ApiPage<Trade>>(
        `${agentPath(id)}/trades?limit=50${
          cursor === null ? "" : `&cursor=${cursor}`
        }`,
      ),
    ...emergencyCalls(call),
    ...agentCalls(call, newKey),
    ...loginCalls(call),
    ...teamCalls(call, newKey),
    ...backtestCalls(call),
    ...peopleCalls(call),
    ...recordCalls(call),
    newKey,
  };
}

/** What was written down: log lines and the audit trail. */
function recordCalls(call: <T>(path: string, options?: Call) => Promise<T>) {
  return {
    logs: (query: URLSearchParams) =>
      call<ApiPage<LogEntry>>(`/api/agents/logs?${query}`),
    audit: (query: URLSearchParams) =>
      call<ApiPage<AuditRecord>>(`/api/audit?${query}`),
    auditCheck: () => call<AuditCheck>("/api/audit/check"),
  };
}

function backtestCalls(call: <T>(path: string, options?: Call) => Promise<T>) {
  return {
    /** `key` must stay the same when the same run is tried again. */
    runBacktest: (request: Record<string, unknown>, key: string) =>
      call<BacktestView>("/api/backtests", {
        method: "POST",
        body: request,
        headers: { "Idempotency-Key": key },
      }),
    listBacktests: () =>
      call<ApiPage<BacktestView>>("/api/backtests?limit=200"),
    backtest: (id: string) => call<BacktestDetail>(`/api/backtests/${id}`),
    cancelBacktest: (id: string) =>
      call<BacktestView>(`/api/backtests/${id}/cancel`, { method: "POST" }),
    removeBacktest: (id: string) =>
      call<null>(`/api/backtests/${id}`, { method: "DELETE" }),
    replay: (id: string, place: { seq: number; after: number }) =>
      call<ReplayView>(
        `/api/backtests/${id}/replay?seq=${place.seq}&after=${place.after}`,
      ),
  };
}

/** What agents are made of, and what live trading needs besides. */
function catalogCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
  newKey: () => string,
) {
  return {
    templates: () =>
      call<{ items: readonly AgentTemplate[] }>("/api/templates"),
    importTemplate: (file: unknown) =>
      call<AgentTemplate>("/api/templates", {
        method: "POST",
        body: file,
        headers: { "Idempotency-Key": newKey() },
      }),
    exchangeKeys: () => call<ApiPage<ExchangeKeyView>>("/api/exchange-keys"),
    candleFiles: () =>
      call<{ items: readonly CandleFile[] }>("/api/candle-files"),
  };
}

/** Makes the one function that asks the API. */
function createCall(
  {
    fetch = globalThis.fetch.bind(globalThis),
    timeoutMs = () => DEFAULT_LIVE_SETTINGS.requestTimeoutMs,
    onFormToken = () => {},
    onSignedOut = () => {},
  }: Omit<ApiClientOptions, "newKey">,
) {
  return async <T>(path: string, options: Call = {}) => {
    const response = await request(fetch, path, { timeoutMs, ...options });
    // A refusal may give the login another cookie, too.
    const formToken = response.headers.get(FORM_TOKEN_HEADER);
    if (formToken !== null) onFormToken(formToken);
    if (!response.ok) {
      const problem = await toProblem(response);
      if (isSignedOut(problem)) onSignedOut();
      throw problem;
    }
    return (response.status === 204 ? null : await response.json()) as T;
  };
}

async function request(
  fetch: FetchLike,
  path: string,
  { method = "GET", body, headers = {}, timeoutMs }: Call & {
    timeoutMs: () => number;
  },
): Promise<Response> {
  const init: RequestInit = {
    method,
    headers: { Accept: "application/json", ...headers },
    signal: AbortSignal.timeout(timeoutMs()),
  };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, "Content-Type": "application/json" };
  }
  try {
    return await fetch(path, init);
  } catch (cause) {
    throw new ApiUnreachable(
      "The server does not answer; check the connection and try again",
      {
        cause,
      },
    );
  }
}

async function toProblem(response: Response): Promise<ApiProblem> {
  const retry = Number(response.headers.get("Retry-After") ?? "");
  const retryAfterSeconds = Number.isFinite(retry) && retry > 0 ? retry : null;
  try {
    const body = await response.json() as Problem;
    if (typeof body.title === "string" && typeof body.detail === "string") {
      return new ApiProblem(body, retryAfterSeconds);
    }
  } catch {
    // Not a problem document (a proxy's page, say): the status is all there is to tell.
  }
  return new ApiProblem({
    type: "about:blank",
    title: "The server refused the request",
    status: response.status,
    detail: `The answer was status ${response.status} without an explanation`,
    instance: response.headers.get("X-Request-Id") ?? "",
    code: "INTERNAL",
  }, retryAfterSeconds);
}

function randomKey(): string {
  return crypto.randomUUID();
}

/** One sentence for a failed call. */
export function explain(error: unknown): string {
  if (error instanceof ApiProblem) {
    return `${error.problem.title}: ${error.problem.detail}`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether a failed call means that the login has ended; a wrong proof of who asks is another 401. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === "AUTH_REQUIRED";
}

/** Whether a refusal asks for a fresh proof of who asks. */
export function isProofNeeded(error: unknown): boolean {
  return error instanceof ApiProblem &&
    error.problem.code === "FRESH_PROOF_NEEDED";
}
