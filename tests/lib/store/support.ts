import { userActor } from "../../../lib/contracts/audit.ts";
import type { TimeSource } from "../../../lib/core/time.ts";
import type { LogEntry, LogLevel } from "../../../lib/contracts/log.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import type { AgentRecord, AgentView } from "../../../lib/contracts/agent.ts";
import type { AuditEntry, EventDraft } from "../../../lib/store/port.ts";

/** Real time, for tests against real sockets and a real KV. */
export const systemTime: TimeSource = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs);
    return { cancel: () => clearInterval(timer) };
  },
};

/** Time that moves only when a test says so. */
export class ManualTime implements TimeSource {
  #now: number;
  #timers = new Set<{ at: number; everyMs: number | null; run: () => void }>();

  constructor(nowMs = 1_800_000_000_000) {
    this.#now = nowMs;
  }

  nowMs(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): { cancel(): void } {
    return this.#add({ at: this.#now + delayMs, everyMs: null, run });
  }

  every(everyMs: number, run: () => void): { cancel(): void } {
    return this.#add({ at: this.#now + everyMs, everyMs, run });
  }

  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.at <= until)
        .sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = next.at;
      if (next.everyMs === null) this.#timers.delete(next);
      else next.at += next.everyMs;
      next.run();
    }
    this.#now = until;
  }

  /** Tells whether something waits for exactly `ms` from now. */
  hasTimer(ms: number): boolean {
    return [...this.#timers].some((timer) =>
      timer.everyMs === null && timer.at === this.#now + ms
    );
  }

  /** Moves time on at once, as a clock that was set: every due timer runs once. */
  jump(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      if (timer.everyMs === null) this.#timers.delete(timer);
      else timer.at = this.#now + timer.everyMs;
      timer.run();
    }
  }

  #add(timer: { at: number; everyMs: number | null; run: () => void }) {
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }
}

/** An agent id of the right form. */
export function agentIdOf(n: number): string {
  return `agt_${String(n).padStart(26, "0")}`;
}

/** A log line as it is appended. */
export function logDraft(
  message: string,
  options: Partial<Omit<LogEntry, "seq">> & { level?: LogLevel } = {},
): EventDraft {
  const agentId = options.agentId ?? null;
  return {
    type: "log.added",
    agentId,
    at: options.at ?? 1,
    data: {
      level: "info",
      category: "decision",
      agentName: agentId,
      marketAt: null,
      at: 1,
      ...options,
      agentId,
      message,
    },
  };
}

/** A system event as it is appended. */
export function systemDraft(message: string): EventDraft {
  return {
    type: "system.event",
    agentId: null,
    at: 1,
    data: {
      kind: "host",
      severity: "info",
      agentId: null,
      agentName: null,
      message,
    },
  };
}

/** A view with only what tests look at. */
export function viewOf(id: string, changes: Partial<AgentView> = {}) {
  return { id, name: id, equity: [], ...changes } as unknown as AgentView;
}

/** A view event. */
export function viewDraft(
  id: string,
  changes: Partial<AgentView> = {},
): EventDraft {
  return {
    type: "agent.updated",
    agentId: id,
    at: 1,
    data: viewOf(id, changes),
  };
}

/** A trade with only what tests look at. */
export function tradeOf(index: number): Trade {
  return { tradeId: `t${index}`, netPnl: "1.5" } as unknown as Trade;
}

/** A stored agent with only what tests look at. */
export function recordOf(
  id: string,
  changes: Partial<AgentRecord> = {},
): AgentRecord {
  return {
    id,
    desired: "running",
    configVersion: 1,
    updatedAt: 1,
    ...changes,
  } as unknown as AgentRecord;
}

/** An audit entry. */
export function auditOf(action: string): AuditEntry {
  return {
    at: 1,
    actor: userActor({ id: "usr_1", email: "a@example.com" }),
    via: "api",
    action,
    target: "agt_1",
    outcome: "ok",
    reason: "",
    detail: {},
  };
}
