import assert from "node:assert/strict";
import fc from "fast-check";
import { ROLES } from "../../../lib/contracts/policy.ts";
import { addPerson, refusedWith } from "./support.ts";
import { withPeople } from "./people_support.ts";

Deno.test("role and status are changed by another admin, end every login and raise the epoch", () =>
  withPeople(async ({ people, store, ended, by }) => {
    await addPerson({ store }, { id: "usr_ben", role: "viewer" });
    const admin = await by("usr_ada");
    const view = await people.change("usr_ben", { role: "risk" }, admin);
    assert.equal(view.role, "risk");
    await people.change("usr_ben", { status: "disabled" }, admin);
    await people.change("usr_ben", { status: "disabled" }, admin);
    await people.change("usr_ben", { status: "active" }, admin);
    assert.deepEqual(ended, ["usr_ben", "usr_ben", "usr_ben"]);
    assert.equal((await store.users.byId("usr_ben"))!.epoch, 4);
    for (
      const work of [
        people.change("usr_ada", { role: "viewer" }, admin),
        people.resetLink("usr_ada", { removesFactor: true }, admin),
      ]
    ) {
      await assert.rejects(work, refusedWith("USER_SELF"));
    }
    await assert.rejects(
      people.change("usr_nobody", { role: "viewer" }, admin),
      refusedWith("USER_NOT_FOUND"),
    );
    const { items } = await store.auditPage({ limit: 3, cursor: null });
    assert.deepEqual(items[2]!.detail["before"], {
      role: "viewer",
      status: "active",
    });
    assert.deepEqual(items[2]!.detail["after"], {
      role: "risk",
      status: "active",
    });
  }));

Deno.test("one active admin remains, whoever changes whom at the same time", async () => {
  const admins = ["usr_ada", "usr_ben", "usr_cyd"];
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(
          fc.record({
            by: fc.constantFrom(...admins),
            whom: fc.constantFrom(...admins),
            change: fc.oneof(
              fc.record({ role: fc.constantFrom(...ROLES) }),
              fc.record({
                status: fc.constantFrom("active" as const, "disabled" as const),
              }),
            ),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        { minLength: 1, maxLength: 4 },
      ),
      (rounds) =>
        withPeople(async ({ people, store, by }) => {
          for (const id of admins.slice(1)) {
            await addPerson({ store }, { id, role: "admin" });
          }
          for (const round of rounds) {
            // What an admin began before they lost the role goes on.
            const acting = await Promise.all(round.map(({ by: id }) => by(id)));
            await Promise.allSettled(
              round.map(({ whom, change }, index) =>
                people.change(whom, change, acting[index]!)
              ),
            );
            const all = await store.users.list();
            assert(
              all.some(({ role, status }) =>
                role === "admin" && status === "active"
              ),
            );
          }
        }),
    ),
    { numRuns: 25 },
  );
});

Deno.test("page() lists people oldest first and goes on from its cursor", () =>
  withPeople(async ({ people, store }) => {
    for (const id of ["usr_b", "usr_c", "usr_d"]) {
      await addPerson({ store }, { id });
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof people.page>> = await people.page({
        limit: 2,
        cursor,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(seen, ["usr_ada", "usr_b", "usr_c", "usr_d"]);
  }));
