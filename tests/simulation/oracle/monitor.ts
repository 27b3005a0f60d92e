import type { Heartbeat } from "../../../actors/protocol.ts";
import { PAPER_DESK_ID } from "../../../lib/fleet/desk_ids.ts";
import type { DiskWatcher } from "../machine/disk.ts";
import { QUEUED_MESSAGES_MAX } from "../limits.ts";
import type { LinkFrameTaken } from "../machine/host.ts";
import { agentOfPath, readRecords } from "./journal_text.ts";
import type { Promised, Violation } from "./violation.ts";

interface JournalState {
  /** Since the desk opened it last, an agent has attached. */
  isAttached: boolean;
  /** Newest incarnation that attached. */
  newestEpoch: number;
}

/** Watches what must never happen, at the moment it happens. */
export class Monitor implements DiskWatcher {
  readonly violations: Violation[] = [];
  readonly #journals = new Map<string, JournalState>();
  readonly #killed = new Set<string>();
  /** Whose message the desk has in hand. */
  #inHand: { agentId: string; epoch: number } | null = null;

  report(promise: Promised, what: string): void {
    this.violations.push({ promise, what });
  }

  /** A kill was acknowledged to the person who asked for it. */
  killed(agentId: string): void {
    this.#killed.add(agentId);
  }

  /** A person wants it to run again. */
  released(agentId: string): void {
    this.#killed.delete(agentId);
  }

  heartbeat(id: string, { mailboxDepth, outboxDepth }: Heartbeat): void {
    const depth = Math.max(mailboxDepth, outboxDepth);
    if (depth <= QUEUED_MESSAGES_MAX) return;
    this.report("P8", `${depth} messages wait at or behind ${id}`);
  }

  opened(path: string): void {
    const journal = this.#journal(agentOfPath(path));
    journal.isAttached = false;
  }

  retired(path: string): void {
    this.#journals.delete(agentOfPath(path));
  }

  misused(what: string): void {
    this.report("survival", what);
  }

  frame({ to, link, peerEpoch, frame }: LinkFrameTaken): void {
    if (to.id !== PAPER_DESK_ID || !link.startsWith("agent:")) return;
    const agentId = link.slice("agent:".length);
    this.#inHand = { agentId, epoch: peerEpoch };
    const type = Array.isArray(frame) ? frame[0]?.type : null;
    const journal = this.#journal(agentId);
    if (type !== "attached" || peerEpoch < journal.newestEpoch) return;
    journal.isAttached = true;
    journal.newestEpoch = peerEpoch;
  }

  taken(): void {
    this.#inHand = null;
  }

  appended(path: string, text: string): void {
    const agentId = agentOfPath(path);
    for (const { record } of readRecords(text)) {
      if (record.type === "INTENT") this.#intent(agentId, record.intent);
      if (record.type === "ORDER" && record.order.role === "entry") {
        if (!this.#killed.has(agentId)) continue;
        const { orderId } = record.order;
        this.report("P5", `Order ${orderId} of killed ${agentId} was accepted`);
      }
    }
  }

  #intent(agentId: string, { intentId }: { intentId: string }): void {
    const journal = this.#journal(agentId);
    const what = `Intent ${intentId} of ${agentId}`;
    if (!journal.isAttached) {
      this.report("P3", `${what} was taken before the agent attached`);
    }
    if (this.#inHand?.agentId !== agentId) return;
    if (this.#inHand.epoch >= journal.newestEpoch) return;
    this.report(
      "P4",
      `${what} came from incarnation ${this.#inHand.epoch}, which ${journal.newestEpoch} had replaced`,
    );
  }

  #journal(agentId: string): JournalState {
    let journal = this.#journals.get(agentId);
    if (journal === undefined) {
      journal = { isAttached: false, newestEpoch: 0 };
      this.#journals.set(agentId, journal);
    }
    return journal;
  }
}
