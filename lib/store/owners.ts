import type { KnownOwner } from "../contracts/host.ts";
import type { Claim } from "./host_port.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { listAll } from "./kv/list_all.ts";
import { keys } from "./keys.ts";
import { CHANGE_ATTEMPTS, MAX_GET_MANY, PRUNE_BATCH } from "./limits.ts";

/** Owners that one commit frees: it checks each of them, the session of their host, and its op id. */
const FREED_PER_COMMIT = MAX_GET_MANY - 2;

/** The entries that say which start of which host owns an agent. */
export class OwnerEntries {
  readonly #kv: GuardedKv;
  /** Where the next look for orphans goes on. */
  #nextOrphan = 0;

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

  /** Takes an agent. @returns null if somebody else was faster, who owned it last still may, or it is not there any more. */
  async claim(claim: Claim): Promise<KnownOwner | null> {
    if (claim.isNew) return await this.#take(claim, []);
    const key = keys.agent(claim.owner.agentId);
    let tried: string | null = null;
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const { versionstamp } = await this.#kv.get(key);
      // Removed; or it was not a change of its record that was in the way.
      if (versionstamp === null || versionstamp === tried) return null;
      tried = versionstamp;
      // deno-lint-ignore no-await-in-loop -- as above
      const taken = await this.#take(claim, [{ key, versionstamp }]);
      if (taken !== null) return taken;
    }
    return null;
  }

  async #take(
    { owner, before, leader }: Claim,
    isThere: readonly Deno.AtomicCheck[],
  ): Promise<KnownOwner | null> {
    const key = keys.owner(owner.agentId);
    // Hosts, sessions and owners were read one after the other: only this tells. The own session is checked as the fence.
    const ended = before === null || before.owner.session === owner.session
      ? []
      : await this.#endedSession(before);
    if (ended === null) return null;
    const outcome = await this.#kv.commit({
      checks: [
        { key, versionstamp: before?.versionstamp ?? null },
        ...isThere,
        ...ended,
        ...leader === null ? [] : [{
          key: keys.owner(leader.owner.agentId),
          versionstamp: leader.versionstamp,
        }],
      ],
      sets: [{ key, value: { v: 1, owner } }],
      isFenced: true,
    });
    return outcome.ok ? { owner, versionstamp: outcome.versionstamp } : null;
  }

  /** What a commit checks so that an owner's session is no more; null where it is in force. */
  async #endedSession(
    { owner }: KnownOwner,
  ): Promise<readonly Deno.AtomicCheck[] | null> {
    const { key, value, versionstamp } = await this.#kv.get<
      { session: string }
    >(keys.hostSession(owner.hostId));
    return value?.session === owner.session ? null : [{ key, versionstamp }];
  }

  /** Gives back what this host has of an agent that is not there; nothing where it is, or is somebody else's. */
  async release(known: KnownOwner): Promise<void> {
    await this.#removeOrphan(known, { isFenced: true });
  }

  /**
   * Removes owners of agents that are not there, whose sessions have ended: of
   * spawns that failed. Looks at some of them, and goes on the next time.
   *
   * @param inForce Sessions that were seen in force.
   */
  async pruneOrphans(inForce: ReadonlySet<string>): Promise<void> {
    const ended = (await this.list()).filter(({ owner }) =>
      !inForce.has(owner.session)
    );
    const start = this.#nextOrphan < ended.length ? this.#nextOrphan : 0;
    const part = ended.slice(start, start + PRUNE_BATCH);
    this.#nextOrphan = start + part.length;
    const records = await this.#kv.getMany(
      part.map(({ owner }) => keys.agent(owner.agentId)),
    );
    for (const [place, known] of part.entries()) {
      if (records[place]!.versionstamp !== null) continue;
      // deno-lint-ignore no-await-in-loop -- rarely one
      const checks = await this.#endedSession(known);
      if (checks === null) continue;
      // deno-lint-ignore no-await-in-loop -- as above
      await this.#removeOrphan(known, { checks });
    }
  }

  async #removeOrphan(
    { owner: { agentId }, versionstamp }: KnownOwner,
    { checks = [], isFenced = false }: Pick<Commit, "checks" | "isFenced">,
  ): Promise<void> {
    const key = keys.owner(agentId);
    await this.#kv.commit({
      checks: [
        { key, versionstamp },
        { key: keys.agent(agentId), versionstamp: null },
        ...checks,
      ],
      deletes: [key],
      isFenced,
    });
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
      checks: [
        { key: keys.hostSession(hostId), versionstamp: null },
        ...checks,
      ],
      deletes: checks.map(({ key }) => key),
    });
    return ok;
  }
}
