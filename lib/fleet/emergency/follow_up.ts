/**
 * What follows from a stop apart from the desk: it is told to everybody, gets
 * into the audit trail as soon as the store takes it, and agents that were
 * flattened are stopped.
 *
 * @module
 */
import type {
  EmergencyDeskState,
  Latch,
  StopView,
} from "../../contracts/emergency.ts";
import { STREAM_VERSION, type SystemEvent } from "../../contracts/stream.ts";
import { controlAgent } from "../commands/control.ts";
import { auditOf } from "../commands/records.ts";
import type { FleetContext } from "../context.ts";
import type { Caller } from "../port.ts";
import { append } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import { AUDIT_RETRY_MS, MAX_STOP_REQUESTS } from "./limits.ts";
import { beginSentence, endSentence, releaseSentence } from "./words.ts";

/** What the follow-up asks of the service. */
export interface FollowUpOptions {
  isInScope(latch: Latch, entry: Pick<AgentEntry, "record">): boolean;
  /** Tells the desks that these stops are on record. */
  audited(ids: readonly string[]): Promise<void>;
}

/** See the module's description. */
export class StopFollowUp {
  readonly #context: FleetContext;
  readonly #options: FollowUpOptions;
  readonly #auditing = new Set<string>();
  readonly #stopping = new Set<string>();
  /** The HTTP requests behind stops that are not on record yet. */
  readonly #requestIds = new Map<string, string>();
  /** Stops that another process was asked for: it tells of them and has them audited. */
  readonly #others = new Set<string>();

  constructor(context: FleetContext, options: FollowUpOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** A stop was asked for by an HTTP request; after a crash its entry does not name it. */
  causedBy(stopId: string, requestId: string | undefined): void {
    if (requestId === undefined) return;
    this.#requestIds.set(stopId, requestId);
    if (this.#requestIds.size <= MAX_STOP_REQUESTS) return;
    const [oldest] = this.#requestIds.keys();
    this.#requestIds.delete(oldest!);
  }

  /** Another process follows this stop up; here only its agents are stopped. */
  leaveToOthers(id: string): void {
    if (!this.#auditing.has(id)) this.#others.add(id);
  }

  /** The desk has said something new. */
  take(state: EmergencyDeskState, before: EmergencyDeskState): void {
    const known = (id: string) => before.latches.find((one) => one.id === id);
    for (const stop of state.latches) {
      if (stop.lever === "flatten" && !stop.isWorking) this.#stopAgents(stop);
      if (this.#others.has(stop.id)) continue;
      // One that is on record was told of by an earlier process.
      const isNew = known(stop.id) === undefined && !stop.isAudited;
      if (isNew) this.#tell("error", beginSentence(stop, this.#nameOf));
      if ((isNew || known(stop.id)?.isWorking) && !stop.isWorking) {
        const severity = stop.residue.length === 0 ? "warning" : "error";
        this.#tell(severity, endSentence(stop, this.#nameOf));
      }
      if (!stop.isAudited) this.#audit(stop);
    }
    for (const latch of state.released) {
      const isOthers = this.#others.has(latch.id);
      if (known(latch.id) === undefined || isOthers) continue;
      this.#tell("warning", releaseSentence(latch, this.#nameOf));
    }
    if (state.fileProblem !== null && before.fileProblem === null) {
      this.#tell("error", state.fileProblem);
    }
    const hasWork = state.latches.some(({ isWorking }) => isWorking);
    if (hasWork) {
      this.#sendNow({
        severity: "warning",
        message: "An emergency stop is at work",
      });
    }
  }

  /** Puts a release on record. @throws {AppError} STORE_UNAVAILABLE */
  async auditRelease(
    latch: Latch,
    { reason, caller }: { reason: string; caller: Caller },
  ): Promise<void> {
    await this.#context.store.audit(auditOf(this.#context, caller, {
      action: "emergency.release",
      target: latch.id,
      reason,
      detail: {
        scope: latch.scope,
        lever: latch.lever,
        latchedBy: latch.by.name,
      },
    }));
  }

  #audit(stop: StopView): void {
    const { id } = stop;
    if (this.#auditing.has(id)) return;
    this.#auditing.add(id);
    this.#context.track(this.#auditUntilStored(stop), `audit ${id}`);
  }

  async #auditUntilStored(
    { id, at, by, scope, lever, withdrawAll, reason }: StopView,
  ): Promise<void> {
    const { store, clock } = this.#context;
    while (!this.#context.isDraining) {
      try {
        // deno-lint-ignore no-await-in-loop -- an attempt follows the one that failed
        await store.audit({
          at,
          actor: {
            kind: by.userId === null ? "system" : "user",
            id: by.userId,
            name: by.name,
          },
          via: by.via,
          requestId: this.#requestIds.get(id) ?? null,
          action: "emergency.stop",
          target: id,
          outcome: "ok",
          reason,
          detail: { scope, lever, withdrawAll },
        });
        // A desk that does not hear it has it audited once more by the next process.
        // deno-lint-ignore no-await-in-loop -- the last thing that is done
        await this.#options.audited([id]).catch(() => {});
        return;
      } catch {
        // deno-lint-ignore no-await-in-loop -- a pause between attempts
        await new Promise<void>((resolve) =>
          clock.after(AUDIT_RETRY_MS, resolve)
        );
      }
    }
    this.#requestIds.delete(id);
    this.#auditing.delete(id);
  }

  /** Positions are the desk's affair: what it has left stays with its protection. */
  #stopAgents(stop: StopView): void {
    for (const entry of this.#context.agents.own()) {
      const { id, desired } = entry.record;
      const isUp = desired === "running" || desired === "paused";
      if (!isUp || this.#stopping.has(id)) continue;
      if (!this.#options.isInScope(stop, entry)) continue;
      this.#stopping.add(id);
      const work = controlAgent(this.#context, entry, {
        request: {
          action: "stop",
          positions: "keep",
          reason: `Emergency stop${
            stop.reason === "" ? "" : `: ${stop.reason}`
          }`
            .slice(0, 200),
        },
        caller: callerOf(stop),
      }).then(
        () => {},
        // Not running any more, or carried out and stored later: both are as good.
        () => {},
      ).finally(() => this.#stopping.delete(id));
      this.#context.track(work, `stop ${id}`);
    }
  }

  #nameOf = (agentId: string): string =>
    this.#context.agents.find(agentId)?.record.config.name ?? agentId;

  #tell(severity: SystemEvent["severity"], message: string): void {
    const at = this.#context.clock.nowMs();
    const about = { agentId: null, agentName: null };
    append(this.#context, {
      events: [
        {
          type: "system.event",
          agentId: null,
          at,
          data: { kind: "emergency", severity, ...about, message },
        },
        {
          type: "log.added",
          agentId: null,
          at,
          data: {
            level: severity,
            category: "risk",
            ...about,
            message,
            at,
            marketAt: null,
          },
        },
      ],
    });
    // The store may be what fails: whoever listens hears of it at once.
    this.#sendNow({ severity, message });
  }

  #sendNow(event: Pick<SystemEvent, "severity" | "message">): void {
    this.#context.publishVolatile({
      v: STREAM_VERSION,
      seq: null,
      topic: "system:event",
      type: "system.event",
      at: new Date(this.#context.clock.nowMs()).toISOString(),
      data: { kind: "emergency", agentId: null, agentName: null, ...event },
    }, null);
  }
}

function callerOf({ by }: Latch): Caller {
  const via = by.via === "local" || by.via === "signal" ? "system" : by.via;
  return { userId: by.userId ?? "", email: by.name, via };
}
