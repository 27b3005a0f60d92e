/**
 * What the desks say of the guarded accounts, and what of it is missing. Time is
 * a desk's clock; markets in lockstep do not age, because they wait.
 *
 * @module
 */
import type { GuardedAgent } from "../../lib/contracts/agent.ts";
import type {
  GuardedAccount,
  GuardedFacts,
} from "../../lib/contracts/guard.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";

/** An account with what is wrong with it. */
export interface AccountNow {
  facts: GuardedAccount;
  /** One sentence; null where all is known. Equity and prices then count. */
  problem: string | null;
}

interface Known {
  facts: GuardedAccount;
  link: string;
}

/** See the module's description. */
export class GuardedAccounts {
  #guarded: readonly GuardedAgent[];
  readonly #known = new Map<string, Known>();
  /** When each desk spoke last; a desk whose link is closed keeps its time. */
  readonly #heardAt = new Map<string, EpochMs>();
  readonly #closed = new Map<string, ReadonlySet<string>>();
  #now: EpochMs | null = null;
  #startedAt: EpochMs | null = null;

  constructor(guarded: readonly GuardedAgent[]) {
    this.#guarded = guarded;
  }

  /** The newest time of any desk; null before the first message. */
  get now(): EpochMs | null {
    return this.#now;
  }

  /** Who is guarded from now on. */
  set guarded(guarded: readonly GuardedAgent[]) {
    this.#guarded = guarded;
    const ids = new Set(guarded.map(({ agentId }) => agentId));
    for (const agentId of this.#known.keys()) {
      if (!ids.has(agentId)) this.#known.delete(agentId);
    }
  }

  /** Takes what a desk says. */
  take(link: string, facts: GuardedFacts): void {
    this.#now = Math.max(this.#now ?? 0, facts.now);
    this.#startedAt ??= this.#now;
    this.#heardAt.set(link, facts.now);
    const closed = new Set(facts.closed);
    this.#closed.set(link, closed);
    const there = new Set(facts.agentIds);
    for (const [agentId, known] of this.#known) {
      const isGone = known.link === link &&
        (!there.has(agentId) || closed.has(agentId));
      if (isGone) this.#known.delete(agentId);
    }
    for (const account of facts.accounts) {
      const known = { ...account, closes: [] };
      this.#known.set(account.agentId, { facts: known, link });
    }
  }

  /** What is known of the guarded accounts; those that nothing is known of are left out. */
  list(staleMs: number): AccountNow[] {
    return this.#guarded.flatMap(({ agentId }) => {
      const known = this.#known.get(agentId);
      return known === undefined
        ? []
        : [{ facts: known.facts, problem: this.#problemOf(known, staleMs) }];
    });
  }

  /** Guarded accounts that nothing is known of. */
  absent(): string[] {
    return this.#guarded.map(({ agentId }) => agentId)
      .filter((agentId) => !this.#known.has(agentId));
  }

  /** Whether every guarded account was told of, or had the time to be. */
  isComplete(staleMs: number): boolean {
    return this.#guarded.every(({ agentId }) => this.#known.has(agentId)) ||
      this.#isLate(staleMs);
  }

  /** Sentences about what is missing. */
  missing(staleMs: number): string[] {
    const unknown = this.#guarded.filter(({ agentId }) =>
      !this.#known.has(agentId)
    );
    const isLate = this.#isLate(staleMs);
    return [
      ...(isLate ? unknown : []).map(({ agentId, name }) =>
        this.#isClosed(agentId)
          ? `The account of "${name}" is not open at its desk`
          : `No desk has told of "${name}"`
      ),
      ...this.list(staleMs).flatMap(({ problem }) => problem ?? []),
    ];
  }

  /** By which durations count: the market's where all accounts are in lockstep, else that of the desks. */
  clockOf(accounts: readonly AccountNow[]): EpochMs {
    const isLockstep = accounts.length > 0 &&
      accounts.every(({ facts }) => !facts.isRealtime);
    if (!isLockstep) return this.#now ?? 0;
    return accounts.reduce(
      (newest, { facts }) => Math.max(newest, facts.marketAt ?? 0),
      0,
    );
  }

  #isLate(staleMs: number): boolean {
    return this.#now !== null && this.#startedAt !== null &&
      this.#now - this.#startedAt > staleMs;
  }

  #isClosed(agentId: string): boolean {
    return [...this.#closed.values()].some((closed) => closed.has(agentId));
  }

  #problemOf({ facts, link }: Known, staleMs: number): string | null {
    const name = this.#nameOf(facts.agentId);
    if (facts.isRealtime) {
      const silentMs = this.#now! - (this.#heardAt.get(link) ?? 0);
      if (silentMs > staleMs) {
        return `The desk of "${name}" has been silent for longer than ${
          staleMs / 1_000
        } s`;
      }
      const isHeld = facts.positions.length > 0;
      if (isHeld && this.#now! - (facts.markAt ?? 0) > staleMs) {
        return `The last price of "${name}" is older than ${
          staleMs / 1_000
        } s or unknown`;
      }
    }
    if (facts.equity === null) return `The equity of "${name}" is unknown`;
    return facts.positions.some(({ markPrice }) => markPrice === null)
      ? `A price of "${name}" is unknown`
      : null;
  }

  #nameOf(id: string): string {
    return this.#guarded.find(({ agentId }) => agentId === id)?.name ?? id;
  }
}
