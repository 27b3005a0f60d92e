import assert from "node:assert/strict";
import {
  base64url,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from "jose";
import { ACCESS_TOKEN_MS } from "../../../../lib/auth/limits.ts";
import {
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
} from "../../../../lib/auth/sessions/access_tokens.ts";
import { SIGNING_KEYS_NAME } from "../../../../lib/auth/sessions/signing_keys.ts";
import { type Process, PROGRAM, withLogins, type World } from "./support.ts";

/** The parts of a good token, to be spoilt one by one. */
interface Forgery {
  claims: JWTPayload & { sid?: string; epoch?: unknown };
  header: JWTHeaderParameters;
  /** Our own key, private part included. */
  jwk: JWK;
}

async function partsOf(world: World, process: Process): Promise<Forgery> {
  const { accessToken } = await process.sessions.beginProgram(
    world.user,
    PROGRAM,
  );
  const { sessionId } = (await process.sessions.authenticate(accessToken))!;
  const secret = (await process.store.secrets.read(SIGNING_KEYS_NAME))!;
  const [{ kid, jwk }] = JSON.parse(secret.text).keys;
  const now = Math.floor(world.time.nowMs() / 1_000);
  return {
    claims: {
      sub: world.user.id,
      sid: sessionId,
      epoch: world.user.epoch,
      iss: TOKEN_ISSUER,
      aud: TOKEN_AUDIENCE,
      iat: now,
      exp: now + 300,
    },
    header: { alg: "EdDSA", typ: "at+jwt", kid },
    jwk,
  };
}

async function signed({ claims, header, jwk }: Forgery): Promise<string> {
  return await new SignJWT(claims).setProtectedHeader(header)
    .sign(await importJWK(jwk, "EdDSA"));
}

const spoilt: Record<string, (forgery: Forgery) => void> = {
  "another issuer": ({ claims }) => claims.iss = "someone",
  "another audience": ({ claims }) => claims.aud = "another-api",
  "no audience": ({ claims }) => delete claims.aud,
  "an end in the past": ({ claims }) => claims.exp = claims.iat! - 1,
  "no end": ({ claims }) => delete claims.exp,
  "a later end than we give": ({ claims }) => {
    claims.iat! -= 301 + 5;
    claims.exp! += 86_400;
  },
  "no begin": ({ claims }) => delete claims.iat,
  "a begin in the future": ({ claims }) => claims.iat! += 60,
  "a first use in the future": ({ claims }) => claims.nbf = claims.iat! + 60,
  "no login": ({ claims }) => delete claims.sid,
  "a login that does not exist": ({ claims }) => claims.sid = "ses_0",
  "another user than the login's": ({ claims }) => claims.sub = "usr_0",
  "another epoch": ({ claims }) => claims.epoch = 2,
  "no epoch": ({ claims }) => delete claims.epoch,
  "another type": ({ header }) => header.typ = "JWT",
  "no type": ({ header }) => delete header.typ,
  "an unknown key id": ({ header }) => header.kid = "other",
  "no key id": ({ header }) => delete header.kid,
  "a critical header that we do not know": ({ header }) => {
    header.crit = ["b64"];
    header["b64"] = false;
  },
};

Deno.test("authenticate() accepts an access token with every part right, and with any one wrong none", () =>
  withLogins(async (world, process) => {
    const good = await signed(await partsOf(world, process));
    assert.equal(
      (await process.sessions.authenticate(good))!.kind,
      "access",
    );
    for (const [what, spoil] of Object.entries(spoilt)) {
      // deno-lint-ignore no-await-in-loop -- one forgery after the other
      const forgery = await partsOf(world, process);
      spoil(forgery);
      // deno-lint-ignore no-await-in-loop -- as above
      const text = await signed(forgery).catch(() => null);
      if (text === null) continue;
      // deno-lint-ignore no-await-in-loop -- as above
      assert.equal(await process.sessions.authenticate(text), null, what);
    }
  }));

Deno.test("an access token ends after five minutes to the second", () =>
  withLogins(async ({ user, time }, { sessions }) => {
    const { accessToken, expiresAt } = await sessions.beginProgram(
      user,
      PROGRAM,
    );
    assert.equal(Date.parse(expiresAt), time.nowMs() + ACCESS_TOKEN_MS);
    time.advance(ACCESS_TOKEN_MS - 1);
    assert.notEqual(await sessions.authenticate(accessToken), null);
    time.advance(1);
    assert.equal(await sessions.authenticate(accessToken), null);
  }));

Deno.test("authenticate() refuses algorithm none", () =>
  withLogins(async (world, process) => {
    const { header, claims } = await partsOf(world, process);
    const payload = base64url.encode(JSON.stringify(claims));
    for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
      const head = base64url.encode(JSON.stringify({ ...header, alg }));
      for (const signature of ["", "AA"]) {
        const text = `${head}.${payload}.${signature}`;
        // deno-lint-ignore no-await-in-loop -- one forgery after the other
        assert.equal(await process.sessions.authenticate(text), null, alg);
      }
    }
  }));

