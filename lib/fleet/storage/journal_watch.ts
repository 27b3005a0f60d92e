import type { DeskJournalReport } from "../../contracts/account.ts";
import type { FleetContext } from "../context.ts";
import { type DeskId, deskIdOf } from "../desk_ids.ts";
import { JOURNAL_ALERT_MS, JOURNAL_ALERT_NAMES } from "../limits.ts";
import type { Alerts } from "./alerts.ts";
import { lastedFor, MEANWHILE } from "./words.ts";

/**
 * Which accounts' journals cannot be written. All of them are on one disk, so
 * what changes within a moment is one alert, however many accounts it is.
 */
export class JournalWatch {
  readonly #context: FleetContext;
  readonly #alerts: Alerts;
  readonly #failing = new Map<string, string>();
  /** Agents that the last alert was about. */
  #announced: ReadonlySet<string> = new Set();
  #since = 0;
  #timer: { cancel(): void } | null = null;

  constructor(context: FleetContext, alerts: Alerts) {
    this.#context = context;
    this.#alerts = alerts;
  }

  /** What is wrong now, in a sentence, or null. */
  get problem(): string | null {
    const { agents, settings } = this.#context;
    // The journal of an agent that has stopped is nobody's concern until it starts.
    const ids = [...this.#failing.keys()].filter((id) =>
      agents.find(id)?.isOpen === true
    );
    if (ids.length === 0) return null;
    const names = ids.slice(0, JOURNAL_ALERT_NAMES).map((id) =>
      agents.require(id).record.config.name
    );
    const rest = ids.length - names.length;
    const who = names.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
    return `The order journal of ${who} in ${settings.dataDir} does not take writes: ${
      this.#failing.get(ids[0]!)
    }. ${MEANWHILE}`;
  }

  /** Takes one report. */
  take(report: DeskJournalReport): void {
    if (report.isFailing) this.#failing.set(report.agentId, report.detail);
    else this.#failing.delete(report.agentId);
    // Nothing fails, and yet there is something to say: the store knows trades that the journal lost.
    if (!report.isFailing && report.detail !== "") {
      const name = this.#context.agents.find(report.agentId)?.record.config
        .name ?? report.agentId;
      const message = `${name}: ${report.detail}`;
      this.#alerts.raise({ severity: "warning", message });
    }
    this.#announceSoon();
  }

  /** A desk that starts says anew what fails. */
  forget(deskId: DeskId): void {
    const { agents } = this.#context;
    for (const agentId of [...this.#failing.keys()]) {
      const entry = agents.find(agentId);
      if (entry !== undefined && deskIdOf(entry.record.config) !== deskId) {
        continue;
      }
      this.#failing.delete(agentId);
      this.#announceSoon();
    }
  }

  /** Ends. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #announceSoon(): void {
    this.#timer ??= this.#context.clock.after(JOURNAL_ALERT_MS, () => {
      this.#timer = null;
      this.#announce();
    });
  }

  #announce(): void {
    const { problem } = this;
    const now = new Set(problem === null ? [] : this.#failing.keys());
    const before = this.#announced;
    this.#announced = now;
    const nowMs = this.#context.clock.nowMs();
    if (problem === null) {
      if (before.size === 0) return;
      const lasted = lastedFor(nowMs - this.#since);
      this.#alerts.raise({
        severity: "info",
        message:
          `The order journals took writes again after ${lasted}; nothing was lost`,
      });
      return;
    }
    if (before.size === 0) this.#since = nowMs;
    // Fewer than before is no news until it is none.
    if ([...now].some((id) => !before.has(id))) {
      this.#alerts.raise({ severity: "error", message: problem });
    }
  }
}
