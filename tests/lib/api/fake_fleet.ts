import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { RiskView } from "../../../lib/contracts/guard.ts";
import type {
  AgentDetail,
  AgentView,
  ConfigResponse,
  SpawnRequest,
} from "../../../lib/contracts/agent.ts";
import { AppError } from "../../../lib/core/errors.ts";
import type { HostView } from "../../../lib/contracts/host.ts";
import type { Caller, Fleet } from "../../../lib/fleet/port.ts";
import { toUsage } from "../../../lib/fleet/usage/resources_of.ts";
import { emptyTotals } from "../../../lib/fleet/usage/usage_ring.ts";
import { createFakeEmergency, type FakeEmergency } from "./fake_emergency.ts";
import { createFakeTeams, type FakeTeams } from "./fake_teams.ts";
import { DESIRED_AFTER, OBSERVED_AFTER } from "./states_after.ts";
import {
  emptyRisk,
  ESTIMATE,
  HOST,
  LEVERAGE_WARNING,
  NO_ANALYTICS,
  sampleConfig,
  TEMPLATE,
  validate,
  viewOf,
} from "./samples.ts";
import { RECORDED, recordingsOf } from "./fake_recordings.ts";
import { fakeTemplates } from "./fake_templates.ts";

const SYSTEM_CALLER: Caller = { userId: "", email: "", via: "system" };
const UNKNOWN_USAGE = toUsage(emptyTotals());

/** What the fake fleet was asked, with who asked. */
export interface FleetCall {
  method: string;
  id: string | null;
  caller: Caller;
  request: unknown;
}

/** An in-memory fleet that keeps the port's promises. */
export interface FakeFleet extends Fleet {
  emergency: FakeEmergency;
  teams: FakeTeams;
  calls: FleetCall[];
  agents: Map<string, AgentDetail>;
  /** What risk managers know, by id. */
  risks: Map<string, RiskView>;
  /** Set to make the next state change throw. */
  failure: Error | null;
  /** Set to hold state changes until it resolves. */
  hold: Promise<void> | null;
  /** What a stop leads to, and after how many reads. */
  stopAfterReads: number;
  /** Why no new risk is taken. */
  held: string | null;
  hostList: HostView[];
  add(changes?: Partial<AgentDetail>): AgentDetail;
}