Deno.test("authenticate() refuses HS256 with the public key as its secret", () =>
  withLogins(async (world, process) => {
    const { claims, header, jwk } = await partsOf(world, process);
    const { d: _, ...publicJwk } = jwk;
    const publicKey = await importJWK(publicJwk, "EdDSA", {
      extractable: true,
    });
    const secrets = [
      await exportSPKI(publicKey as CryptoKey),
      jwk.x!,
      JSON.stringify(publicJwk),
    ];
    for (const secret of secrets) {
      for (const alg of ["HS256", "HS384", "HS512"]) {
        // deno-lint-ignore no-await-in-loop -- one forgery after the other
        const text = await new SignJWT(claims)
          .setProtectedHeader({ ...header, alg })
          .sign(new TextEncoder().encode(secret.padEnd(64, "0")));
        // deno-lint-ignore no-await-in-loop -- as above
        assert.equal(await process.sessions.authenticate(text), null, alg);
      }
    }
  }));

Deno.test("authenticate() refuses other keys and algorithms, whatever the token brings along", () =>
  withLogins(async (world, process) => {
    const { claims, header } = await partsOf(world, process);
    const own = await generateKeyPair("EdDSA", {
      crv: "Ed25519",
      extractable: true,
    });
    const jwk = await exportJWK(own.publicKey);
    const fetched: string[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = (url) => {
      fetched.push(String(url));
      return Promise.reject(new TypeError("no network"));
    };
    const headers: JWTHeaderParameters[] = [
      header,
      { ...header, jwk },
      { ...header, kid: "own", jwk },
      { ...header, jku: "https://evil.example/keys" },
      { ...header, x5u: "https://evil.example/chain" },
      { ...header, x5c: ["MIIB"] },
      { ...header, kid: "../../dev/null" },
      { ...header, kid: "__proto__" },
    ];
    try {
      for (const head of headers) {
        // deno-lint-ignore no-await-in-loop -- one forgery after the other
        const text = await new SignJWT(claims).setProtectedHeader(head)
          .sign(own.privateKey);
        // deno-lint-ignore no-await-in-loop -- as above
        assert.equal(await process.sessions.authenticate(text), null);
      }
      const es = await generateKeyPair("ES256");
      const text = await new SignJWT(claims)
        .setProtectedHeader({ ...header, alg: "ES256" }).sign(es.privateKey);
      assert.equal(await process.sessions.authenticate(text), null);
    } finally {
      globalThis.fetch = fetch;
    }
    assert.deepEqual(fetched, []);
  }));

Deno.test("authenticate() refuses a token with any part changed, cut, or far too long", () =>
  withLogins(async (world, process) => {
    const { sessions } = process;
    const token = await signed(await partsOf(world, process));
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
        // deno-lint-ignore no-await-in-loop -- one change after the other
        assert.equal(await sessions.authenticate(changed.join(".")), null);
      }
    }
    const long = await signed({
      ...await partsOf(world, process),
      claims: {
        ...(await partsOf(world, process)).claims,
        x: "x".repeat(3_000),
      },
    });
    for (
      const text of ["", ".", "..", "x".repeat(50_000), `${token}x`, long]
    ) {
      // deno-lint-ignore no-await-in-loop -- one text after the other
      assert.equal(await sessions.authenticate(text), null);
    }
  }));
