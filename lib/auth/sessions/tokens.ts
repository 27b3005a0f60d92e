import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  jwtVerify,
  SignJWT,
} from "jose";
import { AppError } from "../../core/errors.ts";
import type { Session } from "../../contracts/auth.ts";
import { MAX_TOKEN_LENGTH } from "../limits.ts";

/** Who issues our tokens, and for whom. */
export const TOKEN_ISSUER = "agent-spawn";
export const TOKEN_AUDIENCE = "agent-spawn-api";
const TOKEN_TYPE = "at+jwt";
const TOKEN_ALGORITHM = "EdDSA";
/** Name of the signing key among the store's secrets. */
export const SIGNING_KEY_NAME = "jwt-signing-key";

/** What a valid token says. */
export interface TokenClaims {
  userId: string;
  sessionId: string;
  expiresAt: number;
}

/** Signs and verifies access tokens. */
export interface TokenService {
  sign(session: Session): Promise<string>;
  /** Null for everything that is not a valid token of ours. */
  verify(token: string): Promise<TokenClaims | null>;
}

/** Loads the signing key, or creates it, and builds the service on it. */
export async function createTokenService(
  options: {
    secret: (name: string, create: () => Promise<string>) => Promise<string>;
    nowMs: () => number;
  },
): Promise<TokenService> {
  const text = await options.secret(SIGNING_KEY_NAME, createSigningKey);
  const { kid, privateKey, publicKey } = await importSigningKey(text);
  const { nowMs } = options;
  return {
    sign: (session) =>
      new SignJWT({ sid: session.id })
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid })
        .setSubject(session.userId)
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setIssuedAt(Math.floor(session.createdAt / 1_000))
        .setExpirationTime(Math.floor(session.expiresAt / 1_000))
        .sign(privateKey),
    verify: (token) => tryVerify(token, { kid, publicKey, nowMs }),
  };
}

async function tryVerify(
  token: string,
  options: { kid: string; publicKey: CryptoKey; nowMs: () => number },
): Promise<TokenClaims | null> {
  if (token.length > MAX_TOKEN_LENGTH) return null;
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        // The key is chosen by us. What the token says only has to agree.
        if (kid !== options.kid) throw new Error(`Unknown key "${kid}"`);
        return options.publicKey;
      },
      {
        algorithms: [TOKEN_ALGORITHM],
        typ: TOKEN_TYPE,
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
        requiredClaims: ["sub", "sid", "exp", "iat"],
        currentDate: new Date(options.nowMs()),
      },
    );
    const { sub, sid, exp } = payload;
    if (typeof sub !== "string" || typeof sid !== "string") return null;
    return { userId: sub, sessionId: sid, expiresAt: exp! * 1_000 };
  } catch {
    // Whatever is wrong with it, the answer is the same: not a token of ours.
    return null;
  }
}

async function createSigningKey(): Promise<string> {
  const { privateKey } = await generateKeyPair(TOKEN_ALGORITHM, {
    crv: "Ed25519",
    extractable: true,
  });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return JSON.stringify({ ...jwk, kid });
}

async function importSigningKey(
  text: string,
): Promise<{ kid: string; privateKey: CryptoKey; publicKey: CryptoKey }> {
  try {
    const { d, ...publicJwk } = JSON.parse(text) as JWK & { kid: string };
    const { kid } = publicJwk;
    const privateJwk = { ...publicJwk, d } as JWK;
    const [privateKey, publicKey] = await Promise.all([
      importJWK(privateJwk, TOKEN_ALGORITHM),
      importJWK(publicJwk, TOKEN_ALGORITHM),
    ]) as [CryptoKey, CryptoKey];
    return { kid, privateKey, publicKey };
  } catch (cause) {
    throw new AppError(
      "INTERNAL",
      `The secret "${SIGNING_KEY_NAME}" of the store is no signing key; delete it to get a new one, which ends every login`,
      { cause },
    );
  }
}
