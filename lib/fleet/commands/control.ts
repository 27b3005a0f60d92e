/**
 * What people do to agents. Each command stores the wish and its audit entry
 * in one commit and leaves the doing to the reconciler.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import {
  type AgentView,
  type ControlAction,
  type ControlRequest,
  reducesRisk,
} from "../../contracts/agent.ts";
import { type DesiredState, isDueToStart } from "../../contracts/lifecycle.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import type { FleetContext } from "../context.ts";
import { ALIVE } from "../plan.ts";
import type { Caller } from "../port.ts";
import { publish } from "../publish.ts";
import { clearLatch, setEntries } from "../reconciler.ts";
import type { AgentEntry } from "../registry.ts";
import { quiesce } from "../settling.ts";
import { refuseListenedTo } from "../sources/wiring.ts";
import { toView } from "../view.ts";
import { askDesk } from "../desks.ts";
import { auditOf, saveRecords } from "./records.ts";
import { carriedOut, saveOrKeep } from "./unstored.ts";

const DESIRED_BY: Readonly<Partial<Record<ControlAction, DesiredState>>> = {
  start: "running",
  resume: "running",
  pause: "paused",
  stop: "stopped",
  kill: "stopped",
};

/** Whether what becomes of a position is part of the action. */
function endsIt(action: ControlAction): boolean {
  return action === "stop" || action === "kill";
}

/** States in which an action makes no sense, with the reason a person is told. */
export function refusal(
  action: ControlAction,
  { record, observed }: Pick<AgentEntry, "record" | "observed">,
): string | null {
  const isUp = ALIVE.includes(observed.state) ||
    isDueToStart({ desired: record.desired, observed: observed.state });
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
      return isUp || observed.state === "quarantined"
        ? null
        : "it is not running";
    case "kill":
      return isUp || observed.state === "stopping" ? null : "it is not running";
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
  const { action } = command.request;
  const { name } = entry.record.config;
  const refused = refusal(action, entry);
  if (refused !== null) {
    throw new AppError(
      "AGENT_STATE_CONFLICT",
      `Cannot ${action} "${name}": ${refused} (it is ${
        entry.observed.state.replace("_", " ")
      })`,
      { status: 409 },
    );
  }
  await controlTogether(context, [entry], {
    ...command,
    subject: { kind: "agent", id: entry.record.id, name },
    detail: { observed: entry.observed.state },
  });
  return toView(entry);
}

/** A control request, and whom people call what it is about. */
export interface JointCommand {
  request: ControlRequest;
  caller: Caller;
  subject: { kind: "agent" | "team"; id: string; name: string };
  /** For the audit trail. */
  detail: Readonly<Record<string, unknown>>;
}

/**
 * Carries out a command on agents that do not refuse it: what is wanted of all
 * of them is stored as one, with one entry in the audit trail.
 *
 * @throws {AppError} STORE_UNAVAILABLE if it is carried out but not stored yet.
 */
export async function controlTogether(
  context: FleetContext,
  entries: readonly AgentEntry[],
  command: JointCommand,
): Promise<void> {
  const { request: { action }, subject } = command;
  if (action === "start" || action === "resume" || action === "rearm") {
    for (const entry of entries) {
      const { name, type } = entry.record.config;
      // A risk manager adds no risk.
      if (!hasAccount(type)) continue;
      context.emergency.refuseLatched(`${action} "${name}"`, entry);
      if (action === "rearm") refuseUnopened(entry);
    }
  }
  const reason = command.request.reason === ""
    ? `${action} by ${command.caller.email}`
    : command.request.reason;
  const isStored = await storeWish(context, entries, { ...command, reason });
  await Promise.all(
    entries.map((entry) => actNow(context, entry, { action, reason })),
  );
  for (const entry of entries) publish(context, entry);
  context.reconcileSoon();
  if (isStored) return;
  await Promise.all(
    entries.map((entry) => restrictAtDesk(context, entry, action)),
  );
  throw carriedOut(entries, { action, name: subject.name });
}

