import type {
  ExchangeKeyRequest,
  ExchangeKeyView,
  KeySecrets,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import { type QuotaUse, refuseBeyond } from "../contracts/quota.ts";
import { bindings } from "../contracts/sealed_record.ts";
import { AppError } from "../core/errors.ts";
import { type Caller, SYSTEM_ACTOR } from "../contracts/audit.ts";
import type { IdFactory } from "../core/ids.ts";
import type { AuditEntry, ExchangeKeyStore } from "../store/port.ts";
import { type Keyring, seal } from "./envelope.ts";
import { KEYS_PER_USER_MAX } from "./limits.ts";
import type { ExchangeKeys, ProbeKey } from "./port.ts";
import { saferKeyAdvice } from "./key_advice.ts";
import {
  conflict,
  entryOf,
  type KeyAct,
  notLive,
  refusal,
  refused,
} from "./key_outcomes.ts";
import { dangerOf, verdictOf } from "./verdict.ts";

/** What the service works with. */
export interface ExchangeKeysOptions {
  store: ExchangeKeyStore;
  wrapping: Keyring;
  ids: IdFactory;
  nowMs(): number;
  probe: ProbeKey;
  /** Names of agents that use a key. */
  usersOf(id: string): readonly string[];
  /** Records what changed no key: one that was refused. */
  audit(entry: AuditEntry): Promise<void>;
  /** A key was changed, and is stored. */
  onChange(key: StoredExchangeKey): Promise<void>;
  /** A key was removed from the store; whoever has it in memory forgets it. */
  onRemove(key: StoredExchangeKey): Promise<void>;
}

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
  /** Changes take turns: none is made of what another one is changing. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    options: ExchangeKeysOptions,
    stored: readonly StoredExchangeKey[],
  ) {
    this.#options = options;
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
    const key = await this.#sealed(request, caller);
    const view = await this.#probed(key);
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
        { ...key, view },
        entryOf("key.add", this.#act(caller, view)),
      );
      return view;
    });
  }

  async test(id: string, caller: Caller): Promise<ExchangeKeyView> {
    const asked = await this.#probed(this.#own(id, caller));
    return await this.#inTurn(async () => {
      const key = this.#own(id, caller);
      const { status, statusDetail, rights, verifiedAt } = asked;
      // A key that lost its verdict must be allowed anew.
      const isLiveAllowed = key.view.isLiveAllowed && status === "verified";
      const verdict = { status, statusDetail, rights, verifiedAt };
      const view = { ...key.view, ...verdict, isLiveAllowed };
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
      await this.#save(
        { ...key, view },
        entryOf("key.test", this.#act(caller, view)),
      );
      return view;
    });
  }

  setLive(
    id: string,
    { allowed, caller }: { allowed: boolean; caller: Caller },
  ): Promise<ExchangeKeyView> {
    return this.#inTurn(async () => {
      const key = this.#own(id, caller);
      if (allowed && key.view.status !== "verified") throw notLive(key.view);
      const view = { ...key.view, isLiveAllowed: allowed };
      await this.#save(
        { ...key, view },
        entryOf("key.live", this.#act(caller, view)),
      );
      return view;
    });
  }

  revoke(id: string, caller: Caller): Promise<void> {
    return this.#inTurn(async () => {
      // An admin may take away what belongs to others.
      const { view } = this.#keys.get(id) ?? this.#own(id, caller);
      const users = this.#options.usersOf(id);
      if (users.length > 0) {
        throw conflict(
          `The key "${view.label}" is used by ${
            users.map((name) => `"${name}"`).join(", ")
          }; delete these agents first`,
        );
      }
      await this.#remove(id, entryOf("key.revoke", this.#act(caller, view)));
    });
  }

  used(id: string, desk: string): Promise<void> {
    return this.#inTurn(async () => {
      const key = this.#keys.get(id);
      if (key === undefined) return;
      const at = this.#options.nowMs();
      const view = { ...key.view, lastUsedAt: at };
      const { label, exchange } = view;
      // The desk has the key already: nobody needs to be told.
      await this.#store({ ...key, view }, {
        at,
        actor: SYSTEM_ACTOR,
        via: "system",
        action: "key.use",
        target: id,
        outcome: "ok",
        reason: "",
        detail: { label, exchange, desk },
      });
    });
  }

  async #sealed(
    request: ExchangeKeyRequest,
    caller: Caller,
  ): Promise<StoredExchangeKey> {
    const { label, exchange, apiKey, secret, passphrase } = request;
    const view: ExchangeKeyView = {
      id: this.#options.ids("key"),
      ownerId: caller.userId,
      label,
      exchange,
      apiKeyEnd: apiKey.slice(-4),
      status: "unverified",
      statusDetail: "The exchange has not been asked yet",
      rights: null,
      verifiedAt: null,
      isLiveAllowed: false,
      createdAt: this.#options.nowMs(),
      lastUsedAt: null,
    };
    const secrets: KeySecrets = {
      apiKey,
      secret,
      passphrase: passphrase ?? null,
    };
    const sealed = await seal(JSON.stringify(secrets), {
      wrapping: this.#options.wrapping,
      bound: bindings.exchangeKey(view),
    });
    return { view, sealed };
  }

  async #probed(key: StoredExchangeKey): Promise<ExchangeKeyView> {
    try {
      const rights = await this.#options.probe(key);
      return {
        ...key.view,
        ...verdictOf(rights, key.view.exchange),
        rights,
        verifiedAt: this.#options.nowMs(),
      };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return {
        ...key.view,
        status: "unverified",
        statusDetail: error.message,
        rights: null,
        verifiedAt: null,
      };
    }
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #save(key: StoredExchangeKey, audit: AuditEntry): Promise<void> {
    await this.#store(key, audit);
    await this.#options.onChange(key);
  }

  async #store(key: StoredExchangeKey, audit: AuditEntry): Promise<void> {
    await this.#options.store.save(key, audit);
    this.#keys.set(key.view.id, key);
  }

  async #remove(id: string, audit: AuditEntry): Promise<void> {
    const key = this.#keys.get(id)!;
    await this.#options.store.remove(id, audit);
    this.#keys.delete(id);
    await this.#options.onRemove(key);
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
