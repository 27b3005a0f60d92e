import { jwtVerify, SignJWT } from "jose";
import type { Session } from "../../contracts/auth.ts";
import {
  ACCESS_TOKEN_MS,
  CLOCK_TOLERANCE_SECONDS,
  MAX_TOKEN_LENGTH,
} from "../limits.ts";
import { type SigningKeys, TOKEN_ALGORITHM } from "./signing_keys.ts";

/** Who issues our tokens, and for whom. */
export const TOKEN_ISSUER = "agent-spawn";
export const TOKEN_AUDIENCE = "agent-spawn-api";
const TOKEN_TYPE = "at+jwt";

/** What a valid token says. */
export interface TokenClaims {
  userId: string;
  sessionId: string;
  /** Epoch of the user when it was made. */
  epoch: number;
  expiresAt: number;
}

/** Signs and verifies access tokens (RFC 9068 profile, EdDSA). */
export class AccessTokens {
  readonly #keys: SigningKeys;
  readonly #nowMs: () => number;

  constructor(options: { keys: SigningKeys; nowMs: () => number }) {
    this.#keys = options.keys;
    this.#nowMs = options.nowMs;
  }

  /** A token of a login: five minutes, and never past its end. */
  async sign(
    session: Session,
  ): Promise<{ text: string; expiresAt: number }> {
    const { kid, privateKey } = await this.#keys.current();
    const now = Math.floor(this.#nowMs() / 1_000);
    const end = Math.min(
      now + ACCESS_TOKEN_MS / 1_000,
      Math.floor(session.expiresAt / 1_000),
    );
    const text = await new SignJWT({ sid: session.id, epoch: session.epoch })
      .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid })
      .setSubject(session.userId)
      .setIssuer(TOKEN_ISSUER)
      .setAudience(TOKEN_AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(end)
      .sign(privateKey);
    return { text, expiresAt: end * 1_000 };
  }

  /** Null for everything that is not a valid token of ours. */
  async verify(text: string): Promise<TokenClaims | null> {
    if (text.length > MAX_TOKEN_LENGTH) return null;
    try {
      const { payload } = await jwtVerify(
        text,
        async ({ kid }) => {
          // Keys are ours, found by their id: whatever a token brings along or
          // points to (jwk, jku, x5c, x5u) is not looked at.
          const key = await this.#keys.verifying(String(kid));
          if (key === null) throw new Error("Unknown key");
          return key;
        },
        {
          algorithms: [TOKEN_ALGORITHM],
          typ: TOKEN_TYPE,
          issuer: TOKEN_ISSUER,
          audience: TOKEN_AUDIENCE,
          requiredClaims: ["sub", "sid", "epoch", "exp", "iat"],
          // Also refuses what was made in the future.
          maxTokenAge: ACCESS_TOKEN_MS / 1_000,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
          currentDate: new Date(this.#nowMs()),
        },
      );
      const { sub, sid, epoch, exp } = payload;
      if (
        typeof sub !== "string" || typeof sid !== "string" ||
        typeof epoch !== "number"
      ) {
        return null;
      }
      const expiresAt = exp! * 1_000;
      // The tolerance is for what another server has just made, not for the end.
      if (expiresAt <= this.#nowMs()) return null;
      return { userId: sub, sessionId: sid, epoch, expiresAt };
    } catch {
      // Whatever is wrong with it, the answer is the same: not a token of ours.
      return null;
    }
  }
}
