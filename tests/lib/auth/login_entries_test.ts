import assert from "node:assert/strict";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import { CLIENT, EMAIL, PASSWORD, setUp, withAuth } from "./support.ts";

async function accesses(store: OpenedStore): Promise<string[]> {
  // The entries of attempts that had to wait are not waited for.
  await store.audit({
    at: 0,
    actor: { kind: "system", id: null, name: "system" },
    via: "system",
    action: "session.mark",
    target: "",
    outcome: "ok",
    reason: "",
    detail: {},
  });
  const page = { limit: 50, cursor: null, stream: "access" } as const;
  const { items } = await store.auditPage(page);
  return items.toReversed().filter(({ action }) => action !== "session.mark")
    .map(({ actor, action, outcome, reason }) =>
      [actor.kind, action, outcome, reason].filter(Boolean).join(" ")
    );
}

Deno.test("a setup with a wrong token, attempts that had to wait, and a logout are on record", () =>
  withAuth(async (setup) => {
    const { auth, store } = setup;
    const wrong = { token: "wrong", email: EMAIL, password: PASSWORD };
    await assert.rejects(auth.setup(wrong, CLIENT));
    const token = await setUp(setup);
    const request = { email: EMAIL, password: "not this one" };
    const elsewhere = { userAgent: "test", address: "198.51.100.7" };
    for (let attempt = 0; attempt < 7; attempt++) {
      // deno-lint-ignore no-await-in-loop -- one after another
      await assert.rejects(auth.login(request, elsewhere));
    }
    const identity = await auth.authenticate(token);
    await auth.logout(identity!.sessionId, { via: "api" });
    assert.equal(await auth.authenticate(token), null);
    const refused = "anonymous auth.login refused";
    assert.deepEqual(await accesses(store), [
      "anonymous auth.setup refused wrong setup token",
      ...Array(5).fill(`${refused} wrong e-mail or password`),
      ...Array(2).fill(
        `${refused} too many failed attempts before; had to wait`,
      ),
      "user auth.logout ok",
    ]);
    const commands = await store.auditPage({ limit: 9, cursor: null });
    assert.deepEqual(commands.items.map(({ action }) => action), [
      "auth.setup",
    ]);
  }));
