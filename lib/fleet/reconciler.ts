/**
 * Closes the gap between what is wanted and what is. One step per agent at a
 * time; killing the process between any two steps leaves nothing half done,
 * because the next start compares the same two states again.
 *
 * @module
 */
import { hasAccount } from "../contracts/agent_types.ts";
import { SYSTEM_ACTOR } from "../contracts/audit.ts";
import type { DeskQuery } from "../contracts/desk.ts";
import { applyConfig, isConfigBehind } from "./applied_config.ts";
import { askDesk } from "./desks.ts";
import { disconnectAgent, openBooks, startAgent } from "./wiring.ts";
import type { FleetContext } from "./context.ts";
import { stopGuard } from "./guards/life.ts";
import { RECONCILE_EVERY_MS } from "./limits.ts";
import { planStep } from "./plan.ts";
import { publish } from "./publish.ts";
import { type AgentEntry, neverStarted } from "./registry.ts";
import { quiesce, settleBooks } from "./settling.ts";
import { type Retry, type Step, StepRetries } from "./step_retries.ts";

/** Keeps all agents moving towards their desired states. */
export interface Reconciler {
  /** Compares now. */
  wake(): void;
  /** No step is under way. */
  isIdle(): boolean;
  /** Ends; resolves when the steps under way are done. */
  close(): Promise<void>;
}

/** Creates the reconciler; it compares on every wake and once a second. */
export function createReconciler(context: FleetContext): Reconciler {
  const underWay = new Map<string, Promise<void>>();
  const retries = new StepRetries(context.clock);
  let isClosed = false;
  const wake = () => {
    if (isClosed || context.isDraining) return;
    context.guards.look();
    for (const entry of context.agents.own()) {
      const { id, updatedAt: wishedAt } = entry.record;
      if (underWay.has(id)) continue;
      if (retries.isWaiting(id, wishedAt)) continue;
      const step = nextStep(context, entry);
      if (step === "none") continue;
      const work = takeStep(context, entry, step).then(
        () => endFailure(context, entry, retries.succeeded(id)),
        (error) => {
          const reason = error instanceof Error ? error.message : String(error);
          const retry = retries.failed(id, { step, wishedAt, reason });
          reportFailure(context, entry, { step, reason, retry });
        },
      ).then(() => {
        underWay.delete(id);
        queueMicrotask(wake);
      });
      underWay.set(id, work);
    }
  };
  const timer = context.clock.every(RECONCILE_EVERY_MS, wake);
  return {
    wake,
    isIdle: () => underWay.size === 0,
    async close() {
      isClosed = true;
      timer.cancel();
      await Promise.allSettled(underWay.values());
    },
  };
}

/** The step towards the desired state; an agent that is there is brought up to its stored configuration. */
function nextStep(context: FleetContext, entry: AgentEntry): Step {
  const { record, observed, needsSettling } = entry;
  const step = planStep(record.desired, observed.state, needsSettling);
  return step === "none" && isConfigBehind(context, entry) ? "configure" : step;
}

async function takeStep(
  context: FleetContext,
  entry: AgentEntry,
  step: Step,
): Promise<void> {
  const { id, desiredReason } = entry.record;
  switch (step) {
    case "none":
      return;
    case "start":
      return await startAgent(context, entry, { paused: false });
    case "start_paused":
      return await startAgent(context, entry, { paused: true });
    case "pause":
      // The desk first: from here on no entry of the agent is taken.
      await setEntries(context, entry, false);
      return await context.supervisor.pause(id, desiredReason);
    case "resume":
      await setEntries(context, entry, true);
      return await context.supervisor.resume(id, desiredReason);
    case "configure":
      await applyConfig(context, entry);
      return;
    case "stop":
      return await stopAgent(context, entry);
    case "settle":
      return await settleBooks(context, entry);
    case "retire":
      return await retireAgent(context, entry);
  }
}

/** Tells the desk whether an agent's entries are taken. */
export async function setEntries(
  context: FleetContext,
  entry: AgentEntry,
  allowed: boolean,
): Promise<void> {
  if (!hasAccount(entry.record.config.type)) return;
  await askDesk(context, entry, {
    type: "setEntries",
    agentId: entry.record.id,
    allowed,
    reason: entry.record.desiredReason,
  });
}

/** Quiesces the account and ends the worker; its books are settled as the next step. */
async function stopAgent(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { id, desiredReason } = entry.record;
  const isUp = context.supervisor.status(id) !== null;
  if (isUp && !hasAccount(entry.record.config.type)) {
    return await stopGuard(context, entry);
  }
  entry.needsSettling = true;
  if (hasAccount(entry.record.config.type)) {
    // One that was given up before the last restart of the host is not open yet.
    if (!entry.isOpen) await openBooks(context, entry);
    await quiesce(context, entry);
  }
  if (!isUp) {
    await clearLatch(context, entry);
    entry.needsSettling = true;
    return;
  }
  await context.supervisor.stop(id, { reason: desiredReason, mode: "stop" });
  await disconnectAgent(context, entry);
  await context.supervisor.remove(id);
  publish(context, entry);
}

async function retireAgent(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { id, config } = entry.record;
  if (context.supervisor.status(id) !== null) {
    await context.supervisor.remove(id);
  }
  if (hasAccount(config.type)) {
    const close: DeskQuery = { type: "closeAccount", agentId: id };
    await askDesk(context, entry, close);
  }
  // A copy that is under way ends first, and none begins: it would be left in the store.
  await context.mirror?.forget(id);
  const at = context.clock.nowMs();
  await context.store.agents.remove(id, {
    at,
    actor: SYSTEM_ACTOR,
    via: "system",
    action: "agent.remove",
    target: id,
    outcome: "ok",
    reason: entry.record.desiredReason,
    detail: { name: config.name },
  });
  context.agents.remove(id);
  context.recordings.forget(id);
  await context.store.events.append({
    events: [{ type: "agent.removed", agentId: id, at, data: { id } }],
  });
}

/** Clears a quarantined or killed state on a person's command, so that the agent may start again. */
export async function clearLatch(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { id } = entry.record;
  if (context.supervisor.status(id) !== null) {
    await context.supervisor.remove(id);
  }
  entry.needsSettling = false;
  entry.observed = {
    ...neverStarted(id, context.clock.nowMs()),
    epoch: entry.observed.epoch,
    history: entry.observed.history,
    lastError: entry.observed.lastError,
  };
  publish(context, entry);
}

function reportFailure(
  context: FleetContext,
  entry: AgentEntry,
  failure: { step: Step; reason: string; retry: Retry },
): void {
  const { step, reason, retry: { waitMs, isTold } } = failure;
  if (entry.observed.lastError !== reason) {
    entry.observed = { ...entry.observed, lastError: reason };
    publish(context, entry);
  } else if (!isTold) return;
  context.log({
    level: "error",
    category: "lifecycle",
    agentId: entry.record.id,
    agentName: entry.record.config.name,
    message: `Cannot ${
      step.replace("_", " ")
    } ${entry.record.config.name}, tries again in ${
      waitMs / 1_000
    } s: ${reason}`,
    at: context.clock.nowMs(),
    marketAt: null,
  });
}

/** What held a step up is over: an agent that stands where it should shows it no more. */
function endFailure(
  context: FleetContext,
  entry: AgentEntry,
  reason: string | null,
): void {
  if (reason === null || entry.observed.lastError !== reason) return;
  // One that was removed must not come back.
  if (context.agents.find(entry.record.id) !== entry) return;
  entry.observed = { ...entry.observed, lastError: null };
  publish(context, entry);
}
