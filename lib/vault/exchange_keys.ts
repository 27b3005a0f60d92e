import type {
  ExchangeKeyRequest,
  ExchangeKeyView,
  KeyRotationRequest,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import { type QuotaUse, refuseBeyond } from "../contracts/quota.ts";
import { AppError } from "../core/errors.ts";
import { type Caller, SYSTEM_ACTOR } from "../contracts/audit.ts";
import type { AuditEntry } from "../store/port.ts";
import { KEYS_PER_USER_MAX } from "./limits.ts";
import type { ExchangeKeys } from "./port.ts";
import { saferKeyAdvice } from "./key_advice.ts";
import { KeyNews } from "./key_news.ts";
import {
  changedElsewhere,
  conflict,
  entryOf,
  inUse,
  type KeyAct,
  notLive,
  refusal,
  refused,
  replacedMeanwhile,
} from "./key_outcomes.ts";
import { askAbout, isSameSecret, sealNew, withAccount } from "./key_parts.ts";
import { faultOf, prepareReplacement, rotationOf } from "./rotation.ts";
import type { ExchangeKeysOptions } from "./service_options.ts";
import { dangerOf } from "./verdict.ts";

/** Loads the keys and makes the service. */
export async function createExchangeKeys(
  options: ExchangeKeysOptions,
): Promise<ExchangeKeys> {
  return exchangeKeysOver(await options.store.list(), options);
}

/** The service over keys that were read already. */
export function exchangeKeysOver(
  stored: readonly StoredExchangeKey[],
  options: ExchangeKeysOptions,
): ExchangeKeys {
  return new Service(options, stored);
}

class Service implements ExchangeKeys {
  readonly #options: ExchangeKeysOptions;
  readonly #keys = new Map<string, StoredExchangeKey>();
  readonly #news: KeyNews;
  /** Changes take turns: none is made of what another one is changing. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    options: ExchangeKeysOptions,
    stored: readonly StoredExchangeKey[],
  ) {
    this.#options = options;
    this.#news = new KeyNews(options);
    for (const key of stored) this.#keys.set(key.view.id, key);
  }

  quotas(userId: string): readonly QuotaUse[] {
    const used = this.list(userId).length;
    return [{ quota: "exchange_keys", used, limit: KEYS_PER_USER_MAX }];
  }

  list(ownerId: string | null): readonly ExchangeKeyView[] {
    return [...this.#keys.values()].map(({ view }) => view)
      .filter((view) => ownerId === null || view.ownerId === ownerId);
  }

  find(id: string): StoredExchangeKey | null {
    return this.#keys.get(id) ?? null;
  }

  async add(
    request: ExchangeKeyRequest,
    caller: Caller,
  ): Promise<ExchangeKeyView> {
    this.#refuseTwin(request, caller);
    const key = await sealNew(request, caller, this.#options);
    const { verdict, accountId } = await askAbout(key, this.#options);
    const view = { ...key.view, ...verdict };
    const danger = view.rights === null ? null : dangerOf(view.rights);
    if (danger !== null) {
      const reason = `it may ${danger} money`;
      await this.#options.audit(
        refusal("key.add", this.#act(caller, view), reason),
      );
      throw refused(
        `The key was not stored: ${reason}; ${
          saferKeyAdvice(view.exchange, danger)
        }`,
      );
    }
    return await this.#inTurn(async () => {
      this.#refuseTwin(request, caller);
      await this.#save(
        withAccount({ ...key, view }, accountId),
        entryOf("key.add", this.#act(caller, view)),
      );
      return view;
    });
  }

  async test(id: string, caller: Caller): Promise<ExchangeKeyView> {
    const asked = this.#own(id, caller);
    const { verdict, accountId } = await askAbout(asked, this.#options);
    return await this.#inTurn(async () => {
      const key = this.#own(id, caller);
      const { status, rights } = verdict;
      if (!isSameSecret(key, asked)) throw replacedMeanwhile(key.view);
      // A key that lost its verdict must be allowed anew.
      const judged = (known: StoredExchangeKey): StoredExchangeKey => {
        const isLiveAllowed = known.view.isLiveAllowed && status === "verified";
        const view = { ...known.view, ...verdict, isLiveAllowed };
        return withAccount({ ...known, view }, accountId);
      };
      const { view } = judged(key);
      const danger = rights === null ? null : dangerOf(rights);
      if (danger !== null && this.#options.usersOf(id).length === 0) {
        const reason = `it may ${danger} money`;
        await this.#remove(
          id,
          refusal("key.test", this.#act(caller, view), reason),
        );
        throw refused(
          `The key "${view.label}" was forgotten here: ${reason}; ${
            saferKeyAdvice(view.exchange, danger)
          }`,
        );
      }
      const changed = await this.#change(
        id,
        (known) => isSameSecret(known, asked) ? judged(known) : null,
        entryOf("key.test", this.#act(caller, view)),
      );
      await this.#news.changed(changed);
      return changed.view;
    });
  }

  async rotate(
    id: string,
    { request, caller }: { request: KeyRotationRequest; caller: Caller },
  ): Promise<ExchangeKeyView> {
    const old = this.#own(id, caller);
    this.#options.refuseWhileTraded(old);
    const next = await prepareReplacement(old, request, this.#options);
    return await this.#inTurn(async () => {
      const key = this.#own(id, caller);
      const fault = faultOf(key, next);
      const act = this.#act(caller, key.view);
      if (fault !== null) {
        await this.#options.audit(refusal("key.rotate", act, fault.reason));
        throw fault.error;
      }
      const { plan, entry } = rotationOf(key, next, act);
      return await this.#options.withKeyReleased(
        key,
        async () => (await this.#change(id, plan, entry)).view,
      );
    });
  }

  setLive(
    id: string,
    { allowed, caller }: { allowed: boolean; caller: Caller },
  ): Promise<ExchangeKeyView> {
    return this.#inTurn(async () => {
      const key = this.#own(id, caller);
      if (allowed && key.view.status !== "verified") throw notLive(key.view);
      const act = this.#act(caller, { ...key.view, isLiveAllowed: allowed });
      const changed = await this.#change(
        id,
        ({ view, ...known }) =>
          allowed && view.status !== "verified"
            ? null
            : { ...known, view: { ...view, isLiveAllowed: allowed } },
        entryOf("key.live", act),
      );
      await this.#news.changed(changed);
      return changed.view;
    });
  }

  revoke(id: string, caller: Caller): Promise<void> {
    return this.#inTurn(async () => {
      // An admin may take away what belongs to others.
      const { view } = this.#keys.get(id) ?? this.#own(id, caller);
      const users = this.#options.usersOf(id);
      if (users.length > 0) throw inUse(view, users);
      await this.#remove(id, entryOf("key.revoke", this.#act(caller, view)));
    });
  }

  used(id: string, desk: string): Promise<void> {
    return this.#inTurn(async () => {
      const key = this.#keys.get(id);
      if (key === undefined) return;
      const at = this.#options.nowMs();
      const { label, exchange } = key.view;
      // The desk has the key already: nobody needs to be told.
      const stored = await this.#options.store.change(
        id,
        (known) => ({ ...known, view: { ...known.view, lastUsedAt: at } }),
        {
          at,
          actor: SYSTEM_ACTOR,
          via: "system",
          action: "key.use",
          target: id,
          outcome: "ok",
          reason: "",
          detail: { label, exchange, desk },
        },
      );
      if (stored !== null) this.#keys.set(id, stored);
    });
  }

  reload(): Promise<void> {
    return this.#inTurn(async () => {
      const stored = await this.#options.store.list();
      const before = new Map(this.#keys);
      this.#keys.clear();
      for (const key of stored) this.#keys.set(key.view.id, key);
      await this.#news.compared(before, this.#keys);
    });
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #save(key: StoredExchangeKey, audit: AuditEntry): Promise<void> {
    await this.#options.store.save(key, audit);
    this.#keys.set(key.view.id, key);
    await this.#news.changed(key);
  }

  /** Changes what the store has, which another process may have changed a moment ago. @throws {AppError} `KEY_STATE_CONFLICT` */
  async #change(
    id: string,
    plan: (key: StoredExchangeKey) => StoredExchangeKey | null,
    audit: AuditEntry,
  ): Promise<StoredExchangeKey> {
    const key = await this.#options.store.change(id, plan, audit);
    if (key === null) throw changedElsewhere();
    this.#keys.set(id, key);
    return key;
  }

  async #remove(id: string, audit: AuditEntry): Promise<void> {
    const key = this.#keys.get(id)!;
    await this.#options.store.remove(id, audit);
    this.#keys.delete(id);
    await this.#news.removed(key);
  }

  /** A key is known to nobody but its owner. */
  #own(id: string, caller: Caller): StoredExchangeKey {
    const key = this.#keys.get(id);
    if (key !== undefined && key.view.ownerId === caller.userId) return key;
    throw new AppError(
      "KEY_NOT_FOUND",
      "You have no exchange key of this id; list them first",
      { status: 404 },
    );
  }

  #refuseTwin(request: ExchangeKeyRequest, caller: Caller): void {
    const own = this.list(caller.userId);
    const label = request.label.toLowerCase();
    if (own.some((view) => view.label.toLowerCase() === label)) {
      throw conflict(
        `You have a key named "${request.label}" already; choose another name`,
      );
    }
    for (const use of this.quotas(caller.userId)) refuseBeyond(use);
  }

  #act(caller: Caller, view: ExchangeKeyView): KeyAct {
    return { caller, view, at: this.#options.nowMs() };
  }
}
