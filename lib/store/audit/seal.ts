import type { AuditEntry } from "../../contracts/audit.ts";
import { SYSTEM_ACTOR } from "../../contracts/audit.ts";
import { AppError } from "../../core/errors.ts";
import type { TimeSource } from "../../core/time.ts";
import { linkAfter } from "./link.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { keys } from "../keys.ts";
import { LIST_BATCH } from "../limits.ts";
import {
  type ChainHead,
  hashUnchained,
  ROOT_HASH,
  SEAL_ACTION,
  storableEntry,
} from "./chain.ts";

const MAX_ATTEMPTS = 5;

/**
 * Begins the chain of a store that an older build has filled: one entry names
 * how many there were and the hash over all of them. From then on nobody can
 * change one of them unnoticed. A new store needs none.
 *
 * @throws {AppError} STORE_UNAVAILABLE
 */
export async function sealUnchained(
  kv: GuardedKv,
  time: TimeSource,
): Promise<void> {
  const headKey = keys.auditHead("commands");
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
    const head = await kv.get<ChainHead>(headKey);
    if (head.value === null || head.value.hash !== null) return;
    // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
    const sealed = await hashAll(kv);
    const entry = storableEntry(sealEntry(time.nowMs(), sealed));
    // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
    const outcome = await kv.commit({
      checks: [{ key: headKey, versionstamp: head.versionstamp }],
      sets:
        linkAfter(head.value, { stream: "commands", entries: [entry] }).sets,
    });
    if (outcome.ok) return;
  }
  throw new AppError(
    "STORE_UNAVAILABLE",
    "Another process seals the audit trail at the same time; run one server on one store",
    { status: 503 },
  );
}

async function hashAll(
  kv: GuardedKv,
): Promise<{ count: number; hash: string }> {
  let count = 0;
  let hash = ROOT_HASH;
  let start = keys.audit("commands", 0);
  const prefix = keys.audits("commands");
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page = await kv.list<{ n: number; entry: AuditEntry }>(
      { prefix, start },
      { limit: LIST_BATCH },
    );
    for (const { value } of page) {
      hash = hashUnchained(hash, value);
      count++;
    }
    if (page.length < LIST_BATCH) return { count, hash };
    start = keys.audit("commands", page.at(-1)!.value.n + 1);
  }
}

function sealEntry(
  at: number,
  { count, hash }: { count: number; hash: string },
): AuditEntry {
  return {
    at,
    actor: SYSTEM_ACTOR,
    via: "system",
    action: SEAL_ACTION,
    target: "audit",
    outcome: "ok",
    reason: "",
    detail: { count, hash },
  };
}
