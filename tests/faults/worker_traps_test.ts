/**
 * What a Worker of Deno does to its process. Rules of the runtime rest on each
 * of these. A test that fails here says that Deno has changed, and that the
 * rule named beside it can be looked at again.
 *
 * @module
 */
import assert from "node:assert/strict";
import { startChild } from "./child.ts";

/** SIGTRAP, by which V8 ends a process that is out of memory. */
const OUT_OF_MEMORY = 133;

// Rule: the host of a worker prevents the default of its error event before anything else (actors/worker_host.ts).
Deno.test("Worker error ends the parent although it listens, unless it prevents the default", async () => {
  const doomed = await run("throws");
  assert.deepEqual(doomed.lines, ["error"]);
  assert.equal(doomed.code, 1);
  assert.match(doomed.stderr, /Unhandled error in child worker/);

  const saved = startChild("worker_owner.ts", { args: ["prevented"] });
  assert.equal(await saved.nextLine(), "error");
  assert.equal(await saved.nextLine(), "alive");
  await saved.kill();
});

// Rule: heartbeats are the only sign of life (actors/supervision).
for (const what of ["closes", "exits"]) {
  Deno.test(`Worker that ${what} by itself tells its parent nothing`, async () => {
    const child = startChild("worker_owner.ts", { args: [what] });
    assert.equal(await child.nextLine(), "up");
    assert.equal(await child.nextLine(), "alive");
    await child.kill();
  });
}

// Rule: a hung worker is fenced and replaced, and its process is recycled in the end (exit code 75).
Deno.test("Worker in a busy loop goes on burning a core after terminate()", async () => {
  const child = startChild("worker_owner.ts", { args: ["loops"] });
  assert.equal(await child.nextLine(), "up");
  const line = await child.nextLine();
  await child.kill();
  const share = Number(line?.replace("cpu ", ""));
  // Other processes may want the core, too.
  assert.ok(share > 0.2, `It used ${share} of a core`);
});

// Rule: agents are recycled at a soft heap cap, and a parent process restarts a host that died (lib/core/exit_codes.ts).
Deno.test("Worker out of memory ends the whole process", async () => {
  const ended = await run("fills", ["--v8-flags=--max-old-space-size=32"]);
  assert.deepEqual(ended.lines, []);
  assert.equal(ended.code, OUT_OF_MEMORY);
  assert.match(ended.stderr, /heap out of memory|Reached heap limit/i);
});

/** Runs the fixture to its end. */
async function run(what: string, flags: readonly string[] = []) {
  const child = startChild("worker_owner.ts", { args: [what], flags });
  const lines: string[] = [];
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- lines follow each other
    const line = await child.nextLine();
    if (line === null) return { lines, ...await child.ended() };
    lines.push(line);
  }
}
