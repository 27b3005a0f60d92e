import assert from "node:assert/strict";
import * as OTPAuth from "otpauth";
import { createPageAuthorizer } from "../../lib/api/page_authorizer.ts";
import { createWorld, type World } from "../lib/api/world.ts";
import {
  type KeyOutcome,
  runKeyForm,
} from "../../routes/(_shared)/key_forms.ts";

const REQUEST = "req_of_the_form";
const FIELDS = {
  label: "main",
  exchange: "binance",
  apiKey: "canary-api-key-1234",
  secret: "canary-secret",
};

/** Sends a form as somebody of this role. */
async function submit(
  world: World,
  fields: Readonly<Record<string, string>>,
  { role = "admin", onFresh = () => Promise.resolve() }: {
    role?: keyof World["tokens"];
    onFresh?: () => Promise<void>;
  } = {},
): Promise<KeyOutcome> {
  const identity = await world.options.auth.authenticate(world.tokens[role]);
  const authorize = createPageAuthorizer(world.options);
  return await runKeyForm(
    {
      services: { ...world.options, authorize },
      identity: identity!,
      client: { address: "192.0.2.1", via: "panel", requestId: REQUEST },
      onFresh,
    },
    (name) => fields[name] ?? "",
  );
}

/** Sets a second factor up; the login counts as proven then. @returns A recovery code. */
async function enrol(world: World): Promise<string> {
  const { factor, authenticate } = world.options.auth;
  const identity = (await authenticate(world.tokens.admin))!;
  const client = { address: "192.0.2.1", via: "panel" };
  const { secret } = await factor.enrol(identity, {
    password: "any password",
    client,
  });
  const code = new OTPAuth.TOTP({ secret: OTPAuth.Secret.fromBase32(secret) })
    .generate({ timestamp: world.clock.now });
  return (await factor.confirm(identity, { code, client }))[0]!;
}

