import { Buffer } from "node:buffer";
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import type { AuditCheckpoint } from "../../contracts/audit_trail.ts";
import { canonicalText, type Json } from "./canonical.ts";

/** Name of the store's secret that holds the signing key. */
export const AUDIT_KEY_NAME = "audit-signing-key";

/** What a checkpoint says, before it is signed. */
export type CheckpointStatement = Omit<AuditCheckpoint, "key" | "signature">;

/** Signs checkpoints. */
export interface CheckpointSigner {
  /** The public key in base64url, to be pinned. */
  key: string;
  sign(statement: CheckpointStatement): AuditCheckpoint;
}

/** A new signing key: PKCS #8 in base64. Ed25519 (RFC 8032). */
export function createAuditKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
}

/** Signs with a key of {@link createAuditKey}. */
export function createSigner(pkcs8: string): CheckpointSigner {
  const privateKey = createPrivateKey({
    key: Buffer.from(pkcs8, "base64"),
    format: "der",
    type: "pkcs8",
  });
  const key = String(createPublicKey(privateKey).export({ format: "jwk" }).x);
  return {
    key,
    sign: (statement) => ({
      ...statement,
      key,
      signature: sign(null, bytesOf(statement), privateKey)
        .toString("base64url"),
    }),
  };
}

/** Tells whether the key that a checkpoint names has signed what it says. */
export function isSigned(checkpoint: AuditCheckpoint): boolean {
  const { key, signature, ...statement } = checkpoint;
  try {
    const bytes = Buffer.from(signature, "base64url");
    // Other texts could stand for the same bytes.
    return bytes.toString("base64url") === signature &&
      verify(null, bytesOf(statement), publicKeyOf(key), bytes);
  } catch {
    return false;
  }
}

function publicKeyOf(key: string): KeyObject {
  return createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: key },
    format: "jwk",
  });
}

function bytesOf(statement: CheckpointStatement): Uint8Array {
  return Buffer.from(canonicalText(statement as unknown as Json));
}
