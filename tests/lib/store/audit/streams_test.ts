import assert from "node:assert/strict";
import { streamOf } from "../../../../lib/store/audit/chain.ts";

Deno.test("streamOf() puts logins, refusals and the use of keys among the accesses, all changes among the commands", () => {
  const access = [
    "auth.login",
    "auth.logout",
    "auth.refresh",
    "session.revoke",
    "access.refusals",
    "key.use",
  ];
  const commands = [
    "agent.spawn",
    "agent.config",
    "stop",
    "auth.setup",
    "key.add",
    "key.revoke",
    "factor.confirm",
    "user.role",
    "token.create",
    "audit.seal",
  ];
  for (const action of access) {
    assert.equal(streamOf({ action, outcome: "ok" }), "access", action);
  }
  for (const action of commands) {
    assert.equal(streamOf({ action, outcome: "ok" }), "commands", action);
    assert.equal(streamOf({ action, outcome: "refused" }), "access", action);
  }
});
