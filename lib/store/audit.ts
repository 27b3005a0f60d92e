import { AppError } from "../core/errors.ts";
import { redactValue } from "../core/redact.ts";
import type { TimeSource } from "../core/time.ts";
import type { AuditStream } from "../contracts/audit_trail.ts";
import { storableEntry, streamOf } from "./audit/chain.ts";
import { type Plan, StreamTurns, type Waiting } from "./audit/turns.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { COMMAND_BUDGET_MS } from "./limits.ts";
import type { AuditEntry } from "./port.ts";
import { NothingStored } from "./storing_new.ts";

/**
 * The append-only lists of commands and accesses. Numbers have no holes: an
 * entry and the head that counts it are one commit, under a check of that head,
 * and so is the change that the entry tells of. Each entry carries the hash of
 * the one before, which the head remembers, so that the chain costs no check of
 * its own.
 */
export class AuditLog {
  readonly #time: TimeSource;
  readonly #turns: Readonly<Record<AuditStream, StreamTurns>>;

  constructor(options: { kv: GuardedKv; time: TimeSource }) {
    this.#time = options.time;
    this.#turns = {
      commands: new StreamTurns(options.kv, "commands"),
      access: new StreamTurns(options.kv, "access"),
    };
  }

  /** Appends an entry that tells of no stored change. */
  async append(entry: AuditEntry): Promise<void> {
    const nothing = () => Promise.resolve({});
    await this.#take(entry, { plan: nothing, mayShare: true });
  }

  /**
   * Commits a change together with its entry. `plan` reads what it needs and
   * returns the change, or null to refuse; it runs again after a conflict. The
   * answer comes within `COMMAND_BUDGET_MS`, whatever the store does: a command
   * that did not get its turn by then is never carried out.
   *
   * @returns false if `plan` refused.
   * @throws {AppError} STORE_UNAVAILABLE if it is not known to be stored.
   */
  commitWith(entry: AuditEntry, plan: Plan): Promise<boolean> {
    return this.#take(entry, { plan, mayShare: false });
  }

  /**
   * The same for a plan that returns a check of everything it read: several of
   * them may be stored by one commit.
   */
  commitShared(entry: AuditEntry, plan: Plan): Promise<boolean> {
    return this.#take(entry, { plan, mayShare: true });
  }

  #take(
    told: AuditEntry,
    { plan, mayShare }: { plan: Plan; mayShare: boolean },
  ): Promise<boolean> {
    const entry = redactValue(told);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const waiting: Waiting = {
      entry: storableEntry(entry),
      plan,
      mayShare,
      state: "waiting",
      resolve,
      reject,
    };
    const timer = this.#time.after(COMMAND_BUDGET_MS, () => {
      reject(lateError(entry, waiting.state === "begun"));
      if (waiting.state === "waiting") waiting.state = "given up";
    });
    this.#turns[streamOf(entry)].add(waiting);
    return promise.finally(() => timer.cancel());
  }
}

function lateError(entry: AuditEntry, isBegun: boolean): AppError {
  const known = isBegun
    ? "whether it was stored is unknown; look at the state before it is sent again"
    : "nothing of it was stored; send it again when the store is well";
  return new (isBegun ? AppError : NothingStored)(
    "STORE_UNAVAILABLE",
    `The store did not answer to ${entry.action} on ${entry.target} within ${COMMAND_BUDGET_MS} ms: ${known}`,
    { status: 503 },
  );
}
