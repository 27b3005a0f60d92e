import type {
  ExchangeKeyRequest,
  ExchangeKeyView,
  KeySecrets,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import { AppError } from "../core/errors.ts";
import { type Caller, callerActor } from "../contracts/audit.ts";
import type { IdFactory } from "../core/ids.ts";
import type { AuditEntry, ExchangeKeyStore } from "../store/port.ts";
import { open, seal, type WrappingKey } from "./envelope.ts";
import { KEYS_PER_USER_MAX } from "./limits.ts";
import type { ExchangeKeys, ProbeKey } from "./port.ts";
import { verdictOf } from "./verdict.ts";

/** What the service works with. */
export interface ExchangeKeysOptions {
  store: ExchangeKeyStore;
  wrapping: WrappingKey;
  ids: IdFactory;
  nowMs(): number;
  probe: ProbeKey;
  /** Names of agents that use a key. */
  usersOf(id: string): readonly string[];
  /** A key was changed, and is stored. */
  onChange(key: StoredExchangeKey): Promise<void>;
}

/** What a sealed key is bound to: put beside another user's or exchange's entry it opens no more. */
export function keyBinding(
  view: Pick<ExchangeKeyView, "id" | "ownerId" | "exchange">,
): readonly string[] {
  return ["exchange-key", view.ownerId, view.exchange, view.id];
}

/** Opens a stored key; only the desk worker does. @throws {AppError} `SECRET_UNREADABLE` */
export async function openKey(
  { view, sealed }: StoredExchangeKey,
  wrapping: WrappingKey,
): Promise<KeySecrets> {
  const text = await open(sealed, { wrapping, bound: keyBinding(view) });
  return JSON.parse(text) as KeySecrets;
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

  constructor(
    options: ExchangeKeysOptions,
    stored: readonly StoredExchangeKey[],
  ) {
    this.#options = options;
    for (const key of stored) this.#keys.set(key.view.id, key);
  }

  list(ownerId: string): readonly ExchangeKeyView[] {
    return [...this.#keys.values()].map(({ view }) => view)
      .filter((view) => view.ownerId === ownerId);
  }

  find(id: string): StoredExchangeKey | null {
    return this.#keys.get(id) ?? null;
  }

  async add(
    request: ExchangeKeyRequest,
    caller: Caller,
  ): Promise<ExchangeKeyView> {
    this.#refuseTwin(request, caller);
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
    };
    const secrets: KeySecrets = {
      apiKey,
      secret,
      passphrase: passphrase ?? null,
    };
    const sealed = await seal(JSON.stringify(secrets), {
      wrapping: this.#options.wrapping,
      bound: keyBinding(view),
    });
    const key = { view, sealed };
    await this.#save(key, this.#audit("key.add", { caller, view }));
    return await this.test(view.id, caller);
  }

  async test(id: string, caller: Caller): Promise<ExchangeKeyView> {
    const key = this.#own(id, caller);
    const view = await this.#probed(key);
    // A key that lost its verdict must be allowed anew.
    const isLiveAllowed = view.isLiveAllowed && view.status === "verified";
    const changed = { ...view, isLiveAllowed };
    await this.#save(
      { ...key, view: changed },
      this.#audit("key.test", { caller, view: changed }),
    );
    return changed;
  }

  async setLive(
    id: string,
    { allowed, caller }: { allowed: boolean; caller: Caller },
  ): Promise<ExchangeKeyView> {
    const key = this.#own(id, caller);
    if (allowed && key.view.status !== "verified") {
      throw new AppError(
        "KEY_STATE_CONFLICT",
        `The key "${key.view.label}" cannot be used for live trading: ${key.view.statusDetail}`,
        { status: 409 },
      );
    }
    const view = { ...key.view, isLiveAllowed: allowed };
    await this.#save(
      { ...key, view },
      this.#audit("key.live", { caller, view }),
    );
    return view;
  }

  async revoke(id: string, caller: Caller): Promise<void> {
    // An admin may take away what belongs to others.
    const { view } = this.#keys.get(id) ?? this.#own(id, caller);
    const users = this.#options.usersOf(id);
    if (users.length > 0) {
      throw new AppError(
        "KEY_STATE_CONFLICT",
        `The key "${view.label}" is used by ${
          users.map((name) => `"${name}"`).join(", ")
        }; delete these agents first`,
        { status: 409 },
      );
    }
    await this.#options.store.remove(
      id,
      this.#audit("key.revoke", { caller, view }),
    );
    this.#keys.delete(id);
  }

  async #probed(key: StoredExchangeKey): Promise<ExchangeKeyView> {
    try {
      const rights = await this.#options.probe(key);
      return {
        ...key.view,
        ...verdictOf(rights),
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

  async #save(key: StoredExchangeKey, audit: AuditEntry): Promise<void> {
    await this.#options.store.save(key, audit);
    this.#keys.set(key.view.id, key);
    await this.#options.onChange(key);
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
      throw new AppError(
        "KEY_STATE_CONFLICT",
        `You have a key named "${request.label}" already; choose another name`,
        { status: 409 },
      );
    }
    if (own.length < KEYS_PER_USER_MAX) return;
    throw new AppError(
      "KEY_STATE_CONFLICT",
      `You have ${KEYS_PER_USER_MAX} exchange keys, the most there may be; revoke one first`,
      { status: 409 },
    );
  }

  #audit(
    action: string,
    { caller, view }: { caller: Caller; view: ExchangeKeyView },
  ): AuditEntry {
    const { label, exchange, status, isLiveAllowed } = view;
    return {
      at: this.#options.nowMs(),
      actor: callerActor(caller),
      via: caller.via,
      action,
      target: view.id,
      outcome: "ok",
      reason: "",
      detail: { label, exchange, status, isLiveAllowed },
    };
  }
}
