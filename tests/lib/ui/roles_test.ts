import { equal } from "node:assert/strict";
import fc from "fast-check";
import { ACTIONS, mayAct, ROLES } from "../../../lib/contracts/policy.ts";
import { ownerLabel, refusalOf } from "../../../lib/ui/roles.ts";

const ADA = { id: "usr_ada", email: "ada@example.com" };

Deno.test("refusalOf() says which role is missing, or whose it is", () => {
  const trader = { id: "usr_1", role: "trader" } as const;
  equal(refusalOf(trader, "agents.spawn"), null);
  equal(refusalOf(trader, "agents.kill", { owner: ADA }), "Needs role risk");
  equal(
    refusalOf(trader, "agents.delete", { owner: ADA }),
    "Belongs to ada@example.com; you may only change your own",
  );
  equal(
    refusalOf(trader, "agents.delete", { owner: { id: "usr_2", email: null } }),
    "Belongs to another person; you may only change your own",
  );
  equal(refusalOf(trader, "agents.stop", { owner: ADA }), null);
  equal(refusalOf(trader, "agents.delete", {}), "Needs role risk");
  equal(
    refusalOf(trader, "agents.delete", { owner: { id: "usr_1", email: null } }),
    null,
  );
});

Deno.test("refusalOf() refuses exactly what the policy refuses", () => {
  fc.assert(fc.property(
    fc.constantFrom(...ROLES),
    fc.constantFrom(...ACTIONS),
    fc.constantFrom("usr_1", "usr_ada", null),
    (role, action, ownerId) => {
      const user = { id: "usr_1", role };
      const thing = ownerId === null ? {} : {
        owner: { id: ownerId, email: null },
      };
      equal(
        refusalOf(user, action, thing) === null,
        mayAct(user, action, ownerId),
      );
    },
  ));
});

Deno.test("ownerLabel() says you, who, or nobody", () => {
  const user = { id: "usr_ada", role: "viewer" } as const;
  equal(ownerLabel(user, { owner: ADA }), "you");
  equal(ownerLabel({ ...user, id: "usr_1" }, { owner: ADA }), ADA.email);
  equal(ownerLabel(user, {}), "nobody");
});
