/** What pages and API work with, made of the parts of a platform. */
import type { Clock } from "../../actors/mod.ts";
import type { Alerts } from "../alerts/port.ts";
import { createApi } from "../api/api.ts";
import type { JudgeOptions } from "../api/judge.ts";
import { apiLimits } from "./api_limits.ts";
import { releaseStop } from "../api/emergency_release.ts";
import { readDeskRecords } from "../api/desk_records.ts";
import { createPageAuthorizer } from "../api/page_authorizer.ts";
import type { Services } from "../api/page_state.ts";
import {
  clearedSessionCookie,
  readSessionCookie,
  sessionCookie,
} from "../api/credential.ts";
import type { RunningBacktests } from "../backtest/service.ts";
import { BundleService } from "../bundles/service.ts";
import type { Env } from "../core/env.ts";
import type { createIdFactory } from "../core/ids.ts";
import type { RunningFleet } from "../fleet/fleet.ts";
import type { LiveHub } from "../live/port.ts";
import type { OpenedStore } from "../store/open_store.ts";
import { usesOf } from "../api/routes/quotas.ts";
import { createSystemView } from "./system_view.ts";
import type { Metrics } from "../metrics/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import type { AuditTrail } from "../api/context.ts";
import type { Console } from "./console.ts";
import type { HealthWatch } from "./health_watch.ts";
import { liveSettings } from "./live_settings.ts";
import { createWebServices, reportTo } from "./web_services.ts";

/** The parts that answer requests. */
export interface Parts {
  store: OpenedStore;
  hub: LiveHub;
  fleet: RunningFleet;
  backtests: RunningBacktests;
  exchangeKeys: ExchangeKeys;
  alerts: Alerts;
  auditTrail: AuditTrail;
  metrics: Metrics;
  health: Pick<HealthWatch, "report">;
}

/** What all of a server shares. */
interface Shared {
  auth: Services["auth"];
  clock: Clock;
  ids: ReturnType<typeof createIdFactory>;
  state: { isDraining: boolean };
  console: Console;
  env: Env;
}

/** Puts them together. */
export function createServices(parts: Parts, shared: Shared): Services {
  const { store, hub, fleet, backtests, exchangeKeys, alerts, auditTrail } =
    parts;
  const { auth, clock, ids, state } = shared;
  const audit: OpenedStore["audit"] = (entry) => store.audit(entry);
  const origins = { allowedOrigins: shared.env.PUBLIC_ORIGINS };
  const reading = {
    ...readingOf(store),
    system: createSystemView({ ...shared, fleet, store }),
  };
  const judged = judgeParts(parts, { ...shared, audit });
  const bundles = createBundles(parts, clock);
  return {
    fleet,
    backtests,
    bundles,
    auth,
    exchangeKeys,
    alerts,
    auditTrail,
    liveSettings: liveSettings(shared.env),
    isLiveArmed: shared.env.TRADING_MODE === "live",
    authorize: createPageAuthorizer(judged),
    releaseStop: (wish) => releaseStop({ ...fleet, auth }, wish),
    ...reading,
    quotas: (userId) => usesOf({ ...parts, auth }, userId),
    deskRecords: (page) => readDeskRecords(reading.logs, page),
    ...browserLogins(shared, origins),
    ...createWebServices({ ...shared, audit }),
    api: createApi({
      ...judged,
      backtests,
      bundles,
      auditTrail,
      hub,
      metrics: parts.metrics,
      monotonicMs: () => clock.monotonicMs(),
      ...reading,
      idempotency: store.idempotency,
      health: () => parts.health.report(),
      storeHealth: () => store.health(),
      isDraining: () => state.isDraining,
      ids,
      allowedOrigins: origins.allowedOrigins,
      onCspReport: reportTo(shared.console),
      limits: apiLimits(shared.env),
    }),
  };
}

/** What every request is judged by. */
function judgeParts(
  { fleet, backtests, exchangeKeys, alerts }: Parts,
  { auth, clock, console, audit }:
    & Shared
    & { audit: OpenedStore["audit"] },
):
  & JudgeOptions
  & Pick<Parts, "alerts" | "backtests" | "exchangeKeys" | "fleet"> {
  return {
    auth,
    fleet,
    backtests,
    exchangeKeys,
    alerts,
    audit,
    now: () => clock.nowMs(),
    logError: ({ requestId, method, path, error }) =>
      console.with({ component: "api", requestId })
        .error(`${method} ${path} broke (request ${requestId})`, error),
  };
}

function createBundles(
  { store, fleet, backtests }: Parts,
  clock: Clock,
): BundleService {
  return new BundleService({
    fleet,
    backtests,
    authors: store.bundleAuthors,
    secret: (name, create) => store.secret(name, create),
    secrets: store.secrets,
    audit: (entry) => store.audit(entry),
    nowMs: () => clock.nowMs(),
  });
}

/** What pages and API read of the store without a service between. */
function readingOf(
  store: OpenedStore,
): Pick<Services, "logs" | "deadLetters" | "headSeq" | "preferences"> {
  return {
    logs: (query) => store.events.logs(query),
    deadLetters: (page) => store.deadLetters.page(page),
    headSeq: () => store.events.headSeq(),
    preferences: store.preferences,
  };
}

/** Logins that a browser keeps in its cookie. */
function browserLogins(
  { auth, clock }: { auth: Services["auth"]; clock: Clock },
  origins: { allowedOrigins: readonly string[] },
): Pick<
  Services,
  "identify" | "sessionCookie" | "clearedSessionCookie"
> {
  return {
    identify: async (request) => {
      const token = readSessionCookie(request, origins);
      return token === null
        ? null
        : await auth.authenticate(token, { transport: "cookie" });
    },
    sessionCookie: (request, session) =>
      sessionCookie(request, { ...origins, session, now: clock.nowMs() }),
    clearedSessionCookie: (request) => clearedSessionCookie(request, origins),
  };
}
