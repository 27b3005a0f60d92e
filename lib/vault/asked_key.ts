import type { Caller } from "../contracts/audit.ts";
import type {
  ExchangeKeyRequest,
  ExchangeKeyView,
  KeySecrets,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import { bindings } from "../contracts/sealed_record.ts";
import { AppError } from "../core/errors.ts";
import { seal } from "./envelope.ts";
import type { ExchangeKeysOptions } from "./exchange_keys.ts";
import { verdictOf } from "./verdict.ts";

/** A key as it is given, sealed; the exchange was not asked about it yet. */
export async function sealNew(
  request: ExchangeKeyRequest,
  caller: Caller,
  options: Pick<ExchangeKeysOptions, "ids" | "nowMs" | "wrapping">,
): Promise<StoredExchangeKey> {
  const { label, exchange, apiKey, secret, passphrase } = request;
  const view: ExchangeKeyView = {
    id: options.ids("key"),
    ownerId: caller.userId,
    label,
    exchange,
    apiKeyEnd: apiKey.slice(-4),
    status: "unverified",
    statusDetail: "The exchange has not been asked yet",
    rights: null,
    verifiedAt: null,
    isLiveAllowed: false,
    createdAt: options.nowMs(),
    lastUsedAt: null,
  };
  const secrets: KeySecrets = {
    apiKey,
    secret,
    passphrase: passphrase ?? null,
  };
  const sealed = await seal(JSON.stringify(secrets), {
    wrapping: options.wrapping,
    bound: bindings.exchangeKey(view),
  });
  return { view, sealed };
}

/** Asks the exchange what a key may do; where it does not answer the view says so. */
export async function ask(
  key: StoredExchangeKey,
  options: Pick<ExchangeKeysOptions, "probe" | "nowMs">,
): Promise<ExchangeKeyView> {
  try {
    const rights = await options.probe(key);
    return {
      ...key.view,
      ...verdictOf(rights, key.view.exchange),
      rights,
      verifiedAt: options.nowMs(),
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
