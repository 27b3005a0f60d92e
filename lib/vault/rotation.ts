import type {
  ExchangeKeyView,
  KeyRotationRequest,
  SealedSecret,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import type { Keyring } from "./envelope.ts";
import { saferKeyAdvice, venueName } from "./key_advice.ts";
import type { AuditEntry } from "../store/port.ts";
import { entryOf, type KeyAct, notReplaced, refused } from "./key_outcomes.ts";
import {
  askAbout,
  type AskedKey,
  endOf,
  isSameSecret,
  sealedParts,
  withAccount,
} from "./key_parts.ts";
import type { ProbeKey } from "./port.ts";
import { dangerOf } from "./verdict.ts";

/** What may take the place of a key's secrets, with what the exchange says of it and of what was there before. */
export interface Replacement {
  apiKeyEnd: string;
  sealed: SealedSecret;
  asked: AskedKey;
  /** Whose account the old secrets are of; null where that is not known. */
  oldAccountId: string | null;
}

/** Seals new secrets for a key and asks the exchange about them; nothing is stored. */
export async function prepareReplacement(
  key: StoredExchangeKey,
  request: KeyRotationRequest,
  options: { wrapping: Keyring; probe: ProbeKey; nowMs(): number },
): Promise<Replacement> {
  const sealed = await sealedParts(request, {
    view: key.view,
    wrapping: options.wrapping,
  });
  const [asked, oldAccountId] = await Promise.all([
    askAbout({ view: key.view, sealed }, options),
    // An older build did not ask.
    key.accountId === undefined
      ? askAbout(key, options).then(({ accountId }) => accountId)
      : key.accountId,
  ]);
  return {
    apiKeyEnd: endOf(request.apiKey),
    sealed,
    asked,
    oldAccountId: oldAccountId ?? null,
  };
}

/**
 * Why new secrets may not take the place of a key's; null for nothing. What
 * could not be asked about is no replacement for what works.
 */
export function faultOf(
  key: StoredExchangeKey,
  next: Replacement,
): { reason: string; error: Error } | null {
  const { exchange } = key.view;
  const { verdict, accountId } = next.asked;
  const { rights, statusDetail } = verdict;
  const fault = (reason: string) => ({ reason, error: notReplaced(reason) });
  if (rights === null) {
    return fault(`the exchange did not accept the new key: ${statusDetail}`);
  }
  const danger = dangerOf(rights);
  if (danger !== null) {
    const reason = `it may ${danger} money`;
    const advice = saferKeyAdvice(exchange, danger);
    return {
      reason,
      error: refused(
        `The new key was not stored, the old one stays: ${reason}; ${advice}`,
      ),
    };
  }
  if (!rights.canTrade) return fault("the new key may not trade");
  const before = accountBefore(key, next);
  const isOther = before !== null && typeof accountId === "string" &&
    accountId !== before;
  return isOther
    ? fault(
      `the new key belongs to another account at ${
        venueName(exchange)
      }; add it as a key of its own`,
    )
    : null;
}

/**
 * A key with new secrets. Live trading stays allowed only where the exchange
 * says that it is the same account, and has nothing against the new secrets.
 */
export function replacedKey(
  key: StoredExchangeKey,
  next: Replacement,
): { key: StoredExchangeKey; isSameAccount: boolean } {
  const { view } = key;
  const { apiKeyEnd, sealed, asked: { verdict, accountId } } = next;
  const before = accountBefore(key, next);
  const isSameAccount = before !== null && accountId === before;
  const replaced: ExchangeKeyView = {
    ...view,
    ...verdict,
    apiKeyEnd,
    statusDetail: isSameAccount
      ? verdict.statusDetail
      : `${verdict.statusDetail}. It is not known whether it belongs to the account of before: look at ${
        venueName(view.exchange)
      } before you allow it for live trading`,
    isLiveAllowed: view.isLiveAllowed && isSameAccount &&
      verdict.status === "verified",
    lastUsedAt: null,
  };
  return {
    key: withAccount({ view: replaced, sealed }, accountId),
    isSameAccount,
  };
}

/**
 * What a rotation makes of the key as it is stored by then, null for one whose
 * secrets are no more those that were to be replaced, and what the audit trail
 * says of it. Another process may have changed the rest of the key meanwhile,
 * above all forbidden it for live trading.
 */
export function rotationOf(
  key: StoredExchangeKey,
  next: Replacement,
  act: KeyAct,
): {
  plan: (known: StoredExchangeKey) => StoredExchangeKey | null;
  entry: AuditEntry;
} {
  const { key: replaced, isSameAccount } = replacedKey(key, next);
  const entry = entryOf("key.rotate", { ...act, view: replaced.view });
  const apiKeyEnd = { from: key.view.apiKeyEnd, to: next.apiKeyEnd };
  return {
    plan: (known) =>
      isSameSecret(known, key) && faultOf(known, next) === null
        ? replacedKey(known, next).key
        : null,
    entry: { ...entry, detail: { ...entry.detail, apiKeyEnd, isSameAccount } },
  };
}

/** Whose account the secrets are of that are to be replaced; they may have been replaced once more meanwhile. */
function accountBefore(
  key: StoredExchangeKey,
  { oldAccountId }: Replacement,
): string | null {
  return key.accountId ?? oldAccountId;
}
