/**
 * Watches whether the store takes writes. While it does not, nothing that adds
 * risk goes on: what happened could not be kept. Everything that reduces risk
 * does, and once the store is back trading goes on by itself.
 *
 * @module
 */
import type { DeskJournalReport } from "../../contracts/account.ts";
import type { DeskQuery } from "../../contracts/desk.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import type { DeskId } from "../desk_ids.ts";
import { askDesk, startedDesks } from "../desks.ts";
import {
  ASK_DEADLINE_MS,
  IDLE_PROBE_MS,
  STORAGE_CHECK_MS,
  STORAGE_GRACE_MS,
} from "../limits.ts";
import { Alerts } from "./alerts.ts";
import { JournalWatch } from "./journal_watch.ts";
import { lastedFor, storageReason } from "./words.ts";

/** What the fleet needs of the watch. */
export interface StorageWatch {
  /** Why the desk is to hold all markets, in a sentence for people, or null. */
  readonly heldReason: string | null;
  /** Why nothing that adds risk is taken from people, or null: the store fails, or a journal on the same disk. */
  readonly problem: string | null;
  /** A desk says whether an account's journal can be written. */
  takeJournalReport(report: DeskJournalReport): void;
  /** A desk starts anew, and its configuration says this. */
  deskStarts(deskId: DeskId): string | null;
  /** For the health of the platform. */
  check(): { name: "storage"; ok: boolean; detail: string };
  /**
   * Refuses what adds risk or needs the store.
   *
   * @throws {AppError} STORE_UNAVAILABLE
   */
  refuseNewRisk(what: string): void;
  /** Ends; nothing is looked at from now on. */
  close(): void;
}

/** Starts to watch the store of a fleet. */
export function watchStorage(context: FleetContext): StorageWatch {
  return new Watch(context);
}

class Watch implements StorageWatch {
  readonly #context: FleetContext;
  readonly #alerts: Alerts;
  readonly #journals: JournalWatch;
  readonly #timer: { cancel(): void };
  /** Since when the store has not been well, or null; by the wall clock. */
  #unwellSince: number | null = null;
  #heldReason: string | null = null;
  /** What each desk knows; undefined while that is unknown. */
  readonly #told = new Map<DeskId, string | null | undefined>();
  readonly #telling = new Set<DeskId>();
  #isProbing = false;
  #isRecovering = false;
  #probedAt = -Infinity;

  constructor(context: FleetContext) {
    this.#context = context;
    this.#alerts = new Alerts(context);
    this.#journals = new JournalWatch(context, this.#alerts);
    this.#timer = context.clock.every(STORAGE_CHECK_MS, () => this.#look());
  }

  get heldReason(): string | null {
    return this.#heldReason;
  }

  get problem(): string | null {
    return this.#heldReason ?? this.#journals.problem;
  }

  takeJournalReport(report: DeskJournalReport): void {
    this.#journals.take(report);
    this.#showAccount(report.agentId);
  }

  deskStarts(deskId: DeskId): string | null {
    this.#told.set(deskId, this.#heldReason);
    this.#journals.forget(deskId);
    return this.#heldReason;
  }

  check(): { name: "storage"; ok: boolean; detail: string } {
    const detail = this.problem;
    return {
      name: "storage",
      ok: detail === null,
      detail: detail ?? "Store and journals take writes",
    };
  }

  refuseNewRisk(what: string): void {
    const { problem } = this;
    if (problem === null) return;
    throw new AppError(
      "STORE_UNAVAILABLE",
      `Cannot ${what} now. ${problem}`,
      { status: 503 },
    );
  }

  close(): void {
    this.#timer.cancel();
    this.#journals.close();
  }

  #look(): void {
    const { clock, store } = this.#context;
    const health = store.health();
    const now = clock.nowMs();
    if (health.ok) {
      this.#unwellSince = null;
      if (this.#heldReason !== null) void this.#recover();
    } else {
      this.#unwellSince ??= health.failingSince ?? now;
      const lasted = now - this.#unwellSince;
      if (lasted >= STORAGE_GRACE_MS && this.#heldReason === null) this.#hold();
    }
    this.#probeIfNobodyWrites();
    this.#tellDesks();
  }

  #hold(): void {
    const { store, settings } = this.#context;
    this.#heldReason = storageReason(store.health(), settings.dataDir);
    this.#alerts.begin(this.#heldReason);
  }

  /** The store answers again: it is back when all that waited is stored. */
  async #recover(): Promise<void> {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    const { store, clock } = this.#context;
    try {
      await store.events.flush();
      if (!store.health().ok || this.#heldReason === null) return;
      const lasted = lastedFor(clock.nowMs() - this.#alerts.since);
      await this.#alerts.end(
        `The store took writes again after ${lasted}; nothing was lost and trading goes on`,
      );
      this.#heldReason = null;
      this.#tellDesks();
      this.#context.reconcileSoon();
    } catch (error) {
      this.#context.onError("store what waited for the disk", error);
    } finally {
      this.#isRecovering = false;
    }
  }

  /**
   * While the store fails somebody has to find out that it is back, and in a
   * fleet at rest nobody else would notice that it fails.
   */
  #probeIfNobodyWrites(): void {
    const { clock, store } = this.#context;
    const everyMs = this.#unwellSince !== null || this.#heldReason !== null
      ? 2 * STORAGE_CHECK_MS
      : IDLE_PROBE_MS;
    const now = clock.monotonicMs();
    if (this.#isProbing || now - this.#probedAt < everyMs) return;
    if (everyMs === IDLE_PROBE_MS && this.#isAnybodyWriting()) return;
    this.#probedAt = now;
    this.#isProbing = true;
    // What it finds shows in the store's health.
    void store.probe().finally(() => {
      this.#isProbing = false;
    });
  }

  /** An agent with a worker has its figures written once a second. */
  #isAnybodyWriting(): boolean {
    return this.#context.agents.own().some(({ observed }) =>
      observed.state === "running" || observed.state === "paused"
    );
  }

  #showAccounts(): void {
    for (const { record } of this.#context.agents.own()) {
      this.#showAccount(record.id);
    }
  }

  /** Reports of an account wait for its journal and the store, so the desk is asked how it stands. */
  #showAccount(agentId: string): void {
    const entry = this.#context.agents.find(agentId);
    if (entry === undefined || !entry.isOpen) return;
    void askDesk(this.#context, entry, { type: "account", agentId }).catch(
      () => {
        // A desk that is down is asked for everything when it is up.
      },
    );
  }

  #tellDesks(): void {
    for (const deskId of startedDesks(this.#context)) this.#tellDesk(deskId);
  }

  #tellDesk(deskId: DeskId): void {
    const { supervisor } = this.#context;
    const reason = this.#heldReason;
    if (this.#telling.has(deskId) || this.#told.get(deskId) === reason) return;
    if (supervisor.status(deskId)?.state !== "running") return;
    const query: DeskQuery = { type: "hold", reason };
    this.#telling.add(deskId);
    // It may take this and its answer be lost: what it knew before is no longer certain.
    this.#told.set(deskId, undefined);
    void supervisor.ask(deskId, query, { deadlineMs: ASK_DEADLINE_MS }).then(
      () => {
        this.#told.set(deskId, reason);
        this.#showAccounts();
      },
      () => {
        // Told again at the next look.
      },
    ).finally(() => this.#telling.delete(deskId));
  }
}
