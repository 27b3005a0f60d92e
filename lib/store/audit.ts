import { AppError } from "../core/errors.ts";
import { redactValue } from "../core/redact.ts";
import type { TimeSource } from "../core/time.ts";
import type { AuditStream } from "../contracts/audit_trail.ts";
import {
  type ChainedEntry,
  type ChainHead,
  hashOf,
  ROOT_HASH,
  storableEntry,
  streamOf,
} from "./audit/chain.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { versionOf } from "./families.ts";
import { keys } from "./keys.ts";
import { COMMAND_BUDGET_MS } from "./limits.ts";
import type { AuditEntry } from "./port.ts";

// Only another process can be in the way: this one takes turns.
const MAX_CONFLICTS = 20;

/** What is stored of an entry; its key says the stream. */
export type StoredAuditEntry = Omit<ChainedEntry, "stream">;

/**
 * The append-only lists of commands and accesses. Numbers have no holes: an
 * entry and the head that counts it are one commit, under a check of that head,
 * and so is the change that the entry tells of. Each entry carries the hash of
 * the one before, which the head remembers, so that the chain costs no check of
 * its own.
 */
export class AuditLog {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #turns = new Map<AuditStream, Promise<unknown>>();

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
    const stream = streamOf(entry);
    return new Promise((resolve, reject) => {
      let state: "waiting" | "begun" | "refused" = "waiting";
      const timer = this.#time.after(COMMAND_BUDGET_MS, () => {
        reject(lateError(entry, state === "begun"));
        if (state === "waiting") state = "refused";
      });
      const turn = this.#turns.get(stream) ?? Promise.resolve();
      const work = turn.then(() => {
        if (state === "refused") return false;
        state = "begun";
        return this.#commitNow(stream, storableEntry(entry), plan);
      });
      work.then(resolve, reject);
      const ended = work.catch(() => {}).finally(() => timer.cancel());
      this.#turns.set(stream, ended);
    });
  }

  async #commitNow(
    stream: AuditStream,
    entry: AuditEntry,
    plan: () => Promise<Commit | null>,
  ): Promise<boolean> {
    const headKey = keys.auditHead(stream);
    for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const [head, change] = await Promise.all([
        this.#kv.get<ChainHead>(headKey),
        plan(),
      ]);
      if (change === null) return false;
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const outcome = await this.#kv.commit({
        checks: [
          { key: headKey, versionstamp: head.versionstamp },
          ...change.checks ?? [],
        ],
        sets: [
          ...linkAfter(head.value, { stream, entry }),
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

/** What a commit sets to put an entry behind the newest one. */
export function linkAfter(
  head: ChainHead | null,
  { stream, entry }: { stream: AuditStream; entry: AuditEntry },
): { key: Deno.KvKey; value: unknown }[] {
  const n = (head?.n ?? 0) + 1;
  const prev = head?.hash ?? ROOT_HASH;
  const hash = hashOf({ stream, n, entry, prev });
  const isAccess = stream === "access";
  const stored: StoredAuditEntry & { v: number } = {
    v: versionOf(isAccess ? "audit_access" : "audit"),
    n,
    entry,
    prev,
    hash,
  };
  const v = versionOf(isAccess ? "audit_access_head" : "audit_head");
  return [
    { key: keys.auditHead(stream), value: { v, n, hash } },
    { key: keys.audit(stream, n), value: stored },
  ];
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
