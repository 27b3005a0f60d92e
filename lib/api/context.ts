import type { RequestClient } from "../contracts/audit.ts";
import type { Context } from "hono";
import type { Alerts } from "../alerts/port.ts";
import type { AuthService, Identity, LoginClient } from "../auth/port.ts";
import type { Backtests } from "../backtest/port.ts";
import type { Bundles } from "../bundles/port.ts";
import type {
  AuditCheck,
  AuditFilter,
  AuditRecord,
} from "../contracts/audit_trail.ts";
import type { DeadLetter } from "../contracts/dead_letter.ts";
import type { HealthReport } from "../contracts/health.ts";
import type { LogEntry, LogQuery } from "../contracts/log.ts";
import type { SystemView } from "../contracts/system.ts";
import type { Action } from "../contracts/policy.ts";
import type { IdFactory } from "../core/ids.ts";
import { AppError } from "../core/errors.ts";
import type { Caller, Fleet, Page } from "../fleet/port.ts";
import type { LiveHub } from "../live/port.ts";
import type {
  AuditEntry,
  IdempotencyStore,
  PreferencesStore,
} from "../store/port.ts";
import type { Metrics } from "../metrics/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import type { CspReport } from "./routes/csp_report.ts";

/** An unexpected error, as it goes to the log. Secrets are taken out already. */
export interface ApiErrorEntry {
  requestId: string;
  method: string;
  /** Without the query. */
  path: string;
  error: string;
}

/** The audit trail as it is read. */
export interface AuditTrail {
  /** Entries that match, newest first; a page may be short and still have a cursor. */
  query(
    filter: AuditFilter,
    page: { limit: number; cursor: string | null },
  ): Promise<Page<AuditRecord>>;
  /** Lines with their ends, oldest first, read as they are taken. */
  export(filter: AuditFilter): AsyncIterable<string>;
  /** What the check in the background knows. */
  check(): AuditCheck;
}

/** Limits that whoever runs the server may set. */
export interface ApiLimits {
  /** Requests a second that one user may make for long; more are refused with 429. */
  userPerSecond: number;
  /** Requests that one user may make at once. */
  userBurst: number;
  /** The same for requests without a login, by address. */
  addressPerSecond: number;
  addressBurst: number;
  /** See `limits.ts`. */
  handlerDeadlineMs: number;
}

/** Everything the API works with, given once by the composition root. */
export interface ApiOptions {
  fleet: Fleet;
  backtests: Backtests;
  bundles: Bundles;
  auth: AuthService;
  exchangeKeys: ExchangeKeys;
  alerts: Alerts;
  auditTrail: AuditTrail;
  hub: LiveHub;
  /** Stored log lines, newest first. */
  logs(query: LogQuery): Promise<Page<LogEntry>>;
  /** Messages that reached nobody, newest first. */
  deadLetters(
    page: { limit: number; cursor: string | null },
  ): Promise<Page<DeadLetter>>;
  /** Sequence of the newest stored event; answers tell it so that a client can go on from there. */
  headSeq(): number;
  preferences: PreferencesStore;
  idempotency: IdempotencyStore;
  /** How the process runs. */
  system(): Promise<SystemView>;
  /** Figures of the process, and where requests are counted. */
  metrics: Pick<Metrics, "read" | "answered">;
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number;
  /** How each part does, as it was found in the last second. */
  health(): HealthReport;
  storeHealth(): { ok: boolean; detail: string };
  /** True from SIGTERM on: state changes are refused. */
  isDraining(): boolean;
  /** Epoch milliseconds. */
  now(): number;
  ids: IdFactory;
  /**
   * Origins besides the request's own that may use the cookie. An `https://`
   * origin of the same host says that TLS ends at a proxy.
   */
  allowedOrigins: readonly string[];
  limits: ApiLimits;
  /** Told of every unexpected error; must not throw. */
  logError(entry: ApiErrorEntry): void;
  /** Told of what a browser refused on our pages; must not throw. */
  onCspReport?: (report: CspReport) => void;
  /** Told of every refusal by role, where the audit trail is wanted. */
  audit?: (entry: AuditEntry) => Promise<void>;
}

/** What the server knows of a connection. */
export interface ConnectionInfo {
  /** Address of the client, without port. */
  remoteAddress: string;
}

/** What {@link createApi} makes: the whole HTTP API as one function. */
export type ApiHandler = (
  request: Request,
  info: ConnectionInfo,
) => Response | Promise<Response>;

/** A login that came with a request. */
export interface Login {
  identity: Identity;
  transport: "bearer" | "cookie";
}

/** Types of Hono's context in this API. */
export interface ApiEnv {
  Bindings: {
    requestId: string;
    remoteAddress: string;
    limits: ApiLimits;
    /** The path as it was declared; null until it is found. */
    route: string | null;
    /** Set on the answer whatever becomes of the request. */
    extraHeaders: Map<string, string>;
  };
  Variables: {
    /** Absent on the few open routes. */
    login: Login | undefined;
    /** What the request was found to do, where the policy has been asked. */
    action: Action | undefined;
  };
}
export type ApiContext = Context<ApiEnv>;

/** The login of a request; only behind the gate. */
export function loginOf(c: ApiContext): Login {
  const login = c.get("login");
  if (login === undefined) {
    throw new AppError("AUTH_REQUIRED", "Log in first, then repeat this");
  }
  return login;
}

/** Who asks, as the fleet and the audit trail want to know it. */
export function callerOf(c: ApiContext): Caller {
  const { identity, transport } = loginOf(c);
  return {
    userId: identity.user.id,
    email: identity.user.email,
    via: viaOf(c.req.raw, transport),
    isToken: identity.kind === "api_token",
    requestId: c.env.requestId,
  };
}

/** Who logs in. */
export function clientOf(c: ApiContext): LoginClient {
  return {
    userAgent: (c.req.header("user-agent") ?? "").slice(0, 200),
    address: c.env.remoteAddress,
    via: viaOf(c.req.raw, "bearer"),
    requestId: c.env.requestId,
  };
}

/** Where somebody who is logged in asks from, for delays and for the record. */
export function ownClientOf(
  c: ApiContext,
): RequestClient & Pick<Caller, "via"> {
  const { via, requestId } = callerOf(c);
  return { address: c.env.remoteAddress, via, requestId };
}

/** What kind of client asks. */
export function viaOf(
  request: Request,
  transport: Login["transport"],
): Caller["via"] {
  const userAgent = request.headers.get("user-agent") ?? "";
  if (userAgent.startsWith("smc-fleet-cli")) return "cli";
  return transport === "cookie" ? "panel" : "api";
}

/** Tells at which event an answer was made; taken before the state is read, so that nothing is missed after it. */
export function markStreamSeq(c: ApiContext, headSeq: number): void {
  c.env.extraHeaders.set("X-Stream-Seq", String(headSeq));
}
