import { testWrappingKey } from "../../../support/vault.ts";
import assert from "node:assert/strict";
import {
  base64url,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from "jose";
import {
  SIGNING_KEY_NAME,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
} from "../../../../lib/auth/sessions/tokens.ts";
import { type AuthSetup, setUp, withAuth } from "../support.ts";

const HOUR_MS = 3_600_000;

/** The parts of a good token, to be spoilt one by one. */
interface Forgery {
  claims: JWTPayload;
  header: { alg: string; typ: string; kid: string };
  signingKey: JWK;
  setup: AuthSetup;
}

async function forge(
  setup: AuthSetup,
  spoil: (forgery: Forgery) => void,
): Promise<string> {
  const token = await setUp(setup);
  const { sessionId, user } = (await setup.auth.authenticate(token))!;
  const signingKey: JWK = JSON.parse(
    await setup.store.secret(SIGNING_KEY_NAME, () => Promise.reject()),
  );
  const now = Math.floor(setup.time.nowMs() / 1_000);
  const forgery: Forgery = {
    claims: {
      sub: user.id,
      sid: sessionId,
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      iat: now,
      exp: now + 3_600,
    },
    header: { alg: "EdDSA", typ: "at+jwt", kid: signingKey.kid! },
    signingKey,
    setup,
  };
  spoil(forgery);
  return new SignJWT(forgery.claims)
    .setProtectedHeader(forgery.header)
    .sign(await importJWK(signingKey, "EdDSA"));
}

Deno.test("authenticate() accepts a token with every part right", () =>
  withAuth(async (setup) => {
    const token = await forge(setup, () => {});
    assert.notEqual(await setup.auth.authenticate(token), null);
  }));

const spoilt: Record<string, (forgery: Forgery) => void> = {
  "another issuer": ({ claims }) => claims.iss = "someone",
  "another audience": ({ claims }) => claims.aud = "another-api",
  "an end in the past": ({ claims }) => claims.exp = claims.iat! - 1,
  "no end": ({ claims }) => delete claims.exp,
  "a start in the future": ({ claims }) => claims.nbf = claims.iat! + 60,
  "no session": ({ claims }) => delete claims.sid,
  "a session that does not exist": ({ claims }) => claims.sid = "ses_0",
  "another user than the session's": ({ claims }) => claims.sub = "usr_0",
  "another type": ({ header }) => header.typ = "JWT",
  "an unknown key id": ({ header }) => header.kid = "other",
};

for (const [what, spoil] of Object.entries(spoilt)) {
  Deno.test(`authenticate() refuses a token with ${what}`, () =>
    withAuth(async (setup) => {
      const token = await forge(setup, spoil);
      assert.equal(await setup.auth.authenticate(token), null);
    }));
}

Deno.test("authenticate() refuses a token after twelve hours", () =>
  withAuth(async (setup) => {
    const token = await setUp(setup);
    setup.time.advance(12 * HOUR_MS - 1_000);
    assert.notEqual(await setup.auth.authenticate(token), null);
    setup.time.advance(1_000);
    assert.equal(await setup.auth.authenticate(token), null);
  }));

Deno.test("authenticate() refuses algorithm none", () =>
  withAuth(async (setup) => {
    const [, payload] = (await setUp(setup)).split(".");
    for (const alg of ["none", "None", "NONE"]) {
      const header = base64url.encode(JSON.stringify({ alg, typ: "at+jwt" }));
      assert.equal(
        await setup.auth.authenticate(`${header}.${payload}.`),
        null,
      );
    }
  }));

Deno.test("authenticate() refuses HS256 with the public key as its secret", () =>
  withAuth(async (setup) => {
    let parts: Forgery | null = null;
    await forge(setup, (forgery) => parts = forgery);
    const { claims, header, signingKey } = parts! as Forgery;
    const { d: _d, ...publicJwk } = signingKey;
    const publicKey = await importJWK(publicJwk, "EdDSA", {
      extractable: true,
    });
    const secrets = [
      await exportSPKI(publicKey as CryptoKey),
      signingKey.x!,
      JSON.stringify(publicJwk),
    ];
    for (const secret of secrets) {
      const token = await new SignJWT(claims)
        .setProtectedHeader({ ...header, alg: "HS256" })
        .sign(new TextEncoder().encode(secret.padEnd(32, "0")));
      assert.equal(await setup.auth.authenticate(token), null);
    }
  }));

Deno.test("authenticate() refuses a token of another key, also one it brings along", () =>
  withAuth(async (setup) => {
    let parts: Forgery | null = null;
    await forge(setup, (forgery) => parts = forgery);
    const { claims, header, signingKey } = parts! as Forgery;
    const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
    const headers = [
      header,
      { ...header, jwk: signingKey },
      {
        ...header,
        jku: "https://evil.example/keys",
        x5u: "https://evil.example",
      },
    ];
    for (const own of headers) {
      const token = await new SignJWT(claims).setProtectedHeader(own)
        .sign(privateKey);
      assert.equal(await setup.auth.authenticate(token), null);
    }
  }));

Deno.test("authenticate() refuses a token with any part changed", () =>
  withAuth(async (setup) => {
    const token = await setUp(setup);
    const parts = token.split(".");
    for (let part = 0; part < 3; part++) {
      const text = parts[part]!;
      // Not the last character: its lowest bits may mean nothing.
      for (const place of [0, 5, text.length >> 1]) {
        const swapped = text[place] === "A" ? "B" : "A";
        const changed = parts.with(
          part,
          text.slice(0, place) + swapped + text.slice(place + 1),
        );
        assert.equal(await setup.auth.authenticate(changed.join(".")), null);
      }
    }
    for (const text of ["", ".", "..", "x".repeat(5_000), `${token}x`]) {
      assert.equal(await setup.auth.authenticate(text), null);
    }
  }));

Deno.test("createAuthService() keeps the signing key over a restart", () =>
  withAuth(async (setup) => {
    const token = await setUp(setup);
    const { createAuthService } = await import(
      "../../../../lib/auth/service.ts"
    );
    const again = await createAuthService({
      users: setup.store.users,
      people: setup.store.people,
      invites: setup.store.invites,
      passkeys: setup.store.passkeys,
      secondFactors: setup.store.secondFactors,
      wrapping: await testWrappingKey(),
      secret: setup.store.secret,
      audit: setup.store.audit,
      time: setup.time,
      readSetupToken: () => Promise.resolve(null),
      removeSetupToken: () => Promise.resolve(),
    });
    assert.notEqual(await again.authenticate(token), null);
    await again.close();
  }));
