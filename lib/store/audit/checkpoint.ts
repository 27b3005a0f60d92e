import type { AuditCheckpoint } from "../../contracts/audit_trail.ts";
import { canonicalText, type Json } from "../../core/canonical.ts";
import {
  createSigningKey,
  createTextSigner,
  isSignedBy,
} from "../../core/ed25519.ts";

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

/** A new signing key: PKCS #8 in base64. */
export function createAuditKey(): string {
  return createSigningKey();
}

/** Signs with a key of {@link createAuditKey}. */
export function createSigner(pkcs8: string): CheckpointSigner {
  const { key, sign } = createTextSigner(pkcs8);
  return {
    key,
    sign: (statement) => ({
      ...statement,
      key,
      signature: sign(textOf(statement)),
    }),
  };
}

/** Tells whether the key that a checkpoint names has signed what it says. */
export function isSigned(checkpoint: AuditCheckpoint): boolean {
  const { key, signature, ...statement } = checkpoint;
  try {
    return isSignedBy({ key, signature, text: textOf(statement) });
  } catch {
    // What it says has no canonical text.
    return false;
  }
}

function textOf(statement: CheckpointStatement): string {
  return canonicalText(statement as unknown as Json);
}
