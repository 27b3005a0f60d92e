import assert from "node:assert/strict";
import { CONTROL_ACTIONS } from "../../../lib/contracts/agent.ts";
import { TEAM_ACTIONS } from "../../../lib/contracts/team.ts";
import { actionWords } from "../../../lib/ui/audit/audit_words.ts";

Deno.test("actionWords() has words for every command to an agent and to a team", () => {
  const done = [
    ...CONTROL_ACTIONS.map((action) => `agent.${action}`),
    ...TEAM_ACTIONS.map((action) => `team.${action}`),
    "agent.delete",
    "team.delete",
  ];
  for (const action of done) {
    assert.match(
      actionWords({ action, outcome: "ok" }),
      /^[A-Z][a-z ]+ the (agent|team)$/,
      action,
    );
  }
});

Deno.test("actionWords() says of a refusal what was tried, and of what has no words its name", () => {
  const of = (action: string, outcome: "ok" | "refused") =>
    actionWords({ action, outcome });
  assert.equal(of("agents.stop", "refused"), "Stop an agent");
  assert.equal(of("backtests.run", "ok"), "Started a backtest");
  assert.equal(of("backtests.run", "refused"), "Run a backtest");
  assert.equal(of("other.thing", "ok"), "other.thing");
});

Deno.test("actionWords() tells a one-time link that was made from one that was used", () => {
  const of = (action: string) => actionWords({ action, outcome: "ok" });
  assert.equal(of("users.invite"), "Made a one-time link");
  assert.equal(of("users.accept"), "Set a password by a one-time link");
  assert.equal(of("users.reset"), "Set a new password by a one-time link");
});