Deno.test("runKeyForm() asks for a proof without the secrets, and goes on after it", async () => {
  const world = createWorld();
  const code = await enrol(world);
  world.clock.now += 5 * 60_000;
  const asked = await submit(world, { action: "add", ...FIELDS });
  assert.equal(asked.kind, "proof");
  assert(!JSON.stringify(asked).includes("canary"));
  const wish = { action: "prove", wish: "add", label: "main", exchange: "okx" };
  const wrong = await submit(world, { ...wish, code: "12" });
  assert.equal(wrong.kind, "refused");
  assert.match(JSON.stringify(wrong), /"label":"main","exchange":"okx"/);
  const proven = await submit(world, { ...wish, code });
  assert.match(JSON.stringify(proven), /add=1&label=main&exchange=okx#add/);
  const added = await submit(world, { action: "add", ...FIELDS });
  assert.match(JSON.stringify(added), /"\/settings\/keys\?done=added&key=/);
});

Deno.test("runKeyForm() takes a proof that was given by passkey, and no empty code without one", async () => {
  const world = createWorld();
  await enrol(world);
  const wish = { action: "prove", wish: "add", label: "main", exchange: "okx" };
  const proven = await submit(world, wish);
  assert.match(JSON.stringify(proven), /add=1&label=main&exchange=okx#add/);
  world.clock.now += 5 * 60_000;
  const unproven = await submit(world, wish);
  assert.equal(unproven.kind, "refused");
  assert.match(JSON.stringify(unproven), /"code":"Enter the six digits/);
});

Deno.test("runKeyForm() has the login renewed by the form that proves a code, before the rest, and by no other", async () => {
  const world = createWorld();
  const code = await enrol(world);
  let renewals = 0;
  const onFresh = () => Promise.resolve(void renewals++);
  const prove = (given: string) =>
    submit(world, {
      action: "prove",
      wish: "allow",
      key: "key_of_nobody",
      code: given,
    }, { onFresh });
  // It was proven before, elsewhere.
  await prove("");
  await prove("000000");
  assert.equal(renewals, 0);
  const refused = await prove(code);
  assert.match(JSON.stringify(refused), /no exchange key of this id/);
  assert.equal(renewals, 1);
});

Deno.test("runKeyForm() refuses in words, at the field, and without a secret in them", async () => {
  const world = createWorld();
  await enrol(world);
  const short = await submit(world, { action: "add", ...FIELDS, secret: "s" });
  assert.match(JSON.stringify(short), /"errors":\{"secret":"Paste the secret/);
  assert(!JSON.stringify(short).includes("canary"));
  await submit(world, { action: "add", ...FIELDS });
  const twin = await submit(world, { action: "add", ...FIELDS });
  assert.match(JSON.stringify(twin), /have a key named/);
  assert(!JSON.stringify(twin).includes("canary"));
  world.fleet.held = "The disk is full";
  const held = await submit(world, { action: "add", ...FIELDS, label: "more" });
  assert.match(JSON.stringify(held), /The disk is full/);
});

Deno.test("runKeyForm() keeps to the roles, whatever a form asks for", async () => {
  const world = createWorld();
  const key = "key_1";
  for (
    const [role, action] of [
      ["viewer", "add"],
      ["operator", "test"],
      ["operator", "revoke"],
      ["trader", "allow"],
    ] as const
  ) {
    const outcome = await submit(world, { action, key, ...FIELDS }, { role });
    const text = JSON.stringify(outcome);
    assert.match(text, /needs the role .*"status":403/, action);
    assert.equal(world.audits.at(-1)!.outcome, "refused");
    assert.equal(world.audits.at(-1)!.target, "/settings/keys");
    assert.equal(world.audits.at(-1)!.requestId, REQUEST);
  }
  const unknown = await submit(world, { action: "allow", key });
  assert.match(JSON.stringify(unknown), /no exchange key of this id/);
  const nothing = await submit(world, { action: "steal", key });
  // Another person's key is as unknown as none; that somebody asked is on record.
  await enrol(world);
  await submit(world, { action: "add", ...FIELDS });
  const admin = world.options.exchangeKeys.list("usr_admin")[0]!;
  const foreign = await submit(
    world,
    { action: "test", key: admin.id },
    { role: "trader" },
  );
  assert.match(JSON.stringify(foreign), /no exchange key of this id/);
  assert.equal(world.audits.at(-1)!.target, admin.id);
  assert.equal(world.audits.at(-1)!.detail["code"], "NOT_OWNER");
  assert.match(JSON.stringify(nothing), /asks for nothing known/);
});

Deno.test("runKeyForm() replaces the secrets of a key after a proof, and says at the field what is wrong", async () => {
  const world = createWorld();
  const code = await enrol(world);
  await submit(world, { action: "add", ...FIELDS });
  const key = world.options.exchangeKeys.list("usr_admin")[0]!.id;
  world.clock.now += 5 * 60_000;
  const { apiKey, secret } = { ...FIELDS, apiKey: "canary-new-key-9876" };
  const asked = await submit(world, { action: "rotate", key, apiKey, secret });
  assert.deepEqual(asked, { kind: "proof", wish: { action: "rotate", key } });
  const proven = await submit(world, {
    action: "prove",
    wish: "rotate",
    key,
    code,
  });
  assert.match(JSON.stringify(proven), new RegExp(`rotate=${key}#rotate`));
  const short = await submit(world, {
    action: "rotate",
    key,
    apiKey,
    secret: "s",
  });
  assert.match(JSON.stringify(short), /"errors":\{"secret":"Paste the secret/);
  const done = await submit(world, { action: "rotate", key, apiKey, secret });
  assert.match(JSON.stringify(done), new RegExp(`done=rotated&key=${key}`));
  assert.equal(
    world.options.exchangeKeys.find(key)!.view.apiKeyEnd,
    "9876",
  );
  assert(!JSON.stringify([asked, short, done]).includes("canary"));
});
