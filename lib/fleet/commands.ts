/**
 * What people do to agents. Each command stores the wish and its audit entry
 * in one commit and leaves the doing to the reconciler.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import type {
  AgentRecord,
  AgentView,
  ConfigResponse,
  ControlAction,
  ControlRequest,
  SpawnRequest,
  ValidationResponse,
} from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type { CandleFile } from "../contracts/feed.ts";
import type { DesiredState, ObservedState } from "../contracts/lifecycle.ts";
import type { AuditEntry } from "../store/port.ts";
import { DESK_ID, type FleetContext } from "./context.ts";
import { WARM_UP_CANDLES } from "./limits.ts";
import type { Caller } from "./port.ts";
import { publish } from "./projector.ts";
import { clearLatch } from "./reconciler.ts";
import { type AgentEntry, createEntry, neverStarted } from "./registry.ts";
import { validateConfig } from "./validation.ts";
import { toView } from "./view.ts";
import {
  accountConfig,
  agentWorkerConfig,
  askDesk,
  openStream,
  streamOf,
} from "./wiring.ts";

/** Who commands, and which candle files exist now. */
export interface CommandOptions {
  caller: Caller;
  candleFiles: readonly CandleFile[];
}

/** Checks a configuration for a new agent, or for the change of an existing one. */
export function validateFor(
  context: FleetContext,
  input: unknown,
  options: CommandOptions & { changedId?: string },
): ValidationResponse {
  return validateConfig(input, {
    siblings: context.agents.ownedBy(options.caller.userId).filter((entry) =>
      entry.record.id !== options.changedId
    ),
    agentsAllowed: context.settings.maxAgentsPerUser,
    candleFiles: options.candleFiles,
    candlesDir: context.settings.candlesDir,
    isNew: options.changedId === undefined,
  });
}

/** Stores a new agent and lets it start. */
export async function spawnAgent(
  context: FleetContext,
  request: SpawnRequest,
  options: CommandOptions,
): Promise<AgentView> {
  const checked = validateFor(context, request.config, options);
  refuseInvalid(checked);
  if (checked.warnings.length > 0 && !request.acknowledgeWarnings) {
    throw new AppError(
      "WARNINGS_UNREAD",
      "The configuration has warnings: read them and send acknowledgeWarnings = true",
      { status: 422, errors: checked.warnings },
    );
  }
  refuseFullHost(context);
  const record = await createRecord(context, request, options.caller);
  const audit = auditOf(context, options.caller, {
    action: "agent.spawn",
    target: record.id,
    reason: "",
    detail: { config: record.config, template: record.templateName },
  });
  if (!await context.store.agents.save(record, { expected: null, audit })) {
    throw new AppError(
      "AGENT_NAME_TAKEN",
      `The name "${record.config.name}" was just taken`,
      {
        status: 409,
      },
    );
  }
  const entry = createEntry(record, {
    observed: neverStarted(record.id, record.createdAt),
    equity: [],
    account: null,
  });
  context.agents.add(entry);
  publish(context, entry);
  context.reconcileSoon();
  return toView(entry);
}

function refuseInvalid(checked: ValidationResponse): void {
  if (checked.valid) return;
  const taken = checked.errors.find((error) => error.code === "NAME_TAKEN");
  const quota = checked.errors.find((error) => error.code === "QUOTA_REACHED");
  const only = checked.errors.length === 1;
  const [code, status] = only && taken !== undefined
    ? ["AGENT_NAME_TAKEN", 409] as const
    : only && quota !== undefined
    ? ["AGENT_QUOTA_REACHED", 409] as const
    : ["CONFIG_INVALID", 422] as const;
  throw new AppError(
    code,
    checked.errors.map((error) => error.detail).join(". "),
    {
      status,
      errors: checked.errors,
    },
  );
}

function refuseFullHost(context: FleetContext): void {
  const running = context.agents.all().filter((entry) =>
    entry.record.desired !== "retired"
  );
  if (running.length < context.settings.maxAgentsPerHost) return;
  throw new AppError(
    "AGENT_QUOTA_REACHED",
    `This host runs ${running.length} of ${context.settings.maxAgentsPerHost} agents; delete one or raise MAX_AGENTS_PER_HOST`,
    { status: 409 },
  );
}

