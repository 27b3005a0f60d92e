import type { Caller } from "../contracts/audit.ts";
import type {
  ExchangeKeyRequest,
  ExchangeKeyView,
  KeyRightsView,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";

/** Asks the exchange what a key may do. Clear text of it exists only where this runs: in the desk worker. */
export type ProbeKey = (key: StoredExchangeKey) => Promise<KeyRightsView>;

/** Keys of exchanges: written, tested, allowed for live trading, revoked; never read. Refusals are thrown as AppError. */
export interface ExchangeKeys {
  list(ownerId: string): readonly ExchangeKeyView[];
  /** Seals and stores the key, then asks the exchange what it may do. */
  add(request: ExchangeKeyRequest, caller: Caller): Promise<ExchangeKeyView>;
  /** Asks the exchange again. */
  test(id: string, caller: Caller): Promise<ExchangeKeyView>;
  setLive(
    id: string,
    options: { allowed: boolean; caller: Caller },
  ): Promise<ExchangeKeyView>;
  /** Forgets it, whosever it is: the policy decides who may. Refused while an agent uses it. */
  revoke(id: string, caller: Caller): Promise<void>;
  /** For the desk, sealed; null where there is none. */
  find(id: string): StoredExchangeKey | null;
}
