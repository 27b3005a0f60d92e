import { deepEqual, equal } from "node:assert/strict";
import {
  CONTROL_ACTIONS,
  type ControlAction,
} from "../../../lib/contracts/agent.ts";
import { mainAction, whyNot } from "../../../lib/ui/fleet/actions.ts";
import { agent } from "./fixtures.ts";

function offered(source: Parameters<typeof agent>[0]): ControlAction[] {
  return CONTROL_ACTIONS.filter((action) =>
    whyNot(agent(source), action, { id: "usr_1", role: "admin" }) === null
  );
}

Deno.test("whyNot() offers an agent that is due to start what one that is up is offered", () => {
  deepEqual(offered({ desired: "running", observed: "stopped" }), [
    "pause",
    "stop",
    "restart",
    "kill",
  ]);
  deepEqual(offered({ desired: "paused", observed: "stopped" }), [
    "resume",
    "stop",
    "restart",
    "kill",
  ]);
});

Deno.test("whyNot() offers an agent at rest nothing but its start", () => {
  deepEqual(offered({ desired: "stopped", observed: "stopped" }), ["start"]);
  deepEqual(offered({ desired: "stopped", observed: "killed" }), ["start"]);
});

Deno.test("mainAction() of an agent that is due to start is that of one that is up", () => {
  equal(
    mainAction(agent({ desired: "running", observed: "stopped" })),
    "pause",
  );
  equal(
    mainAction(agent({ desired: "paused", observed: "stopped" })),
    "resume",
  );
  equal(
    mainAction(agent({ desired: "stopped", observed: "stopped" })),
    "start",
  );
});