async function createRecord(
  context: FleetContext,
  request: SpawnRequest,
  caller: Caller,
): Promise<AgentRecord> {
  const id = context.ids("agt");
  const stream = streamOf({ id, config: request.config });
  const opened = await openStream(context, stream).catch((error) => {
    const detail = error instanceof Error ? error.message : String(error);
    const pointer = request.config.feed.kind === "replay"
      ? "/feed/file"
      : "/feed";
    throw new AppError("CONFIG_INVALID", detail, {
      status: 422,
      errors: [{ pointer, code: "FEED_UNUSABLE", detail }],
      cause: error,
    });
  });
  const startSeq = Math.max(0, opened.headSeq + 1 - WARM_UP_CANDLES);
  const at = context.clock.nowMs();
  return {
    id,
    ownerId: caller.userId,
    config: request.config,
    configVersion: 1,
    desired: "running",
    desiredReason: `Spawned by ${caller.email}`,
    createdAt: at,
    updatedAt: at,
    startSeq,
    tradeFromSeq: opened.headSeq + 1,
    streamId: stream.streamId,
    templateName: request.template ?? null,
  };
}

const DESIRED_BY: Readonly<Partial<Record<ControlAction, DesiredState>>> = {
  start: "running",
  resume: "running",
  restart: "running",
  pause: "paused",
  stop: "stopped",
  kill: "stopped",
};

/** States in which an action makes no sense, with the reason a person is told. */
function refusal(
  action: ControlAction,
  observed: ObservedState,
): string | null {
  const isUp = [
    "starting",
    "reconciling",
    "running",
    "paused",
    "degraded",
    "backing_off",
  ]
    .includes(observed);
  switch (action) {
    case "start":
      return isUp ? "it is up already" : null;
    case "pause":
      return isUp ? null : "only an agent that is up can be paused";
    case "resume":
      return isUp
        ? null
        : "only an agent that is up can be resumed; start it instead";
    case "restart":
      return isUp
        ? null
        : "only an agent that is up can be restarted; start it instead";
    case "stop":
      return isUp || observed === "quarantined" ? null : "it is not running";
    case "kill":
      return isUp || observed === "stopping" ? null : "it is not running";
    case "rearm":
      return null;
  }
}

/** Stores the wish of a control command and starts acting on it. */
export async function controlAgent(
  context: FleetContext,
  entry: AgentEntry,
  command: { request: ControlRequest; caller: Caller },
): Promise<AgentView> {
  const { request, caller } = command;
  const refused = refusal(request.action, entry.observed.state);
  if (refused !== null) {
    throw new AppError(
      "AGENT_STATE_CONFLICT",
      `Cannot ${request.action} "${entry.record.config.name}": ${refused} (it is ${
        entry.observed.state.replace("_", " ")
      })`,
      { status: 409 },
    );
  }
  const reason = request.reason === ""
    ? `${request.action} by ${caller.email}`
    : request.reason;
  const desired = DESIRED_BY[request.action] ?? entry.record.desired;
  entry.stopPositions = request.positions;
  await saveRecord(context, entry, {
    change: { desired, desiredReason: reason },
    audit: auditOf(context, caller, {
      action: `agent.${request.action}`,
      target: entry.record.id,
      reason,
      detail: { observed: entry.observed.state },
    }),
  });
  await actNow(context, entry, { action: request.action, reason });
  publish(context, entry);
  context.reconcileSoon();
  return toView(entry);
}

/** Actions that the reconciler cannot derive from the desired state. */
async function actNow(
  context: FleetContext,
  entry: AgentEntry,
  act: { action: ControlAction; reason: string },
): Promise<void> {
  const { id } = entry.record;
  switch (act.action) {
    case "start":
      if (["quarantined", "killed"].includes(entry.observed.state)) {
        await clearLatch(context, entry);
      }
      return;
    case "restart":
      return context.track(
        context.supervisor.restart(id, act.reason),
        `restart ${id}`,
      );
    case "kill":
      await context.supervisor.kill(id, act.reason);
      await askDesk(context, entry, {
        type: "quiesce",
        agentId: id,
        positions: entry.stopPositions,
        reason: act.reason,
      });
      return;
    case "rearm":
      await askDesk(context, entry, {
        type: "rearm",
        agentId: id,
        reason: act.reason,
      });
      return;
    case "pause":
    case "resume":
    case "stop":
      return;
  }
}

