import type {
  PasskeyAssertion,
  PasskeyRequest,
  StoredPasskey,
} from "../../contracts/passkey.ts";
import { passkeyInvalid } from "../refusals.ts";
import { passkeyLibrary } from "./library.ts";
import type { RelyingParty } from "./port.ts";

/** What a new passkey tells of itself. */
export type NewPasskey = Pick<
  StoredPasskey,
  "credentialId" | "publicKey" | "counter" | "isSynced"
>;

/**
 * Checks what a browser answers when it has made a passkey: challenge, origin,
 * host name, and that its owner was verified (WebAuthn level 3, section 7.1).
 * Where it was made is not attested: any authenticator will do.
 *
 * @throws {AppError} PASSKEY_INVALID
 */
export async function verifyNewPasskey(
  { credential }: Pick<PasskeyRequest, "credential">,
  { site, isChallenge }: {
    site: RelyingParty;
    /** Whether we have asked this; each challenge is good once. */
    isChallenge(challenge: string): boolean;
  },
): Promise<NewPasskey> {
  refuseForeignFrame(credential.response.clientDataJSON);
  const { verifyRegistrationResponse } = await passkeyLibrary();
  const { verified, registrationInfo } = await orInvalid(() =>
    verifyRegistrationResponse({
      response: {
        ...credential,
        response: {
          clientDataJSON: credential.response.clientDataJSON,
          attestationObject: credential.response.attestationObject,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: isChallenge,
      expectedOrigin: [...site.origins],
      expectedRPID: site.rpId,
      requireUserVerification: true,
    })
  );
  if (!verified) throw passkeyInvalid();
  const { id, publicKey, counter } = registrationInfo.credential;
  return {
    credentialId: id,
    publicKey: publicKey.toBase64({
      alphabet: "base64url",
      omitPadding: true,
    }),
    counter,
    isSynced: registrationInfo.credentialDeviceType === "multiDevice",
  };
}

/**
 * Checks a signature of a passkey: origin, host name, that its owner was
 * verified, and the signature (WebAuthn level 3, section 7.2). The challenge and
 * how the counter went on are left to the caller, who audits a regression.
 *
 * @returns The counter that was signed.
 * @throws {AppError} PASSKEY_INVALID
 */
export async function verifySignature(
  assertion: PasskeyAssertion,
  passkey: StoredPasskey,
  site: RelyingParty,
): Promise<number> {
  const { clientDataJSON, authenticatorData, signature } = assertion.response;
  refuseForeignFrame(clientDataJSON);
  const { verifyAuthenticationResponse } = await passkeyLibrary();
  const { verified, authenticationInfo } = await orInvalid(() =>
    verifyAuthenticationResponse({
      response: {
        id: assertion.id,
        rawId: assertion.rawId,
        type: assertion.type,
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      // The caller has found it among those that were asked.
      expectedChallenge: () => true,
      expectedOrigin: [...site.origins],
      // A passkey is for the host name that it was made for, whatever this one is.
      expectedRPID: passkey.rpId,
      credential: {
        id: passkey.credentialId,
        publicKey: Uint8Array.fromBase64(passkey.publicKey, {
          alphabet: "base64url",
        }),
        counter: 0,
      },
      requireUserVerification: true,
    })
  );
  if (!verified || passkey.rpId !== site.rpId) throw passkeyInvalid();
  return authenticationInfo.newCounter;
}

/** None of our pages is shown inside another one. The library looks at this only where a browser names the outer page. */
function refuseForeignFrame(clientDataJSON: string): void {
  try {
    const bytes = Uint8Array.fromBase64(clientDataJSON, {
      alphabet: "base64url",
    });
    const data = JSON.parse(new TextDecoder().decode(bytes)) as {
      crossOrigin?: unknown;
    };
    if (data.crossOrigin !== true) return;
  } catch {
    // What cannot be read is no answer of a browser.
  }
  throw passkeyInvalid();
}

/** The library tells by throwing what it found; whoever tries need not know. */
async function orInvalid<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch {
    throw passkeyInvalid();
  }
}
