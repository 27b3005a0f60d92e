import type { GuardedKv } from "./kv/guarded_kv.ts";
import type { AuditLog } from "./audit.ts";
import { keys } from "./keys.ts";
import type { StoredFactor } from "../contracts/second_factor.ts";
import type { AuditEntry, SecondFactorStore } from "./port.ts";

/** Second factors by user. */
export class KvSecondFactorStore implements SecondFactorStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async get(userId: string): Promise<StoredFactor | null> {
    const entry = await this.#kv.get<{ factor: StoredFactor }>(
      keys.secondFactor(userId),
    );
    return entry.value?.factor ?? null;
  }

  replace(
    userId: string,
    { expected, factor, audit }: {
      expected: StoredFactor | null;
      factor: StoredFactor | null;
      audit: AuditEntry;
    },
  ): Promise<boolean> {
    const key = keys.secondFactor(userId);
    return this.#audit.commitWith(audit, async () => {
      const entry = await this.#kv.get<{ factor: StoredFactor }>(key);
      const revision = entry.value?.factor.revision ?? null;
      if (revision !== (expected?.revision ?? null)) return null;
      const checks = [{ key, versionstamp: entry.versionstamp }];
      return factor === null
        ? { checks, deletes: [key] }
        : { checks, sets: [{ key, value: { v: 1, factor } }] };
    });
  }
}
