import assert from "node:assert/strict";
import { createMachine } from "./machine.ts";

Deno.test("agent whoami says in words what a login may do, and to what", async () => {
  await using machine = createMachine();
  const run = await machine.run("whoami");
  assert.equal(run.exitCode, 0, run.err);
  assert.match(run.err, /admin@example\.com, role admin/);
  const line = (action: string) =>
    run.out.split("\n").find((text) => text.startsWith(action)) ?? "";
  assert.match(
    line("agents.delete"),
    /delete agents and teams\s+anybody's/,
  );
  assert.match(
    line("keys.add"),
    /add exchange keys\s+your own\s+always/,
  );
  assert.match(line("agents.stop"), /stop agents\s+everywhere/);
  assert.match(line("agents.start"), /where money is traded/);
  const json = JSON.parse((await machine.run("whoami", "--json")).out);
  assert.equal(json.reach["keys.add"], "own");
});
