import assert from "node:assert/strict";
import fc from "fast-check";
import { API_TOKENS_PER_USER_MAX } from "../../../../lib/auth/limits.ts";
import {
  apiTokenRequestSchema,
  TOKEN_SCOPES,
} from "../../../../lib/contracts/api_token.ts";
import { permissionOf } from "../../../../lib/contracts/policy.ts";
import { readToken, writeToken } from "../../../../lib/contracts/token_text.ts";
import { CALLER, settle, withLogins } from "../sessions/support.ts";

const DAY_MS = 86_400_000;
const WISH = {
  name: "nightly report",
  scopes: ["agents.read", "agents.stop"] as const,
  expiresInDays: 30,
};
const wish = () => ({ ...WISH, scopes: [...WISH.scopes] });

Deno.test("ApiTokens.create shows the text once and stores its hash alone", () =>
  withLogins(async (world, process) => {
    const { user, time } = world;
    const { apiTokens, sessions, store } = process;
    const { token, view } = await apiTokens.create(user, wish(), CALLER);
    assert.match(token, /^smc_[0-9A-Za-z]{49}$/);
    const stored = await store.apiTokens.ofUser(user.id);
    assert.ok(!JSON.stringify([stored, view]).includes(token));
    const identity = (await sessions.authenticate(token))!;
    assert.deepEqual(
      [identity.kind, identity.scopes, identity.sessionId],
      ["api_token", WISH.scopes, view.id],
    );
    await settle();
    const [seen] = await apiTokens.list(user.id);
    assert.equal(Date.parse(seen!.lastUsedAt!), time.nowMs());
    const entry = (await world.audited(process)).at(-1)!;
    assert.equal(entry.action, "tokens.create");
    assert.ok(!JSON.stringify(entry).includes(token));
  }));

Deno.test("an API token ends at its time, and when it is revoked at once", () =>
  withLogins(async ({ user, time }, { apiTokens, sessions, ended }) => {
    const first = await apiTokens.create(user, wish(), CALLER);
    const second = await apiTokens.create(user, wish(), CALLER);
    const known = (await sessions.authenticate(second.token))!;
    await apiTokens.revoke(second.view.id, CALLER);
    assert.equal(await sessions.authenticate(second.token), null);
    assert.equal(await sessions.recheck(known), null);
    assert.deepEqual(ended, [user.id]);
    await assert.rejects(apiTokens.revoke(second.view.id, CALLER), {
      code: "TOKEN_NOT_FOUND",
    });
    time.jump(30 * DAY_MS - 1);
    assert.notEqual(await sessions.authenticate(first.token), null);
    time.jump(1);
    assert.equal(await sessions.authenticate(first.token), null);
    const [view] = await apiTokens.list(user.id);
    assert.equal(view!.state, "expired");
  }));

Deno.test("ApiTokens.create refuses scopes beyond the role, and one token too many", () =>
  withLogins(async ({ user }, { apiTokens }) => {
    await assert.rejects(
      apiTokens.create(
        { ...user, role: "viewer" },
        wish(),
        CALLER,
      ),
      { code: "REQUEST_INVALID", message: /viewer may not do "agents.stop"/ },
    );
    for (let n = 0; n < API_TOKENS_PER_USER_MAX; n++) {
      // deno-lint-ignore no-await-in-loop -- one token after the other
      await apiTokens.create(user, wish(), CALLER);
    }
    await assert.rejects(apiTokens.create(user, wish(), CALLER), {
      code: "QUOTA_EXCEEDED",
      status: 409,
      message: /^You have 50 of 50 API tokens; revoke one/,
    });
  }));

Deno.test("a scope is never what takes a fresh proof, nor what belongs to a person", () => {
  for (const scope of TOKEN_SCOPES) {
    assert(
      !["always", "factor"].includes(permissionOf(scope).stepUp ?? ""),
      scope,
    );
  }
  for (const action of ["tokens.create", "sessions.revoke", "account.factor"]) {
    assert.ok(!(TOKEN_SCOPES as string[]).includes(action), action);
    const parsed = apiTokenRequestSchema.safeParse({
      ...WISH,
      scopes: [action],
    });
    assert.equal(parsed.success, false);
  }
  for (const expiresInDays of [0, 366, 1.5]) {
    const parsed = apiTokenRequestSchema.safeParse({ ...WISH, expiresInDays });
    assert.equal(parsed.success, false);
  }
});

Deno.test("writeToken keeps all 256 bits and tells a mistyped text", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(52),
      fc.constantFrom("0", "Z", "a", "-"),
      (bytes, place, other) => {
        const text = writeToken("smc_", bytes);
        assert.equal(text.length, 53);
        assert.equal(readToken(text, "smc_"), "token");
        assert.equal(readToken(text, "smr_"), "other");
        assert.equal(readToken(text.slice(0, -1), "smc_"), "mistyped");
        const changed = text.slice(0, place) + other + text.slice(place + 1);
        if (changed !== text) {
          assert.notEqual(readToken(changed, "smc_"), "token");
        }
        seen.add(bytes.toHex());
      },
    ),
  );
  assert.ok(seen.size > 50);
  const all = writeToken("smc_", new Uint8Array(32).fill(255));
  const less = writeToken("smc_", new Uint8Array(32).fill(255).fill(254, 31));
  assert.notEqual(all, less);
  assert.equal(readToken("hello", "smc_"), "other");
});
