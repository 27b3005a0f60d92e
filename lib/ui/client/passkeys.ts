/**
 * What a browser does with passkeys. The library is loaded when one is used.
 *
 * @module
 */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import type { PasskeyAssertion } from "../../contracts/passkey.ts";

/** Why passkeys cannot be used on this page; null where they can. Only in a browser. */
export function passkeyRefusal(): string | null {
  const { protocol, hostname, port } = location;
  if (/^\[|^[\d.]+$/.test(hostname)) {
    return hostname === "[::1]" || hostname.startsWith("127.")
      ? `Passkeys are for host names: open http://localhost:${port} instead`
      : "Passkeys are for host names: open this page by its name instead of its number";
  }
  if (!isSecureContext) {
    return `Passkeys need https, and this page came by ${
      protocol.slice(0, -1)
    }`;
  }
  return typeof PublicKeyCredential === "undefined"
    ? "This browser knows no passkeys"
    : null;
}

/** Has the person sign with a passkey. @throws {Error} with a sentence for people. */
export async function signWithPasskey(
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
): Promise<PasskeyAssertion> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  const answer = await told(() => startAuthentication({ optionsJSON }));
  const { id, rawId, response } = answer;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    id,
    rawId,
    type: "public-key",
    response: {
      clientDataJSON,
      authenticatorData,
      signature,
      userHandle: userHandle ?? null,
    },
  };
}

/** Has the person make a passkey. @throws {Error} with a sentence for people. */
export async function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<unknown> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  const answer = await told(() => startRegistration({ optionsJSON }));
  const { id, rawId, response } = answer;
  const { clientDataJSON, attestationObject, transports } = response;
  return {
    id,
    rawId,
    type: "public-key",
    response: {
      clientDataJSON,
      attestationObject,
      ...(transports === undefined ? {} : { transports }),
    },
  };
}

/** Browsers tell little of what went wrong, so that pages learn nothing; this is what a person can do. */
async function told<T>(ceremony: () => Promise<T>): Promise<T> {
  try {
    return await ceremony();
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "InvalidStateError") {
      throw new Error("This device has a passkey for this account already");
    }
    if (name === "NotAllowedError" || name === "AbortError") {
      throw new Error(
        "Nothing was signed: it was cancelled, took too long, or this device has no passkey for this site",
      );
    }
    throw error;
  }
}
