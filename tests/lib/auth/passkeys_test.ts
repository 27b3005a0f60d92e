import assert from "node:assert/strict";
import { CHALLENGE_MS } from "../../../lib/auth/limits.ts";
import { createPasskeys } from "../../../lib/auth/passkeys/passkeys.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import { MAX_PASSKEYS } from "../../../lib/contracts/passkey.ts";
import {
  type Authenticator,
  type Cheat,
  createAuthenticator,
} from "../../support/authenticator.ts";
import { identityOf } from "../../support/users.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import { ManualTime, systemTime } from "../store/support.ts";
import { addPerson, FROM, refusedWith } from "./support.ts";

const ORIGIN = "https://fleet.example";
const SITE = { rpId: "fleet.example", origins: [ORIGIN] };
const PLACE = { site: SITE, client: FROM };
const DEVICE = { origin: ORIGIN, rpId: SITE.rpId };

async function withPasskeys(
  test: (
    setup: {
      passkeys: ReturnType<typeof createPasskeys>;
      store: Awaited<ReturnType<typeof openStore>>;
      time: ManualTime;
      identity: ReturnType<typeof identityOf>;
      add: (device: Authenticator, name?: string) => Promise<string>;
    },
  ) => Promise<void>,
): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({
    path: ":memory:",
    time: { ...systemTime, nowMs: () => time.nowMs() },
  });
  const user = await addPerson({ store }, { id: "usr_ada" });
  const identity = identityOf(user);
  const passkeys = createPasskeys({
    store: store.passkeys,
    users: store.users,
    ids: createIdFactory({ nowMs: () => time.nowMs(), random: Math.random }),
    time,
    audit: store.audit,
  });
  const add = async (device: Authenticator, name = "laptop") => {
    const options = await passkeys.registration(identity, SITE);
    const credential = device.make(options);
    return (await passkeys.register(identity, { name, credential }, PLACE)).id;
  };
  try {
    await test({ passkeys, store, time, identity, add });
  } finally {
    await store.close();
  }
}

Deno.test("a passkey is made, listed, renamed, used and removed", () =>
  withPasskeys(async ({ passkeys, store, identity, add }) => {
    const device = createAuthenticator(DEVICE);
    const id = await add(device);
    await passkeys.rename(identity, { id, name: "phone", client: FROM });
    const [view] = await passkeys.list(identity.user);
    assert.equal(view?.name, "phone");
    assert.equal(view?.lastUsedAt, null);
    const user = await passkeys.proveLogin(
      device.sign(await passkeys.loginOptions(SITE)),
      PLACE,
    );
    assert.equal(user.id, "usr_ada");
    const options = await passkeys.proofOptions(identity, SITE);
    assert.equal(options.allowCredentials?.length, 1);
    await passkeys.proveFresh(identity, device.sign(options), PLACE);
    assert.notEqual((await passkeys.list(user))[0]?.lastUsedAt, null);
    await passkeys.remove(identity, { id, client: FROM });
    assert.deepEqual(await passkeys.list(user), []);
    await assert.rejects(
      passkeys.proveLogin(
        device.sign(await passkeys.loginOptions(SITE)),
        PLACE,
      ),
      refusedWith("PASSKEY_INVALID"),
    );
    await assert.rejects(
      passkeys.remove(identity, { id, client: FROM }),
      refusedWith("PASSKEY_NOT_FOUND"),
    );
    const trail = await store.auditPage({ limit: 20, cursor: null });
    assert.deepEqual(
      trail.items.map(({ action }) => action).toReversed().slice(1),
      [
        "passkey.add",
        "passkey.rename",
        "passkey.prove",
        "passkey.prove",
        "passkey.remove",
      ],
    );
  }));

const CHEATS: Readonly<Record<string, Cheat>> = {
  "of another origin": { origin: "https://evil.example" },
  "for another host": { rpId: "evil.example" },
  "to another challenge": { challenge: "AAAA" },
  "of an owner who was not verified": { unverified: true },
  "inside the frame of another page": { crossOrigin: true },
};

for (const [what, cheat] of Object.entries(CHEATS)) {
  Deno.test(`an answer ${what} makes no passkey and proves nothing`, () =>
    withPasskeys(async ({ passkeys, identity, add }) => {
      const device = createAuthenticator(DEVICE);
      const options = await passkeys.registration(identity, SITE);
      await assert.rejects(
        passkeys.register(identity, {
          name: "x",
          credential: device.make(options, cheat),
        }, PLACE),
        refusedWith("PASSKEY_INVALID"),
      );
      await add(device);
      await assert.rejects(
        passkeys.proveLogin(
          device.sign(await passkeys.loginOptions(SITE), cheat),
          PLACE,
        ),
        refusedWith("PASSKEY_INVALID"),
      );
      await passkeys.proveLogin(
        device.sign(await passkeys.loginOptions(SITE)),
        PLACE,
      );
    }));
}

