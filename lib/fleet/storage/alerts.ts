import type { LogLevel } from "../../contracts/log.ts";
import { STREAM_VERSION, type SystemEvent } from "../../contracts/stream.ts";
import type { EventDraft } from "../../store/port.ts";
import type { FleetContext } from "../context.ts";
import { MAX_UNSTORED_ALERTS } from "../limits.ts";

/** An alert as it is kept until the store takes it. */
interface Alert {
  at: number;
  severity: SystemEvent["severity"];
  message: string;
}

/**
 * Alerts about storage. What cannot be stored is sent to whoever listens now,
 * and stored, with the time at which it happened, when the store is back.
 */
export class Alerts {
  readonly #context: FleetContext;
  /** Newest last; beyond the limit the newest are dropped, because the first one says how it began. */
  readonly #unstored: Alert[] = [];
  #since = 0;
  #isFailing = false;

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** When the failure that lasts began, in milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }

  /** The store fails from now on. */
  begin(message: string): void {
    this.#isFailing = true;
    this.#since = this.#context.clock.nowMs();
    this.raise({ severity: "error", message });
  }

  /** The store is back: resolves when all alerts, and this last one, are stored. */
  async end(message: string): Promise<void> {
    const at = this.#context.clock.nowMs();
    const last: Alert = { at, severity: "info", message };
    await this.#store([...this.#unstored, last]);
    this.#unstored.length = 0;
    this.#isFailing = false;
  }

  /** Tells everybody at once, whether the store works or not. */
  raise(alert: Omit<Alert, "at">): void {
    const { clock, store, onError, track } = this.#context;
    const dated: Alert = { ...alert, at: clock.nowMs() };
    if (alert.severity === "error") {
      onError("store everything", alert.message);
    }
    if (!this.#isFailing && store.health().ok) {
      track(this.#store([dated]), "store an alert");
      return;
    }
    this.#sendNow(dated);
    if (this.#isFailing) {
      if (this.#unstored.length < MAX_UNSTORED_ALERTS) {
        this.#unstored.push(dated);
      }
    } else track(this.#store([dated]), "store an alert");
  }

  #sendNow(alert: Alert): void {
    this.#context.publishVolatile({
      v: STREAM_VERSION,
      seq: null,
      topic: "system:event",
      type: "system.event",
      at: new Date(alert.at).toISOString(),
      data: toSystemEvent(alert),
    }, null);
  }

  #store(alerts: readonly Alert[]): Promise<void> {
    return this.#context.store.events.append({
      events: alerts.flatMap(toDrafts),
    });
  }
}

function toSystemEvent({ severity, message }: Alert): SystemEvent {
  return { kind: "store", severity, agentId: null, agentName: null, message };
}

function toDrafts(alert: Alert): EventDraft[] {
  const level: LogLevel = alert.severity;
  const { at, message } = alert;
  return [
    { type: "system.event", agentId: null, at, data: toSystemEvent(alert) },
    {
      type: "log.added",
      agentId: null,
      at,
      data: {
        level,
        category: "system",
        agentId: null,
        agentName: null,
        message,
        at,
        marketAt: null,
      },
    },
  ];
}
