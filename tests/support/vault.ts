import { createIdFactory } from "../../lib/core/ids.ts";
import { LoginDelays } from "../../lib/auth/login_delays.ts";
import { SecondFactor } from "../../lib/auth/second_factor.ts";
import type { TimeSource } from "../../lib/core/time.ts";
import type {
  KeyRightsView,
  ProbedKey,
  StoredExchangeKey,
} from "../../lib/contracts/exchange_key.ts";
import type {
  AuditEntry,
  ExchangeKeyStore,
  SecondFactorStore,
} from "../../lib/store/port.ts";
import {
  importKey,
  type Keyring,
  keyringOf,
} from "../../lib/vault/envelope.ts";
import { exchangeKeysOver } from "../../lib/vault/exchange_keys.ts";
import type { ExchangeKeys, ProbeKey } from "../../lib/vault/port.ts";

/** A keyring that is the same in every run: of `test-7`, or of the keys of these numbers, the newest first. */
export async function testWrappingKey(
  fill = 7,
  ...older: readonly number[]
): Promise<Keyring> {
  const keyOf = async (number: number) => ({
    id: `test-${number}`,
    key: await importKey(new Uint8Array(32).fill(number)),
  });
  return keyringOf([
    await keyOf(fill),
    ...await Promise.all(older.map(keyOf)),
  ]);
}

export const WRAPPING = await testWrappingKey();

/** Second factors in memory, with what was audited. */
export function memoryFactors(audits: AuditEntry[] = []): SecondFactorStore {
  const factors = new Map<
    string,
    NonNullable<Awaited<ReturnType<SecondFactorStore["get"]>>>
  >();
  return {
    get: (userId) => Promise.resolve(factors.get(userId) ?? null),
    replace: (userId, { expected, factor, audit }) => {
      const revision = factors.get(userId)?.revision ?? null;
      if (revision !== (expected?.revision ?? null)) {
        return Promise.resolve(false);
      }
      audits.push(audit);
      if (factor === null) factors.delete(userId);
      else factors.set(userId, factor);
      return Promise.resolve(true);
    },
  };
}

/** Exchange keys in memory, with what was audited. */
export function memoryKeys(audits: AuditEntry[] = []): ExchangeKeyStore {
  const kept = new Map<
    string,
    Awaited<ReturnType<ExchangeKeyStore["list"]>>[number]
  >();
  return {
    list: () => Promise.resolve([...kept.values()]),
    save: (key, audit) => {
      audits.push(audit);
      kept.set(key.view.id, key);
      return Promise.resolve();
    },
    change: (id, plan, audit) => {
      const known = kept.get(id);
      const next = known === undefined ? null : plan(known);
      if (next !== null) {
        audits.push(audit);
        kept.set(id, next);
      }
      return Promise.resolve(next);
    },
    remove: (id, audit) => {
      audits.push(audit);
      kept.delete(id);
      return Promise.resolve();
    },
  };
}

/** Rights of a key as it should be. */
export const GOOD_RIGHTS: KeyRightsView = {
  canRead: true,
  canTrade: true,
  canWithdraw: false,
  canTransfer: false,
  isAddressBound: true,
};

/** What an exchange says of it. */
export const GOOD_KEY: ProbedKey = { rights: GOOD_RIGHTS, accountId: "1" };

/** The service over a store in memory. */
export function memoryExchangeKeys(
  options: {
    nowMs?: () => number;
    probe?: ProbeKey;
    usersOf?: (id: string) => readonly string[];
    refuseWhileTraded?: (key: StoredExchangeKey) => void;
    store?: ExchangeKeyStore;
    /** Keys that are there already. */
    stored?: readonly StoredExchangeKey[];
    audits?: AuditEntry[];
  } = {},
): ExchangeKeys {
  const nowMs = options.nowMs ?? (() => 0);
  let drawn = 0;
  return exchangeKeysOver(options.stored ?? [], {
    store: options.store ?? memoryKeys(options.audits),
    wrapping: WRAPPING,
    ids: createIdFactory({
      nowMs,
      random: () => (drawn = (drawn + 0.137) % 1),
    }),
    nowMs,
    probe: options.probe ?? (() => Promise.resolve(GOOD_KEY)),
    usersOf: options.usersOf ?? (() => []),
    audit: (entry) => Promise.resolve(void options.audits?.push(entry)),
    onChange: () => Promise.resolve(),
    onRemove: () => Promise.resolve(),
    refuseWhileTraded: options.refuseWhileTraded ?? (() => {}),
    withKeyReleased: (_key, replace) => replace(),
  });
}

/** A second factor in memory; every password is right. */
export function memorySecondFactor(time: TimeSource): SecondFactor {
  return new SecondFactor({
    store: memoryFactors(),
    wrapping: WRAPPING,
    time,
    delays: new LoginDelays(() => time.nowMs()),
    isPassword: () => Promise.resolve(true),
  });
}
