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
import { auditOf, saveRecord } from "./records.ts";
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
function refusal(
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
  const { request, caller } = command;
  const refused = refusal(request.action, entry);
  if (refused !== null) {
    throw new AppError(
      "AGENT_STATE_CONFLICT",
      `Cannot ${request.action} "${entry.record.config.name}": ${refused} (it is ${
        entry.observed.state.replace("_", " ")
      })`,
      { status: 409 },
    );
  }
  const { action } = request;
  const trades = hasAccount(entry.record.config.type);
  // A risk manager adds no risk.
  if (
    trades && (action === "start" || action === "resume" || action === "rearm")
  ) {
    context.emergency.refuseLatched(
      `${action} "${entry.record.config.name}"`,
      entry,
    );
  }
  const reason = request.reason === ""
    ? `${request.action} by ${caller.email}`
    : request.reason;
  const isStored = await storeWish(context, entry, { request, caller, reason });
  await actNow(context, entry, { action: request.action, reason });
  publish(context, entry);
  context.reconcileSoon();
  if (!isStored) {
    await restrictAtDesk(context, entry, request.action);
    throw carriedOut(entry, request.action);
  }
  return toView(entry);
}

/** Stores what is wanted from now on; answers whether it is stored. */
async function storeWish(
  context: FleetContext,
  entry: AgentEntry,
  command: { request: ControlRequest; caller: Caller; reason: string },
): Promise<boolean> {
  const { request, caller, reason } = command;
  const { action } = request;
  const wish = {
    change: {
      desired: DESIRED_BY[action] ?? entry.record.desired,
      desiredReason: reason,
      ...(endsIt(action) ? { stopPositions: request.positions } : {}),
    },
    audit: auditOf(context, caller, {
      action: `agent.${action}`,
      target: entry.record.id,
      reason,
      detail: { observed: entry.observed.state },
    }),
  };
  if (reducesRisk(action)) return await saveOrKeep(context, entry, wish);
  context.storage.refuseNewRisk(`${action} "${entry.record.config.name}"`);
  await saveRecord(context, entry, wish);
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
  refuseListenedTo(context, entry);
  context.storage.refuseNewRisk(`delete "${entry.record.config.name}"`);
  await saveRecord(context, entry, {
    change: {
      desired: "retired",
      stopPositions: "close",
      desiredReason: `Deleted by ${caller.email}`,
    },
    audit: auditOf(context, caller, {
      action: "agent.delete",
      target: entry.record.id,
      reason: "",
      detail: { name: entry.record.config.name },
    }),
  });
  publish(context, entry);
  context.reconcileSoon();
}