/** What was never opened at its desk has no limit that it could have hit. */
function refuseUnopened({ record, isOpen }: AgentEntry): void {
  if (isOpen) return;
  throw new AppError(
    "AGENT_STATE_CONFLICT",
    `Cannot rearm "${record.config.name}": its account is not open at the desk; start it, and repeat this if it is halted`,
    { status: 409 },
  );
}

/** Stores what is wanted from now on; answers whether it is stored. */
async function storeWish(
  context: FleetContext,
  entries: readonly AgentEntry[],
  command: JointCommand & { reason: string },
): Promise<boolean> {
  const { request, caller, subject, reason, detail } = command;
  const { action } = request;
  const parts = entries.map((entry) => ({
    entry,
    change: {
      desired: DESIRED_BY[action] ?? entry.record.desired,
      desiredReason: reason,
      ...(endsIt(action) ? { stopPositions: request.positions } : {}),
    },
  }));
  const audit = auditOf(context, caller, {
    action: `${subject.kind}.${action}`,
    target: subject.id,
    reason,
    detail,
  });
  if (reducesRisk(action)) return await saveOrKeep(context, parts, { audit });
  context.storage.refuseNewRisk(`${action} "${subject.name}"`);
  await saveRecords(context, parts, { audit });
  return true;
}

/** What the reconciler does as well, but before the answer: from here on the agent adds no risk. */
async function restrictAtDesk(
  context: FleetContext,
  entry: AgentEntry,
  action: ControlAction,
): Promise<void> {
  if (!hasAccount(entry.record.config.type)) return;
  const work = action === "pause"
    ? setEntries(context, entry, false)
    : quiesce(context, entry);
  // A desk that is down trades nothing; the reconciler asks it when it is up.
  await work.catch(() => {});
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
      return restart(context, entry, act.reason);
    case "kill":
      entry.needsSettling = true;
      // One that was about to start has nothing to be ended.
      if (context.supervisor.status(id) !== null) {
        await context.supervisor.kill(id, act.reason);
      }
      // At once if the desk can; the reconciler settles the rest, and goes on trying.
      if (entry.isOpen) await quiesce(context, entry).catch(() => {});
      return;
    case "rearm":
      if (!hasAccount(entry.record.config.type)) {
        return await context.guards.release(id);
      }
      await askDesk(context, entry, {
        type: "rearm",
        agentId: id,
        commandId: context.ids("cmd"),
        reason: act.reason,
      });
      return;
    case "stop":
      // One that was about to start: its orders of before the restart are withdrawn.
      if (entry.observed.state === "stopped") entry.needsSettling = true;
      return;
    case "pause":
    case "resume":
      return;
  }
}

/** Ends the worker and starts the next one; the desired state stays, so a paused agent comes back paused. */
function restart(
  context: FleetContext,
  entry: AgentEntry,
  reason: string,
): void {
  const { id } = entry.record;
  // About to start anyway.
  if (context.supervisor.status(id) === null) return;
  const done = context.supervisor.restart(id, reason);
  context.track(done, `restart ${id}`);
}

/** Marks an agent for removal; the reconciler stops it and forgets it. */
export async function retire(
  context: FleetContext,
  entry: AgentEntry,
  caller: Caller,
): Promise<void> {
  const { id, config: { name } } = entry.record;
  await retireTogether(context, [entry], {
    caller,
    subject: { kind: "agent", id, name },
    detail: { name },
  });
}

/** Marks agents for removal, all of them or none. */
export async function retireTogether(
  context: FleetContext,
  entries: readonly AgentEntry[],
  { caller, subject, detail }: Omit<JointCommand, "request">,
): Promise<void> {
  refuseListenedTo(context, entries);
  context.storage.refuseNewRisk(`delete "${subject.name}"`);
  const parts = entries.map((entry) => ({
    entry,
    change: {
      desired: "retired",
      stopPositions: "close",
      desiredReason: `Deleted by ${caller.email}`,
    } as const,
  }));
  await saveRecords(context, parts, {
    audit: auditOf(context, caller, {
      action: `${subject.kind}.delete`,
      target: subject.id,
      reason: "",
      detail,
    }),
  });
  for (const entry of entries) publish(context, entry);
  context.reconcileSoon();
}