Deno.test("a challenge is good once, for five minutes, for what it was asked for and for one session", () =>
  withPasskeys(async ({ passkeys, time, identity, add }) => {
    const device = createAuthenticator(DEVICE);
    await add(device);
    const refused = (work: Promise<unknown>) =>
      assert.rejects(work, refusedWith("PASSKEY_INVALID"));
    const options = await passkeys.loginOptions(SITE);
    const signed = device.sign(options);
    await passkeys.proveLogin(signed, PLACE);
    await refused(passkeys.proveLogin(signed, PLACE));
    await refused(passkeys.proveLogin(device.sign(options), PLACE));
    const late = await passkeys.loginOptions(SITE);
    time.advance(CHALLENGE_MS);
    await refused(passkeys.proveLogin(device.sign(late), PLACE));
    const forLogin = await passkeys.loginOptions(SITE);
    await refused(passkeys.proveFresh(identity, device.sign(forLogin), PLACE));
    const ofAnother = await passkeys.proofOptions(
      { ...identity, sessionId: "ses_other" },
      SITE,
    );
    await refused(passkeys.proveFresh(identity, device.sign(ofAnother), PLACE));
    const toMake = await passkeys.registration(identity, SITE);
    await refused(passkeys.proveFresh(identity, device.sign(toMake), PLACE));
  }));

Deno.test("a counter that went back is refused and audited: there may be a copy", () =>
  withPasskeys(async ({ passkeys, store, add }) => {
    const device = createAuthenticator(DEVICE);
    await add(device);
    const sign = async (cheat: Cheat = {}) =>
      await passkeys.proveLogin(
        device.sign(await passkeys.loginOptions(SITE), cheat),
        PLACE,
      );
    await sign({ counter: 7 });
    await assert.rejects(sign({ counter: 7 }), refusedWith("PASSKEY_INVALID"));
    await assert.rejects(sign({ counter: 0 }), refusedWith("PASSKEY_INVALID"));
    const { items } = await store.auditPage({
      limit: 2,
      cursor: null,
      stream: "access",
    });
    assert(
      items.every(({ action, outcome, reason }) =>
        action === "passkey.prove" && outcome === "refused" &&
        /copied/.test(reason)
      ),
    );
    await sign({ counter: 8 });
  }));

Deno.test("a passkey is its owner's: no other person, no disabled one, no second account", () =>
  withPasskeys(async ({ passkeys, store, identity, add }) => {
    const device = createAuthenticator(DEVICE);
    await add(device);
    const other = identityOf(await addPerson({ store }, { id: "usr_ben" }), {
      sessionId: "ses_ben",
    });
    await assert.rejects(
      passkeys.proveFresh(
        other,
        device.sign(await passkeys.proofOptions(other, SITE)),
        PLACE,
      ),
      refusedWith("PASSKEY_INVALID"),
    );
    await assert.rejects(
      passkeys.proveLogin(
        device.sign(await passkeys.loginOptions(SITE), { userHandle: "dXNy" }),
        PLACE,
      ),
      refusedWith("PASSKEY_INVALID"),
    );
    const credential = device.make(await passkeys.registration(other, SITE));
    await assert.rejects(
      passkeys.register(other, { name: "x", credential }, PLACE),
      refusedWith("PASSKEY_LIMIT"),
    );
    const { user } = identity;
    await store.people.change({
      expected: user,
      user: { ...user, status: "disabled", epoch: user.epoch + 1 },
      audit: (await store.auditPage({ limit: 1, cursor: null })).items[0]!,
    });
    await assert.rejects(
      passkeys.proveLogin(
        device.sign(await passkeys.loginOptions(SITE)),
        PLACE,
      ),
      refusedWith("PASSKEY_INVALID"),
    );
  }));

Deno.test("one person has at most ten passkeys", () =>
  withPasskeys(async ({ add }) => {
    for (let n = 0; n < MAX_PASSKEYS; n++) {
      await add(createAuthenticator(DEVICE), `key ${n}`);
    }
    await assert.rejects(
      add(createAuthenticator(DEVICE), "one more"),
      refusedWith("PASSKEY_LIMIT"),
    );
  }));