/** Stores a new configuration and applies it where it holds without a restart. */
export async function changeConfig(
  context: FleetContext,
  entry: AgentEntry,
  change: CommandOptions & { config: AgentConfig; expectedVersion: number },
): Promise<ConfigResponse> {
  const { record } = entry;
  if (change.expectedVersion !== record.configVersion) {
    throw new AppError(
      "CONFIG_STALE",
      `The configuration is at version ${record.configVersion}, you changed version ${change.expectedVersion}; fetch it again and repeat your change`,
      { status: 412 },
    );
  }
  refuseInvalid(
    validateFor(context, change.config, { ...change, changedId: record.id }),
  );
  refuseFixedFields(record.config, change.config);
  const before = record.config;
  await saveRecord(context, entry, {
    change: { config: change.config, configVersion: record.configVersion + 1 },
    audit: auditOf(context, change.caller, {
      action: "agent.config",
      target: record.id,
      reason: "",
      detail: { before, after: change.config },
    }),
  });
  const effect = await applyConfig(context, entry);
  publish(context, entry);
  return {
    configVersion: entry.record.configVersion,
    effect,
    config: entry.record.config,
  };
}

/** What makes an agent's books; another market needs another agent. */
function refuseFixedFields(before: AgentConfig, after: AgentConfig): void {
  const fixed = [
    "type",
    "symbol",
    "timeframe",
    "feed",
    "mode",
    "seed",
  ] as const;
  const errors = fixed.filter((key) =>
    JSON.stringify(before[key]) !== JSON.stringify(after[key])
  )
    .map((key) => ({
      pointer: `/${key}`,
      code: "FIELD_FIXED",
      detail:
        `The ${key} of an agent cannot change, because its books belong to it; spawn another agent`,
    }));
  if (before.risk.initialCapital !== after.risk.initialCapital) {
    errors.push({
      pointer: "/risk/initialCapital",
      code: "FIELD_FIXED",
      detail:
        "The initial capital of an agent cannot change, because its books start with it",
    });
  }
  if (errors.length === 0) return;
  throw new AppError(
    "CONFIG_INVALID",
    errors.map((error) => error.detail).join(". "),
    {
      status: 422,
      errors,
    },
  );
}

async function applyConfig(
  context: FleetContext,
  entry: AgentEntry,
): Promise<ConfigResponse["effect"]> {
  const { id } = entry.record;
  if (context.supervisor.status(id) === null) return "stored";
  // The desk's limits hold at once, whatever the agent makes of the rest.
  if (context.supervisor.status(DESK_ID) !== null) {
    await askDesk(context, entry, {
      type: "updateAccount",
      account: accountConfig(entry),
    });
  }
  return await context.supervisor.configure(id, agentWorkerConfig(entry));
}

/** Marks an agent for removal; the reconciler stops it and forgets it. */
export async function retire(
  context: FleetContext,
  entry: AgentEntry,
  caller: Caller,
): Promise<void> {
  await saveRecord(context, entry, {
    change: { desired: "retired", desiredReason: `Deleted by ${caller.email}` },
    audit: auditOf(context, caller, {
      action: "agent.delete",
      target: entry.record.id,
      reason: "",
      detail: { name: entry.record.config.name },
    }),
  });
  entry.stopPositions = "close";
  publish(context, entry);
  context.reconcileSoon();
}

async function saveRecord(
  context: FleetContext,
  entry: AgentEntry,
  options: { change: Partial<AgentRecord>; audit: AuditEntry },
): Promise<void> {
  const expected = entry.record;
  const next = {
    ...expected,
    ...options.change,
    updatedAt: context.clock.nowMs(),
  };
  if (
    !await context.store.agents.save(next, { expected, audit: options.audit })
  ) {
    throw new AppError(
      "AGENT_STATE_CONFLICT",
      `Agent "${expected.config.name}" was changed by somebody else at the same moment; look at it and try again`,
      { status: 409 },
    );
  }
  entry.record = next;
}

function auditOf(
  context: FleetContext,
  caller: Caller,
  entry: Pick<AuditEntry, "action" | "target" | "reason" | "detail">,
): AuditEntry {
  return {
    at: context.clock.nowMs(),
    actor: caller.email,
    via: caller.via,
    outcome: "ok",
    ...entry,
  };
}
