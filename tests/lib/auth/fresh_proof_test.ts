import assert from "node:assert/strict";
import type { Role } from "../../../lib/contracts/policy.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import {
  type AuthSetup,
  CLIENT,
  EMAIL,
  PASSWORD,
  setUp,
  withAuth,
} from "./support.ts";

function refusedWith(code: string, status: number) {
  return (error: AppError) => error.code === code && error.status === status;
}

async function addUser({ store }: AuthSetup, id: string, role: Role) {
  const email = `${id}@example.com`;
  const isCreated = await store.users.create(
    { id, email, role, createdAt: 0 },
    {
      passwordHash: "x",
      onlyFirst: false,
      audit: {
        at: 0,
        actor: "test",
        via: "system",
        action: "user.create",
        target: id,
        outcome: "ok",
        reason: "",
        detail: {},
      },
    },
  );
  assert.ok(isCreated);
}

Deno.test("proveFresh takes the password of the user and refuses any other, slower and slower", async () => {
  await withAuth(async (setup) => {
    await setUp(setup);
    const { user } = (await setup.store.users.byEmail(EMAIL))!;
    const { auth } = setup;
    await auth.proveFresh(user, { password: PASSWORD }, CLIENT);
    const wrong = () => auth.proveFresh(user, { password: "no" }, CLIENT);
    await assert.rejects(wrong(), refusedWith("PROOF_INVALID", 403));
    // The same account as at the login: it cannot be guessed at here instead.
    let delayed = false;
    for (let attempt = 0; attempt < 20 && !delayed; attempt++) {
      // deno-lint-ignore no-await-in-loop -- each attempt follows the one before
      delayed = await wrong().then(
        () => false,
        (error: AppError) => error.code === "LOGIN_DELAYED",
      );
    }
    assert.ok(delayed);
  });
});

Deno.test("proveFresh refuses a user who is gone", async () => {
  await withAuth(async (setup) => {
    await setUp(setup);
    const gone = {
      id: "usr_gone",
      email: "gone@example.com",
      role: "risk",
      createdAt: 0,
    } as const;
    await assert.rejects(
      setup.auth.proveFresh(gone, { password: PASSWORD }, CLIENT),
      refusedWith("PROOF_INVALID", 403),
    );
  });
});

Deno.test("countOthers counts who else has the role for something", async () => {
  await withAuth(async (setup) => {
    await setUp(setup);
    const { user } = (await setup.store.users.byEmail(EMAIL))!;
    const count = (id: string) =>
      setup.auth.countOthers("emergency.release", id);
    assert.equal(await count(user.id), 0);
    await addUser(setup, "usr_trader", "trader");
    assert.equal(await count(user.id), 0);
    await addUser(setup, "usr_risk", "risk");
    assert.equal(await count(user.id), 1);
    assert.equal(await count("usr_risk"), 1);
    assert.equal(await count("usr_trader"), 2);
  });
});
