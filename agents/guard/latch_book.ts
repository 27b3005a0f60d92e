import type { GuardLatch } from "../../lib/contracts/guard.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";

/** State of {@link LatchBook}. */
export interface LatchBookSnapshot {
  latches: readonly GuardLatch[];
  lastId: EpochMs;
  releasedId: EpochMs;
}

/** What only a person releases, one latch a rule; a change of rules leaves them alone. */
export class LatchBook {
  #latches = new Map<string, GuardLatch>();
  #lastId: EpochMs = 0;
  #releasedId: EpochMs = 0;

  /** Oldest first. */
  all(): GuardLatch[] {
    return [...this.#latches.values()];
  }

  has(ruleId: string): boolean {
    return this.#latches.has(ruleId);
  }

  /** The strictest one, the newest of several: what desks are told. */
  strictest(): GuardLatch | null {
    return this.all().reduce<GuardLatch | null>(
      (found, latch) =>
        found === null || latch.state === found.state ||
          latch.state === "halted"
          ? latch
          : found,
      null,
    );
  }

  /** Latches what a rule wants, unless it is latched as strictly already. @returns Whether it is new. */
  set(demand: Omit<GuardLatch, "id">, now: EpochMs): boolean {
    const known = this.#latches.get(demand.ruleId);
    if (known?.state === "halted" || known?.state === demand.state) {
      return false;
    }
    this.#lastId = Math.max(this.#lastId + 1, now);
    this.#latches.delete(demand.ruleId);
    this.#latches.set(demand.ruleId, { ...demand, id: this.#lastId });
    return true;
  }

  /** Takes up a latch that a desk has kept and this one has lost; one that was released stays so. */
  adopt(latch: GuardLatch): void {
    if (latch.id <= this.#releasedId || this.has(latch.ruleId)) return;
    this.#lastId = Math.max(this.#lastId, latch.id);
    this.#latches.set(latch.ruleId, latch);
  }

  /** A person has released all latches up to one. @returns The rules that were released. */
  release(releasedId: EpochMs): string[] {
    this.#releasedId = Math.max(this.#releasedId, releasedId);
    const released = this.all().filter(({ id }) => id <= releasedId);
    for (const { ruleId } of released) this.#latches.delete(ruleId);
    return released.map(({ ruleId }) => ruleId);
  }

  snapshot(): LatchBookSnapshot {
    return {
      latches: this.all(),
      lastId: this.#lastId,
      releasedId: this.#releasedId,
    };
  }

  restore({ latches, lastId, releasedId }: LatchBookSnapshot): void {
    this.#latches = new Map(latches.map((latch) => [latch.ruleId, latch]));
    this.#lastId = lastId;
    this.#releasedId = releasedId;
  }
}
