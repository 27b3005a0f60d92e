import * as z from "zod";
import type { EpochMs } from "./primitives.ts";
import { exchangeIdSchema } from "./venue.ts";

const secretText = (what: string) =>
  z.string().trim().min(8, `Paste the ${what} that the exchange showed`).max(
    4_096,
    `The ${what} is longer than any exchange's`,
  ).regex(/^[\x20-\x7e\r\n]+$/, `The ${what} has characters that no key has`);

/** `POST /api/exchange-keys`: written once, never read again. */
export const exchangeKeyRequestSchema = z.strictObject({
  /** How people tell their keys apart. */
  label: z.string().trim().regex(
    /^[A-Za-z0-9][A-Za-z0-9 ._-]{1,39}$/,
    "Enter 2 to 40 letters, digits, spaces, dots, dashes or underscores, starting with a letter or digit",
  ),
  exchange: exchangeIdSchema,
  apiKey: secretText("API key"),
  secret: secretText("secret"),
  /** Some exchanges want a third part. */
  passphrase: secretText("passphrase").optional(),
});
export type ExchangeKeyRequest = z.infer<typeof exchangeKeyRequestSchema>;

/** `POST /api/exchange-keys/{id}/rotate`: what takes the place of a key's parts; the rest of it stays. */
export const keyRotationRequestSchema = exchangeKeyRequestSchema.pick({
  apiKey: true,
  secret: true,
  passphrase: true,
});
export type KeyRotationRequest = z.infer<typeof keyRotationRequestSchema>;

/** `PUT /api/exchange-keys/{id}/live`. */
export const keyLiveRequestSchema = z.strictObject({
  allowed: z.boolean("Enter true or false"),
});

/** What a key may do, as the exchange said; null where it does not tell. */
export interface KeyRightsView {
  canRead: boolean;
  canTrade: boolean;
  canWithdraw: boolean | null;
  canTransfer: boolean | null;
  isAddressBound: boolean | null;
}

/** What an exchange says of a key when it is asked. */
export interface ProbedKey {
  rights: KeyRightsView;
  /** The exchange's own id of the account that the key belongs to; null where it does not tell. */
  accountId: string | null;
}

/**
 * Why a key may trade or not. `verified`: it can trade and can move no money out.
 * `unbound`: the same, but it works from every address. `refused`: it could move
 * money out, or it cannot trade. `unverified`: the exchange did not answer, or
 * does not tell.
 */
export type KeyStatus = "verified" | "unbound" | "refused" | "unverified";

/** A key as people see it: nothing of it but the end of its public part. */
export interface ExchangeKeyView {
  id: string;
  ownerId: string;
  label: string;
  exchange: string;
  /** Last four characters of the API key. */
  apiKeyEnd: string;
  status: KeyStatus;
  /** One sentence: what the status comes from. */
  statusDetail: string;
  rights: KeyRightsView | null;
  verifiedAt: EpochMs | null;
  /** Set by a person with fresh proof; live agents may use the key. */
  isLiveAllowed: boolean;
  createdAt: EpochMs;
  /** When a desk last opened with it, to look after agents that trade with it; null for never, also after a rotation. */
  lastUsedAt: EpochMs | null;
}

/**
 * A sealed secret: AES-256-GCM with a key of its own, which is wrapped by the
 * installation's key. Binary parts in base64.
 */
export interface SealedSecret {
  version: 1;
  /** Which of the installation's keys wraps it. */
  wrappedBy: string;
  wrapIv: string;
  wrappedKey: string;
  iv: string;
  text: string;
}

/** What is sealed of an exchange key. */
export interface KeySecrets {
  apiKey: string;
  secret: string;
  passphrase: string | null;
}

/** A key as it is stored. */
export interface StoredExchangeKey {
  view: ExchangeKeyView;
  sealed: SealedSecret;
  /** As {@link ProbedKey} has it; left out in keys that an older build stored and none has tested since. */
  accountId?: string | null;
}