/** Makes an empty fleet. */
export function createFakeFleet(
  ids: (prefix: string) => string,
  clock: { now: number },
): FakeFleet {
  const agents = new Map<string, AgentDetail>();
  const calls: FleetCall[] = [];
  const find = (id: string): AgentDetail => {
    const agent = agents.get(id);
    if (agent === undefined) {
      throw new AppError("AGENT_NOT_FOUND", `There is no agent "${id}"`);
    }
    if (agent.observed === "stopping" && fleet.stopAfterReads-- <= 0) {
      agent.observed = "stopped";
    }
    return agent;
  };
  const change = async (call: FleetCall) => {
    calls.push(call);
    if (fleet.hold !== null) await fleet.hold;
    if (fleet.failure !== null) throw fleet.failure;
  };
  const fakeHostCall = (call: Omit<FleetCall, "request">) => {
    if (!fleet.hostList.some(({ id }) => id === call.id)) {
      throw new AppError("HOST_NOT_FOUND", `There is no host "${call.id}"`);
    }
    return change({ ...call, request: null });
  };
  const fleet: FakeFleet = {
    calls,
    agents,
    risks: new Map(),
    failure: null,
    hold: null,
    stopAfterReads: 0,
    held: null,
    hostList: [HOST],
    isShared: true,
    hosts: () => fleet.hostList,
    drainHost: (id, caller) =>
      fakeHostCall({ method: "drainHost", id, caller }),
    forgetHost: (id, caller) =>
      fakeHostCall({ method: "forgetHost", id, caller }),
    add(changes = {}) {
      const agent = {
        ...viewOf(ids("agt"), sampleConfig(), clock),
        ...changes,
      };
      agents.set(agent.id, agent);
      return agent;
    },
    ...fakeTemplates(() => fleet, find),
    templates: () => [TEMPLATE],
    list: () => [...agents.values()],
    quotas: () => [{ quota: "agents", used: agents.size, limit: 10 }],
    get: find,
    validate: (input) => validate(input),
    async spawn(request: SpawnRequest, caller) {
      await change({ method: "spawn", id: null, caller, request });
      const name = request.config.name;
      if ([...agents.values()].some((agent) => agent.name === name)) {
        throw new AppError(
          "AGENT_NAME_TAKEN",
          `You have an agent named "${name}" already; choose another name`,
          {
            errors: [{
              pointer: "/name",
              code: "NAME_TAKEN",
              detail: "Choose another name",
            }],
          },
        );
      }
      if (request.config.risk.leverage > 20 && !request.acknowledgeWarnings) {
        throw new AppError(
          "WARNINGS_UNREAD",
          "One warning must be read first",
          { errors: [LEVERAGE_WARNING] },
        );
      }
      return fleet.add({
        ...viewOf(ids("agt"), request.config, clock),
        observed: "starting",
        templateName: request.template ?? null,
      });
    },
    async control(id, request, caller): Promise<AgentView> {
      const agent = find(id);
      await change({ method: "control", id, caller, request });
      if (request.action === "resume" && agent.observed === "running") {
        throw new AppError(
          "AGENT_STATE_CONFLICT",
          `"${agent.name}" is running; there is nothing to resume`,
        );
      }
      agent.observed = OBSERVED_AFTER[request.action];
      agent.desired = DESIRED_AFTER[request.action];
      return agent;
    },
    settleOrder: (id, request, caller) =>
      change({ method: "settleOrder", id, caller, request })
        .then(() => find(id)),
    async updateConfig(id, config, options): Promise<ConfigResponse> {
      const agent = find(id);
      const { caller, expectedVersion } = options;
      await change({ method: "updateConfig", id, caller, request: config });
      if (agent.configVersion !== expectedVersion) {
        throw new AppError(
          "CONFIG_STALE",
          `Version ${agent.configVersion} is stored, you changed version ${expectedVersion}; read it again`,
        );
      }
      agent.config = config;
      agent.configVersion++;
      return { configVersion: agent.configVersion, effect: "applied", config };
    },
    previewConfig: (id, input) => {
      const { configVersion } = find(id);
      const { success, error } = agentConfigSchema.safeParse(input);
      return {
        configVersion,
        valid: success,
        errors: (error?.issues ?? []).map(({ path, message }) => ({
          pointer: `/${path.join("/")}`,
          code: "FIELD_INVALID",
          detail: message,
        })),
        warnings: [],
        changes: [],
      };
    },
    decisions: (id) =>
      Promise.resolve({ agentId: find(id).id, decisions: [], engine: null }),
    configHistory: (id) => {
      const { config, configVersion } = find(id);
      return Promise.resolve({
        items: [{
          config,
          configVersion,
          at: clock.now,
          by: { kind: "user", id: "usr_trader", name: "trader@example.com" },
          via: "cli",
          changes: [],
        }],
        nextCursor: null,
      });
    },
    async remove(id, caller) {
      find(id);
      await change({ method: "remove", id, caller, request: null });
      agents.delete(id);
    },
    chart: (id, options) => {
      find(id);
      const caller = SYSTEM_CALLER;
      calls.push({ method: "chart", id, caller, request: options });
      return Promise.resolve({
        candles: [],
        overlays: { zones: [], structure: [], sweeps: [], swings: [] },
        decisions: [],
        simulated: true,
        trades: [],
        equity: [],
      });
    },
    performance: (id) => {
      find(id);
      return Promise.resolve({
        agentId: id,
        simulated: true,
        account: null,
        candles: 10,
        trades: 2,
        winRatePct: 50,
        profitFactor: null,
        netPnl: "12.50",
        returnPct: 1.25,
        maxDrawdownPct: 0.4,
        feesPaid: "0.80",
        tradesHash: "abc",
        equity: [],
      });
    },
    risk: (id) =>
      Promise.resolve({
        agentId: find(id).id,
        toldAt: fleet.risks.get(id)?.at ?? null,
        guarded: [],
        risk: fleet.risks.get(id) ?? null,
      }),
    guarded: () => [],
    riskOfAll: () => Promise.resolve(emptyRisk(clock.now)),
    analytics: () => Promise.resolve(NO_ANALYTICS),
    latency: (id) => Promise.resolve({ agentId: id, signals: {}, desk: null }),
    resources: (id) =>
      Promise.resolve({
        agentId: id,
        estimate: ESTIMATE,
        measured: { lastMinute: UNKNOWN_USAGE, lastHour: UNKNOWN_USAGE },
        compared: {
          cores: null,
          heapMiB: null,
          messagesPerMinute: null,
          apiCallsPerMinute: null,
        },
        windowSeconds: { lastMinute: 60, lastHour: 3_600 },
        measuredSince: null,
        measuredAt: null,
        ageSeconds: null,
        vitals: find(id).vitals,
      }),
    trades: (id, options) => {
      find(id);
      const caller = SYSTEM_CALLER;
      calls.push({ method: "trades", id, caller, request: options });
      return Promise.resolve({ items: [], nextCursor: null });
    },
    recordings: (id) =>
      Promise.resolve([...recordingsOf(find(id).id).values()]),
    recording: (id, name) =>
      recordingsOf(find(id).id).has(name)
        ? Promise.resolve(ReadableStream.from([RECORDED]))
        : Promise.reject(
          new AppError("RECORDING_NOT_FOUND", `There is no "${name}"`),
        ),
    candleFiles: () =>
      Promise.resolve([{ file: "btc_1m.csv.gz", bytes: 1_234 }]),
    models: () => Promise.resolve([]),
    modelRuntime: () => Promise.resolve(null),
    teams: createFakeTeams({ ids, calls, add: (agent) => fleet.add(agent) }),
    emergency: createFakeEmergency(clock),
    heldReason: () => fleet.held,
    health: () => ({
      ready: true,
      checks: [{ name: "feed", ok: true, detail: "runs" }],
    }),
  };
  return fleet;
}
