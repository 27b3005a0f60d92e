import type { DeskAction } from "../lib/contracts/order.ts";

/** An entry that the desk never named. */
interface LostEntry {
  intentId: string;
  /** The desk has accepted it after all: it is to be withdrawn. */
  isAccepted: boolean;
}

/** State of {@link LostEntries}. */
export interface LostEntriesSnapshot {
  /** Left out for none. */
  lost?: LostEntry[];
}

/** Most that are remembered; the oldest is forgotten. */
const MAX_LOST = 8;

const NO_ACTIONS: readonly DeskAction[] = [];

/** Entries that were given up because the desk never named them. One that it accepts later is withdrawn again. */
export class LostEntries {
  #entries: LostEntry[] = [];

  /** Gives an entry up; answers with its withdrawal, in case the desk has it all the same. */
  giveUp(intentId: string): DeskAction {
    this.#entries.push({ intentId, isAccepted: false });
    if (this.#entries.length > MAX_LOST) this.#entries.shift();
    return { kind: "cancel", intentId, reason: "The desk has not answered" };
  }

  /** The desk has an entry. */
  named(intentId: string): void {
    for (const entry of this.#entries) {
      if (entry.intentId === intentId) entry.isAccepted = true;
    }
  }

  /** An entry is over or filled. */
  forget(intentId: string): void {
    if (this.#entries.length === 0) return;
    this.#entries = this.#entries.filter((entry) =>
      entry.intentId !== intentId
    );
  }

  /** Withdrawals of what was accepted since the last call. */
  takeAccepted(): readonly DeskAction[] {
    if (this.#entries.length === 0) return NO_ACTIONS;
    const reason = "The desk has answered too late";
    return this.#entries.flatMap((entry): DeskAction[] => {
      if (!entry.isAccepted) return [];
      entry.isAccepted = false;
      return [{ kind: "cancel", intentId: entry.intentId, reason }];
    });
  }

  snapshot(): LostEntriesSnapshot {
    return this.#entries.length === 0
      ? {}
      : { lost: structuredClone(this.#entries) };
  }

  restore({ lost = [] }: LostEntriesSnapshot): void {
    this.#entries = structuredClone(lost);
  }
}
