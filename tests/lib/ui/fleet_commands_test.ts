import { deepEqual, equal } from "node:assert/strict";
import type {
  AgentView,
  ControlRequest,
} from "../../../lib/contracts/agent.ts";
import type { BatchResult } from "../../../lib/contracts/agent_batch.ts";
import { BATCH_AGENTS_MAX } from "../../../lib/contracts/batch_size.ts";
import { ApiProblem } from "../../../lib/ui/client/api_client.ts";
import { Commands } from "../../../lib/ui/fleet/commands.ts";
import { planBatch, skipNote } from "../../../lib/ui/fleet/skips.ts";
import { agent } from "./fixtures.ts";

const ADMIN = { id: "usr_1", role: "admin" } as const;
const PAUSE: ControlRequest = {
  action: "pause",
  reason: "",
  positions: "close",
};
const PROBLEM = {
  type: "",
  title: "A fresh proof is needed",
  status: 403,
  detail: "Prove it",
  instance: "",
  code: "FRESH_PROOF_NEEDED",
} as const;

function stopped(id: string): AgentView {
  return agent({ id, name: id, desired: "stopped", observed: "stopped" });
}

function result(id: string, change: Partial<BatchResult> = {}): BatchResult {
  return {
    id,
    name: id,
    outcome: "accepted",
    agent: agent({ id, desired: "paused" }),
    code: null,
    status: null,
    detail: null,
    ...change,
  };
}

function commandsThat(
  answer: (id: string) => BatchResult,
  seen: AgentView[] = [],
): { commands: Commands; batches: (readonly string[])[] } {
  const batches: (readonly string[])[] = [];
  const commands = new Commands({
    user: ADMIN,
    onView: (view) => seen.push(view),
    api: {
      control: () => Promise.reject(new Error("not for several agents")),
      controlBatch: (ids, { action }) => {
        batches.push(ids);
        const results = ids.map(answer);
        return Promise.resolve({ action, accepted: 0, failed: 0, results });
      },
      controlTeam: () => Promise.reject(new Error("not for agents alone")),
      stepUp: () => Promise.resolve() as never,
    },
  });
  return { commands, batches };
}

Deno.test("Commands.run() skips agents that cannot, and tells the result of each", async () => {
  const seen: AgentView[] = [];
  const { commands, batches } = commandsThat(
    (id) =>
      id === "b"
        ? result(id, { outcome: "failed", agent: null, detail: "no answer" })
        : result(id),
    seen,
  );
  const results = await commands.run(PAUSE, [
    agent({ id: "a" }),
    agent({ id: "b" }),
    stopped("c"),
  ]);
  deepEqual(batches, [["a", "b"]]);
  deepEqual(results.map(({ refusal }) => refusal), [
    null,
    "no answer",
    "Not running",
  ]);
  equal(seen.length, 1);
  equal(commands.busy.value.size, 0);
  equal(commands.report.value?.results.length, 3);
});

Deno.test("Commands.run() sends more agents than a request takes in several, in order", async () => {
  const { commands, batches } = commandsThat((id) => result(id));
  const agents = Array.from(
    { length: BATCH_AGENTS_MAX * 2 + 1 },
    (_, index) => agent({ id: `a${index}` }),
  );
  await commands.run(PAUSE, agents);
  deepEqual(batches.map(({ length }) => length), [50, 50, 1]);
  deepEqual(batches.flat(), agents.map(({ id }) => id));
  equal(commands.progress.value, null);
  // All went as wanted: a message says so, no dialog.
  equal(commands.report.value, null);
});

Deno.test("Commands.ask() asks before it skips anything, and says why", () => {
  const { commands, batches } = commandsThat((id) => result(id));
  const mixed = [agent({ id: "a" }), stopped("c"), stopped("d")];
  commands.ask("pause", mixed);
  equal(commands.pending.value?.agents.length, 3);
  deepEqual(batches, []);
  const { able, skips } = planBatch("pause", mixed, ADMIN);
  deepEqual(able.map(({ id }) => id), ["a"]);
  deepEqual(skips, [{ reason: "Not running", names: ["c", "d"] }]);
  equal(skipNote(skips), "skips 2: not running");
});

Deno.test("Commands.run() asks for a proof where one is wanted, and goes on with what waits", async () => {
  let isProven = false;
  const sent: string[] = [];
  const commands = new Commands({
    user: ADMIN,
    onView: () => {},
    api: {
      control: (id) => {
        sent.push(`alone ${id}`);
        return Promise.resolve(agent({ id }));
      },
      controlBatch: (ids, { action }) => {
        sent.push(...ids);
        const results = ids.map((id) =>
          id === "live" && !isProven
            ? result(id, {
              outcome: "failed",
              agent: null,
              code: "FRESH_PROOF_NEEDED",
              detail: "Prove it",
            })
            : result(id)
        );
        return Promise.resolve({ action, accepted: 0, failed: 0, results });
      },
      controlTeam: () => Promise.reject(new ApiProblem(PROBLEM, null)),
      stepUp: () => Promise.resolve(void (isProven = true)) as never,
    },
  });
  const request = { ...PAUSE, action: "restart" } as const;
  await commands.run(request, [agent({ id: "live" }), agent({ id: "paper" })]);
  equal(commands.unproven.value?.goOn, "Prove and restart");
  await commands.prove({ code: "123456" });
  equal(commands.unproven.peek(), null);
  deepEqual(sent, ["live", "paper", "alone live"]);
  await commands.runTeam({ ...request, action: "start" }, {
    id: "t",
    name: "t",
  });
  equal(commands.unproven.value?.goOn, "Prove and start");
});
