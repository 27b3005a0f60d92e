/** An authenticator of WebAuthn in software, to be honest or to cheat with. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { Buffer } from "node:buffer";
import type {
  PasskeyAssertion,
  PasskeyRequest,
} from "../../lib/contracts/passkey.ts";

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

/** What an answer may differ in from an honest one. */
export interface Cheat {
  origin?: string;
  rpId?: string;
  challenge?: string;
  /** The owner was not verified, only present. */
  unverified?: boolean;
  /** Inside the frame of another page. */
  crossOrigin?: boolean;
  counter?: number;
  userHandle?: string | null;
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

/** One passkey on a device, for one site. */
export function createAuthenticator(
  { origin, rpId }: { origin: string; rpId: string },
) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
  });
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
  let counter = 0;
  const dataOf = (cheat: Cheat, flags: number, rest: Buffer) => {
    const head = Buffer.alloc(37);
    sha256(Buffer.from(cheat.rpId ?? rpId)).copy(head);
    head[32] = USER_PRESENT | flags |
      (cheat.unverified === true ? 0 : USER_VERIFIED);
    head.writeUInt32BE(cheat.counter ?? counter, 33);
    return Buffer.concat([head, rest]);
  };
  const clientOf = (type: string, challenge: string, cheat: Cheat) =>
    Buffer.from(JSON.stringify({
      type,
      challenge: cheat.challenge ?? challenge,
      origin: cheat.origin ?? origin,
      crossOrigin: cheat.crossOrigin ?? false,
    }));
  return {
    /** Answers the options of a registration. */
    make(
      { challenge }: { challenge: string },
      cheat: Cheat = {},
    ): PasskeyRequest["credential"] {
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      const key = Buffer.concat([
        Buffer.from("a5010203262001215820", "hex"),
        Buffer.from(x, "base64url"),
        Buffer.from("225820", "hex"),
        Buffer.from(y, "base64url"),
      ]);
      const length = Buffer.from([0, id.length]);
      const authData = dataOf(
        cheat,
        ATTESTED,
        Buffer.concat([Buffer.alloc(16), length, id, key]),
      );
      const attestation = Buffer.concat([
        Buffer.from("a363666d74646e6f6e656761747453746d74a0", "hex"),
        Buffer.from("68617574684461746158", "hex"),
        Buffer.from([authData.length]),
        authData,
      ]);
      return {
        id: id.toString("base64url"),
        rawId: id.toString("base64url"),
        type: "public-key",
        response: {
          clientDataJSON: clientOf("webauthn.create", challenge, cheat)
            .toString("base64url"),
          attestationObject: attestation.toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    /** Answers the options of a login or a proof. */
    sign(
      { challenge }: { challenge: string },
      cheat: Cheat = {},
    ): PasskeyAssertion {
      counter++;
      const authData = dataOf(cheat, 0, Buffer.alloc(0));
      const client = clientOf("webauthn.get", challenge, cheat);
      const signature = sign(
        "sha256",
        Buffer.concat([authData, sha256(client)]),
        privateKey,
      );
      return {
        id: id.toString("base64url"),
        rawId: id.toString("base64url"),
        type: "public-key",
        response: {
          clientDataJSON: client.toString("base64url"),
          authenticatorData: authData.toString("base64url"),
          signature: signature.toString("base64url"),
          userHandle: cheat.userHandle ?? null,
        },
      };
    },
  };
}

function sha256(data: Buffer): Buffer {
  return createHash("sha256").update(data).digest();
}
