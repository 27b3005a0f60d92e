import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import type { IdFactory } from "../core/ids.ts";
import type { AuditEntry, ExchangeKeyStore } from "../store/port.ts";
import type { Keyring } from "./envelope.ts";
import type { ProbeKey } from "./port.ts";

/** What the service of exchange keys works with. */
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
  /** @throws {AppError} `KEY_STATE_CONFLICT` while an agent trades with a key, or has something open at its exchange. */
  refuseWhileTraded(key: StoredExchangeKey): void;
  /** Replaces a key's secrets when nobody has the old ones in memory; nothing opens with the key meanwhile. */
  withKeyReleased<Result>(
    key: StoredExchangeKey,
    replace: () => Promise<Result>,
  ): Promise<Result>;
  /** A key was removed from the store; whoever has it in memory forgets it. */
  onRemove(key: StoredExchangeKey): Promise<void>;
}
