/**
 * A small in-memory implementation of the ports the API works with, and a
 * client that calls the handler as a server would.
 */
import { memoryAlerts } from "../../support/alerts.ts";
import { memoryExchangeKeys } from "../../support/vault.ts";
import type { User } from "../../../lib/contracts/auth.ts";
import type { Role } from "../../../lib/contracts/policy.ts";
import type { DeadLetter } from "../../../lib/contracts/dead_letter.ts";
import type { LogEntry } from "../../../lib/contracts/log.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import type { StreamRequest } from "../../../lib/live/port.ts";
import type { AuditEntry } from "../../../lib/store/port.ts";
import { createApi } from "../../../lib/api/api.ts";
import type {
  ApiErrorEntry,
  ApiHandler,
  ApiOptions,
} from "../../../lib/api/context.ts";
import { type BacktestWorld, createBacktestWorld } from "./backtests_world.ts";
import { BundleService } from "../../../lib/bundles/service.ts";
import { createMemoryAuthors } from "../bundles/memory_authors.ts";
import { createAuditWorld } from "./audit_world.ts";
import { SOUND_HEALTH, SYSTEM } from "./samples.ts";
import { createMetrics } from "../../../lib/metrics/metrics.ts";
import { QUIET_SOURCES } from "../metrics/quiet_sources.ts";
import { createFakeFleet, type FakeFleet } from "./fake_fleet.ts";
import {
  createFakeAuth,
  createFakeHub,
  createFakeIdempotency,
  createFakePreferences,
  type KeptAnswers,
  pageOf,
  queryLogs,
} from "./fake_ports.ts";

export const BASE = "http://localhost:3001";
export const UNKNOWN_ID = `agt_${"0".repeat(26)}`;

export interface World {
  options: ApiOptions;
  api: ApiHandler;
  fleet: FakeFleet;
  backtests: BacktestWorld;
  tokens: Record<Role, string>;
  clock: { now: number };
  logs: LogEntry[];
  /** Oldest first, as they were kept. */
  deadLetters: DeadLetter[];
  errors: ApiErrorEntry[];
  audits: AuditEntry[];
  streams: StreamRequest[];
  draining: { on: boolean };
  sessions: Map<string, User>;
  idempotency: KeptAnswers;
  /** Calls the API as a bearer of `role`, or as nobody. */
  call(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<Response>;
}

export interface CallOptions {
  as?: Role | null;
  body?: unknown;
  headers?: Record<string, string>;
  address?: string;
}

export function createWorld(): World {
  const clock = { now: Date.UTC(2026, 8, 1) };
  let drawn = 0;
  const ids = createIdFactory({
    nowMs: () => clock.now,
    random: () => (drawn = (drawn + 0.137) % 1),
  });
  const fleet = createFakeFleet(ids, clock);
  const backtests = createBacktestWorld(ids, clock);
  const logs: LogEntry[] = [];
  const deadLetters: DeadLetter[] = [];
  const errors: ApiErrorEntry[] = [];
  const audits: AuditEntry[] = [];
  const streams: StreamRequest[] = [];
  const draining = { on: false };
  const idempotency: KeptAnswers = new Map();
  const { auth, tokens, sessions } = createFakeAuth(clock);
  const options: ApiOptions = {
    fleet,
    backtests: backtests.service,
    bundles: new BundleService({
      fleet,
      backtests: backtests.service,
      nowMs: () => clock.now,
      audit: (entry) => {
        audits.push(entry);
        return Promise.resolve();
      },
      ...createMemoryAuthors(),
    }),
    auth,
    exchangeKeys: memoryExchangeKeys({ nowMs: () => clock.now }),
    alerts: memoryAlerts({ nowMs: () => clock.now }),
    auditTrail: createAuditWorld(),
    hub: createFakeHub(streams),
    logs: (query) => Promise.resolve(queryLogs(logs, query)),
    deadLetters: (page) => Promise.resolve(pageOf(deadLetters, page)),
    headSeq: () => 41,
    preferences: createFakePreferences(),
    idempotency: createFakeIdempotency(idempotency),
    system: () => Promise.resolve(SYSTEM),
    metrics: createMetrics({
      ...QUIET_SOURCES,
      now: () => clock.now,
      agents: () => fleet.list(),
    }),
    monotonicMs: () => clock.now,
    health: () => SOUND_HEALTH,
    storeHealth: () => ({ ok: true, detail: "answers" }),
    isDraining: () => draining.on,
    now: () => clock.now,
    ids,
    allowedOrigins: [],
    limits: {
      userPerSecond: 50,
      userBurst: 100,
      addressPerSecond: 10,
      addressBurst: 100,
      handlerDeadlineMs: 45_000,
    },
    logError: (entry) => void errors.push(entry),
    audit: (entry) => {
      audits.push(entry);
      return Promise.resolve();
    },
  };
  const api = createApi(options);
  const call: World["call"] = async (method, path, given = {}) => {
    const role = given.as === undefined ? "admin" : given.as;
    const headers = new Headers(given.headers);
    if (role !== null) headers.set("authorization", `Bearer ${tokens[role]}`);
    if (given.body !== undefined && !headers.has("content-type")) {
      headers.set("content-type", "application/json");
    }
    const request = new Request(`${BASE}${path}`, {
      method,
      headers,
      ...(given.body === undefined ? {} : {
        body: typeof given.body === "string"
          ? given.body
          : JSON.stringify(given.body),
      }),
    });
    return await api(request, {
      remoteAddress: given.address ?? "192.0.2.1",
    });
  };
  return {
    options,
    api,
    fleet,
    backtests,
    tokens,
    clock,
    logs,
    deadLetters,
    errors,
    audits,
    streams,
    draining,
    sessions,
    idempotency,
    call,
  };
}
