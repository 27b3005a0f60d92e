import type { Caller } from "../contracts/audit.ts";
import type { QuotaUse } from "../contracts/quota.ts";
import type {
  ExchangeKeyRequest,
  ExchangeKeyView,
  KeyRotationRequest,
  ProbedKey,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";

/** Asks the exchange what a key may do and whose it is. Clear text of it exists only where this runs: in the desk worker. */
export type ProbeKey = (key: StoredExchangeKey) => Promise<ProbedKey>;

/** Keys of exchanges: written, tested, allowed for live trading, revoked; never read. Refusals are thrown as AppError. */
export interface ExchangeKeys {
  /** Those of one person, or of everybody (null), oldest first. */
  list(ownerId: string | null): readonly ExchangeKeyView[];
  quotas(userId: string): readonly QuotaUse[];
  /**
   * Asks the exchange what the key may do, then stores it sealed. One that may
   * withdraw or transfer is refused with `KEY_REFUSED`, and nothing of it kept.
   */
  add(request: ExchangeKeyRequest, caller: Caller): Promise<ExchangeKeyView>;
  /** Asks the exchange again. One that may withdraw or transfer by now is forgotten, unless an agent needs it. */
  test(id: string, caller: Caller): Promise<ExchangeKeyView>;
  /**
   * Puts new secrets in the place of a key's; id, label and what uses it stay.
   * The exchange is asked about them first. Refused while an agent trades with
   * the key (`KEY_STATE_CONFLICT`), if they may move money out (`KEY_REFUSED`),
   * are not accepted, may not trade or are known to be of another account
   * (`KEY_NOT_REPLACED`): then the old ones stay.
   */
  rotate(
    id: string,
    options: { request: KeyRotationRequest; caller: Caller },
  ): Promise<ExchangeKeyView>;
  setLive(
    id: string,
    options: { allowed: boolean; caller: Caller },
  ): Promise<ExchangeKeyView>;
  /** Forgets it, whosever it is: the policy decides who may. Refused while an agent uses it. */
  revoke(id: string, caller: Caller): Promise<void>;
  /** For the desk, sealed; null where there is none. */
  find(id: string): StoredExchangeKey | null;
  /** Reads what other processes have changed, and tells whoever trades with it. */
  reload(): Promise<void>;
  /** A desk has opened with the key: noted at the key and in the audit trail. */
  used(id: string, desk: string): Promise<void>;
}
