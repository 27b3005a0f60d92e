import type { Caller } from "../contracts/audit.ts";
import type {
  ExchangeKeyRequest,
  ExchangeKeyView,
  KeyRotationRequest,
  KeySecrets,
  ProbedKey,
  SealedSecret,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import { bindings } from "../contracts/sealed_record.ts";
import { AppError } from "../core/errors.ts";
import { type Keyring, seal } from "./envelope.ts";
import type { ProbeKey } from "./port.ts";
import type { ExchangeKeysOptions } from "./service_options.ts";
import { verdictOf } from "./verdict.ts";

/** What a person pasted, sealed for the key that it is of. */
export async function sealedParts(
  { apiKey, secret, passphrase }: KeyRotationRequest,
  { view, wrapping }: {
    view: Pick<ExchangeKeyView, "id" | "ownerId" | "exchange">;
    wrapping: Keyring;
  },
): Promise<SealedSecret> {
  const secrets: KeySecrets = {
    apiKey,
    secret,
    passphrase: passphrase ?? null,
  };
  return await seal(JSON.stringify(secrets), {
    wrapping,
    bound: bindings.exchangeKey(view),
  });
}

/** A key as it is given, sealed; the exchange was not asked about it yet. */
export async function sealNew(
  request: ExchangeKeyRequest,
  caller: Caller,
  { ids, nowMs, wrapping }: Pick<
    ExchangeKeysOptions,
    "ids" | "nowMs" | "wrapping"
  >,
): Promise<StoredExchangeKey> {
  const { label, exchange, apiKey } = request;
  const view: ExchangeKeyView = {
    id: ids("key"),
    ownerId: caller.userId,
    label,
    exchange,
    apiKeyEnd: endOf(apiKey),
    status: "unverified",
    statusDetail: "The exchange has not been asked yet",
    rights: null,
    verifiedAt: null,
    isLiveAllowed: false,
    createdAt: nowMs(),
    lastUsedAt: null,
  };
  return { view, sealed: await sealedParts(request, { view, wrapping }) };
}

/** Whether two states of a key have the same secrets; sealing the same once more gives another text. */
export function isSameSecret(
  a: StoredExchangeKey,
  b: StoredExchangeKey,
): boolean {
  return JSON.stringify(a.sealed) === JSON.stringify(b.sealed);
}

/** Whether a desk that has a key need not be told of the other one. */
export function isSameToDesks(
  a: StoredExchangeKey,
  b: StoredExchangeKey,
): boolean {
  const told = ({ view, sealed }: StoredExchangeKey) =>
    JSON.stringify({ sealed, view: { ...view, lastUsedAt: null } });
  return told(a) === told(b);
}

/** The part of an API key that is shown. */
export function endOf(apiKey: string): string {
  return apiKey.slice(-4);
}

/** What became of asking the exchange about a key. */
export interface AskedKey {
  verdict: Pick<
    ExchangeKeyView,
    "status" | "statusDetail" | "rights" | "verifiedAt"
  >;
  /** Null where the exchange did not tell; undefined where it did not answer. */
  accountId: string | null | undefined;
}

/** Asks the exchange about a key; that it does not answer is a verdict, too. */
export async function askAbout(
  key: StoredExchangeKey,
  { probe, nowMs }: { probe: ProbeKey; nowMs(): number },
): Promise<AskedKey> {
  let probed: ProbedKey;
  try {
    probed = await probe(key);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      verdict: {
        status: "unverified",
        statusDetail: error.message,
        rights: null,
        verifiedAt: null,
      },
      accountId: undefined,
    };
  }
  const { rights, accountId } = probed;
  return {
    verdict: {
      ...verdictOf(rights, key.view.exchange),
      rights,
      verifiedAt: nowMs(),
    },
    accountId,
  };
}

/** A key with whose account it is of, as far as the exchange has said. */
export function withAccount(
  key: StoredExchangeKey,
  accountId: AskedKey["accountId"],
): StoredExchangeKey {
  return accountId === undefined ? key : { ...key, accountId };
}
