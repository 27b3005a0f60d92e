import type { AuditEntry } from "../contracts/audit.ts";
import type { HostRecord, KnownHost, KnownOwner } from "../contracts/host.ts";
import { AppError } from "../core/errors.ts";
import type { TimeSource } from "../core/time.ts";
import type { AuditLog } from "./audit.ts";
import type { Claim, HostStore } from "./host_port.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { listAll } from "./kv/list_all.ts";
import { keys } from "./keys.ts";
import { OwnerEntries } from "./owners.ts";
import {
  LIST_BATCH,
  PRUNE_BATCH,
  RETAINED_HOSTS_MS,
  RETAINED_QUESTIONS_MS,
} from "./limits.ts";

/**
 * Hosts and who owns which agent. The entry of a host's session is its fence:
 * every commit that only an owner may make checks it, and whoever ends the
 * session removes it, so that what a host writes late is refused by the store
 * itself and not by anybody's clock.
 */
export class KvHostStore implements HostStore {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #audit: AuditLog;
  readonly #owners: OwnerEntries;

  constructor(
    options: { kv: GuardedKv; time: TimeSource; audit: AuditLog },
  ) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#audit = options.audit;
    this.#owners = new OwnerEntries(options.kv);
  }

  async enter(
    host: HostRecord,
    { onLost }: { onLost: () => void },
  ): Promise<void> {
    const key = keys.hostSession(host.id);
    const outcome = await this.#kv.commit({
      sets: [
        { key, value: { v: 1, session: host.session } },
        { key: keys.host(host.id), value: { v: 1, host } },
      ],
      deletes: [keys.hostDrain(host.id)],
    });
    if (!outcome.ok) throw new Error("A commit without checks was refused");
    this.#kv.setFence({ key, versionstamp: outcome.versionstamp, onLost });
  }

  async beat(host: HostRecord): Promise<void> {
    await this.#kv.commit({
      sets: [{ key: keys.host(host.id), value: { v: 1, host } }],
      isFenced: true,
    });
  }

  async leave(host: HostRecord): Promise<void> {
    await this.#kv.commit({
      sets: [{ key: keys.host(host.id), value: { v: 1, host } }],
      deletes: [keys.hostSession(host.id), keys.hostDrain(host.id)],
      isFenced: true,
    });
  }

  async list(): Promise<readonly KnownHost[]> {
    const [hosts, sessions, drains] = await Promise.all([
      listAll<{ host: HostRecord }>(this.#kv, keys.hosts()),
      listAll<{ session: string }>(this.#kv, keys.hostSessions()),
      listAll(this.#kv, keys.hostDrains()),
    ]);
    const sessionOf = new Map(sessions.map((entry) => [entry.key[1], entry]));
    const toDrain = new Set(drains.map(({ key }) => key[1]));
    return hosts.map(({ value: { host } }) => {
      const session = sessionOf.get(host.id);
      return {
        record: host,
        sessionStamp: session?.value.session === host.session
          ? session.versionstamp
          : null,
        isToDrain: toDrain.has(host.id),
      };
    });
  }

  async end({ record, sessionStamp }: KnownHost): Promise<boolean> {
    if (sessionStamp === null) return false;
    const key = keys.hostSession(record.id);
    const outcome = await this.#kv.commit({
      checks: [{ key, versionstamp: sessionStamp }],
      deletes: [key],
      isFenced: true,
    });
    return outcome.ok;
  }

  owners(): Promise<readonly KnownOwner[]> {
    return this.#owners.list();
  }

  claim(claim: Claim): Promise<KnownOwner | null> {
    return this.#owners.claim(claim);
  }

  release(known: KnownOwner): Promise<void> {
    return this.#owners.release(known);
  }

  async wishDrain(hostId: string, audit: AuditEntry): Promise<void> {
    const key = keys.hostDrain(hostId);
    await this.#audit.commitWith(audit, () =>
      Promise.resolve({
        sets: [{ key, value: { v: 1, by: audit.actor } }],
      }));
  }

  async forget({ record }: KnownHost, audit: AuditEntry): Promise<void> {
    const sessionKey = keys.hostSession(record.id);
    const gone = { key: sessionKey, versionstamp: null };
    const isDone = await this.#audit.commitWith(audit, async () => {
      const session = await this.#kv.get(sessionKey);
      if (session.versionstamp !== null) return null;
      return { checks: [gone], deletes: [keys.hostDrain(record.id)] };
    });
    // The host itself goes last: where this fails on the way, it can be forgotten once more.
    if (isDone && await this.#owners.freeAll(record.id)) {
      const deletes = [keys.host(record.id)];
      const { ok } = await this.#kv.commit({ checks: [gone], deletes });
      if (ok) return;
    }
    throw new AppError(
      "HOST_NOT_GONE",
      `The host "${record.id}" has not ended: drain it, or end its process and wait until it is shown as gone`,
      { status: 409 },
    );
  }

  async prune(): Promise<void> {
    const now = this.#time.nowMs();
    const known = await this.list();
    await this.#owners.pruneOrphans(
      new Set(
        known.flatMap(({ record, sessionStamp }) =>
          sessionStamp === null ? [] : [record.session]
        ),
      ),
    );
    const owned = new Set(
      (await this.owners()).map(({ owner }) => owner.hostId),
    );
    const old = known.filter(({ record, sessionStamp }) =>
      sessionStamp === null && !owned.has(record.id) &&
      record.at < now - RETAINED_HOSTS_MS
    ).map(({ record }) => keys.host(record.id));
    const [questions, answers] = await Promise.all([
      this.#some<{ question: { at: number } }>(keys.questions()),
      this.#some<{ at: number }>(keys.answers()),
    ]);
    const before = now - RETAINED_QUESTIONS_MS;
    const late = [
      ...questions.filter(({ value }) => value.question.at < before),
      ...answers.filter(({ value }) => value.at < before),
    ].map(({ key }) => key);
    const deletes = [...old, ...late].slice(0, PRUNE_BATCH);
    if (deletes.length > 0) await this.#kv.commit({ deletes });
  }

  /** Not all of them: what is left over is looked at the next time. */
  #some<T>(prefix: Deno.KvKey): Promise<Deno.KvEntry<T>[]> {
    return this.#kv.list<T>({ prefix }, { limit: LIST_BATCH });
  }
}
