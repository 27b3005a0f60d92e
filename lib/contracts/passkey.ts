/**
 * Passkeys: keys of WebAuthn that log in alone, or prove anew who asks.
 *
 * @module
 */
import * as z from "zod";
import type { EpochMs } from "./primitives.ts";

/** Passkeys of one person; beyond, one has to be removed. */
export const MAX_PASSKEYS = 10;

/** Base64url, as browsers write what WebAuthn makes. */
const base64url = (max: number) =>
  z.string().min(1).max(max).regex(/^[A-Za-z0-9_-]+$/, "Send base64url");

/** Longest credential id of the specification, 1,023 bytes, in base64url. */
const CREDENTIAL_ID_LENGTH = 1_364;

const transport = z.string().max(32);

/** What a browser answers when it has made a passkey. Extensions are not used, so their results are not read. */
const attestationSchema = z.object({
  id: base64url(CREDENTIAL_ID_LENGTH),
  rawId: base64url(CREDENTIAL_ID_LENGTH),
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: base64url(4_096),
    attestationObject: base64url(16_384),
    transports: z.array(transport).max(10).optional(),
  }),
});

/** What a browser answers when a passkey has signed. */
export const assertionSchema = z.object({
  id: base64url(CREDENTIAL_ID_LENGTH),
  rawId: base64url(CREDENTIAL_ID_LENGTH),
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: base64url(4_096),
    authenticatorData: base64url(4_096),
    // A signature of ML-DSA-44 has 2,420 bytes, of ML-DSA-87 4,627.
    signature: base64url(8_192),
    userHandle: base64url(128).nullish(),
  }),
});
export type PasskeyAssertion = z.infer<typeof assertionSchema>;

const name = z.string().trim().min(
  1,
  "Give a name that tells your passkeys apart",
).max(40, "Use at most 40 characters");

/** `POST /api/account/passkeys`. */
export const passkeyRequestSchema = z.strictObject({
  name,
  credential: attestationSchema,
});
export type PasskeyRequest = z.infer<typeof passkeyRequestSchema>;

/** `PUT /api/account/passkeys/:passkey`. */
export const passkeyRenameSchema = z.strictObject({ name });

/** `POST /api/auth/passkey`: logs in. */
export const passkeyLoginSchema = z.strictObject({
  credential: assertionSchema,
});
export type PasskeyLoginRequest = z.infer<typeof passkeyLoginSchema>;

/** What is kept of a passkey: nothing of it is secret. */
export interface StoredPasskey {
  id: string;
  userId: string;
  /** Base64url. */
  credentialId: string;
  /** COSE key, base64url. */
  publicKey: string;
  /** How often it had signed when it did last; 0 for passkeys that do not count. */
  counter: number;
  transports: readonly string[];
  /** Host name that it was made for. */
  rpId: string;
  name: string;
  /** It may be copied to other devices of its owner. */
  isSynced: boolean;
  createdAt: EpochMs;
  lastUsedAt: EpochMs | null;
}

/** A passkey, as its owner sees it. */
export interface PasskeyView {
  id: string;
  name: string;
  rpId: string;
  isSynced: boolean;
  /** ISO 8601. */
  createdAt: string;
  lastUsedAt: string | null;
}
