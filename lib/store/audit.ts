import { AppError } from "../core/errors.ts";
import { redactValue } from "../core/redact.ts";
import type { TimeSource } from "../core/time.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { COMMAND_BUDGET_MS, MAX_PAGE } from "./limits.ts";
import type { AuditEntry, StorePage } from "./port.ts";

/** An audit entry with its running number. */
export interface NumberedAuditEntry extends AuditEntry {
  n: number;
}

// Only another process can be in the way: this one takes turns.
const MAX_CONFLICTS = 20;

/**
 * The append-only list of commands. Numbers have no holes: an entry and the
 * head that counts it are one commit, under a check of that head, and so is
 * the change that the entry tells of.
 */
export class AuditLog {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: { kv: GuardedKv; time: TimeSource }) {
    this.#kv = options.kv;
    this.#time = options.time;
  }

  /** Appends an entry that tells of no stored change. */
  async append(entry: AuditEntry): Promise<void> {
    await this.commitWith(entry, () => Promise.resolve({}));
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
  commitWith(
    told: AuditEntry,
    plan: () => Promise<Commit | null>,
  ): Promise<boolean> {
    const entry = redactValue(told);
    return new Promise((resolve, reject) => {
      let state: "waiting" | "begun" | "refused" = "waiting";
      const timer = this.#time.after(COMMAND_BUDGET_MS, () => {
        reject(lateError(entry, state === "begun"));
        if (state === "waiting") state = "refused";
      });
      const work = this.#turn.then(() => {
        if (state === "refused") return false;
        state = "begun";
        return this.#commitNow(entry, plan);
      });
      work.then(resolve, reject);
      this.#turn = work.catch(() => {}).finally(() => timer.cancel());
    });
  }

  /** Entries, newest first; the cursor is a running number. */
  async page(
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<NumberedAuditEntry>> {
    const limit = Math.min(options.limit, MAX_PAGE);
    const end = keys.audit(
      options.cursor === null
        ? Number.MAX_SAFE_INTEGER
        : Number(options.cursor),
    );
    const entries = await this.#kv.list<{ n: number; entry: AuditEntry }>(
      { prefix: keys.audits(), end },
      { limit: limit + 1, reverse: true },
    );
    const items = entries.slice(0, limit).map(({ value }) => ({
      n: value.n,
      ...value.entry,
    }));
    const isMore = entries.length > limit;
    return { items, nextCursor: isMore ? String(items.at(-1)!.n) : null };
  }

  async #commitNow(
    entry: AuditEntry,
    plan: () => Promise<Commit | null>,
  ): Promise<boolean> {
    for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const [head, change] = await Promise.all([
        this.#kv.get<{ n: number }>(keys.auditHead()),
        plan(),
      ]);
      if (change === null) return false;
      const n = (head.value?.n ?? 0) + 1;
      const { versionstamp } = head;
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const outcome = await this.#kv.commit({
        checks: [
          { key: keys.auditHead(), versionstamp },
          ...change.checks ?? [],
        ],
        sets: [
          { key: keys.auditHead(), value: { v: 1, n } },
          { key: keys.audit(n), value: { v: 1, n, entry } },
          ...change.sets ?? [],
        ],
        deletes: change.deletes ?? [],
      });
      if (outcome.ok) return true;
    }
    throw new AppError(
      "STORE_UNAVAILABLE",
      `The audit entry of ${entry.action} on ${entry.target} met ${MAX_CONFLICTS} conflicting writes and was not stored, nor was the change; try again`,
      { status: 503 },
    );
  }
}

function lateError(entry: AuditEntry, isBegun: boolean): AppError {
  const known = isBegun
    ? "whether it was stored is unknown; look at the state before it is sent again"
    : "nothing of it was stored; send it again when the store is well";
  return new AppError(
    "STORE_UNAVAILABLE",
    `The store did not answer to ${entry.action} on ${entry.target} within ${COMMAND_BUDGET_MS} ms: ${known}`,
    { status: 503 },
  );
}
