import type { KnownOwner } from "../contracts/host.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { listAll } from "./kv/list_all.ts";
import { keys } from "./keys.ts";
import { MAX_GET_MANY } from "./limits.ts";

/** Owners that one commit frees: it checks each of them, the session of their host, and its op id. */
const FREED_PER_COMMIT = MAX_GET_MANY - 2;

/** The entries that say which start of which host owns an agent. */
export class OwnerEntries {
  readonly #kv: GuardedKv;

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  /** All of them. */
  async list(): Promise<readonly KnownOwner[]> {
    const entries = await listAll<Pick<KnownOwner, "owner">>(
      this.#kv,
      keys.owners(),
    );
    return entries.map(({ value: { owner }, versionstamp }) => ({
      owner,
      versionstamp,
    }));
  }

  /** Frees what a host that is gone owned; false where it has started again. */
  async freeAll(hostId: string): Promise<boolean> {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- one commit after the other
      const owned = (await this.list()).filter(({ owner }) =>
        owner.hostId === hostId
      );
      if (owned.length === 0) return true;
      for (let start = 0; start < owned.length; start += FREED_PER_COMMIT) {
        const part = owned.slice(start, start + FREED_PER_COMMIT);
        // deno-lint-ignore no-await-in-loop -- as above
        if (await this.#free(hostId, part)) continue;
        // deno-lint-ignore no-await-in-loop -- as above
        const session = await this.#kv.get(keys.hostSession(hostId));
        if (session.versionstamp !== null) return false;
        // Somebody has taken one of them meanwhile: it is not in the next list.
      }
    }
  }

  async #free(hostId: string, part: readonly KnownOwner[]): Promise<boolean> {
    const checks = part.map(({ owner, versionstamp }) => ({
      key: keys.owner(owner.agentId),
      versionstamp,
    }));
    const { ok } = await this.#kv.commit({
      checks: [{ key: keys.hostSession(hostId), versionstamp: null }, ...checks],
      deletes: checks.map(({ key }) => key),
    });
    return ok;
  }
}
