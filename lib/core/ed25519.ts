/**
 * Signatures that anybody can check with a public key: Ed25519 (RFC 8032).
 * Public keys and signatures are base64url, private keys PKCS #8 in base64.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";

/** Signs with one private key. */
export interface Signer {
  /** The public key. */
  key: string;
  sign(text: string): string;
}

/** A new private key. */
export function createSigningKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
}

/** Signs with a key of {@link createSigningKey}. */
export function createTextSigner(pkcs8: string): Signer {
  const privateKey = createPrivateKey({
    key: Buffer.from(pkcs8, "base64"),
    format: "der",
    type: "pkcs8",
  });
  return {
    key: String(createPublicKey(privateKey).export({ format: "jwk" }).x),
    sign: (text) =>
      sign(null, Buffer.from(text), privateKey).toString("base64url"),
  };
}

/** Tells whether the private key of `key` has signed this text; false for what is no key or no signature. */
export function isSignedBy(
  { key, signature, text }: { key: string; signature: string; text: string },
): boolean {
  try {
    const bytes = Buffer.from(signature, "base64url");
    // Other texts could stand for the same bytes.
    return bytes.toString("base64url") === signature &&
      verify(null, Buffer.from(text), publicKeyOf(key), bytes);
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
