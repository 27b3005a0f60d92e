import { AppError } from "../core/errors.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { MAX_PAGE } from "./limits.ts";
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
  #turn: Promise<unknown> = Promise.resolve();

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  /** Appends an entry that tells of no stored change. */
  async append(entry: AuditEntry): Promise<void> {
    await this.commitWith(entry, () => Promise.resolve({}));
  }

  /**
   * Commits a change together with its entry. `plan` reads what it needs and
   * returns the change, or null to refuse; it runs again after a conflict.
   *
   * @returns false if `plan` refused.
   */
  commitWith(
    entry: AuditEntry,
    plan: () => Promise<Commit | null>,
  ): Promise<boolean> {
    const result = this.#turn.then(() => this.#commitNow(entry, plan));
    this.#turn = result.catch(() => {});
    return result;
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
