import assert from "node:assert/strict";
import { EMERGENCY_LOOK_MS } from "../../../lib/desk/emergency/limits.ts";
import { askEmergency, MemoryEmergencyFiles, rest } from "./emergency_world.ts";
import { attached } from "./program_world.ts";
import { account } from "./emergency_bench.ts";

Deno.test("a request file is taken within a look, latches, and is answered", async () => {
  const files = new MemoryEmergencyFiles();
  const bench = attached({}, { emergencyFiles: files });
  rest(bench);
  files.inbox.set(
    "halt-abcdefgh.json",
    JSON.stringify({ lever: "cancel", reason: "from outside", by: "root" }),
  );
  await bench.clock.advance(EMERGENCY_LOOK_MS);
  assert.deepEqual((await account(bench)).openOrders, []);
  const answer = JSON.parse(files.answers.get("done-abcdefgh.json")!);
  assert.equal(answer.progress[0].state, "done");
  assert.deepEqual(answer.by, { userId: null, name: "root", via: "local" });
});

Deno.test("a request is taken once by a desk, which leaves it to the others", async () => {
  const files = new MemoryEmergencyFiles();
  files.isReadOnly = true;
  files.inbox.set("halt", "");
  const bench = attached({}, { emergencyFiles: files });
  await bench.clock.advance(5 * EMERGENCY_LOOK_MS);
  const { latches } = await askEmergency(bench, { op: "state" });
  assert.equal(latches.length, 1);
  assert.equal(files.inbox.size, 1);
});
