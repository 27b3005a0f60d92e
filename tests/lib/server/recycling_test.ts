import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/mod.ts";
import { createConsole } from "../../../lib/server/console.ts";
import { createRecycling } from "../../../lib/server/recycling.ts";
import { RECYCLE_SETTLE_MS } from "../../../lib/server/limits.ts";

Deno.test("createRecycling() recycles where somebody starts the process again, and advises elsewhere", async () => {
  const clock = createSimulatedClock();
  const done: string[] = [];
  const console = {
    ...createConsole("error"),
    warning: (line: string) => done.push(`warning ${line}`),
  };
  const onRecycle = (detail: string) => done.push(`recycle ${detail}`);
  const supervised = createRecycling({ clock, console, onRecycle });
  const alone = createRecycling({ clock, console, onRecycle: undefined });
  for (const recycling of [supervised, alone]) {
    recycling.isQuiet = () => true;
    recycling.onRecycleWanted("1 thread burns");
    // deno-lint-ignore no-await-in-loop -- one after the other
    await clock.advance(RECYCLE_SETTLE_MS);
  }
  assert.deepEqual(done, [
    "recycle 1 thread burns",
    "warning 1 thread burns: restart the server when it is convenient",
  ]);
});

Deno.test("createRecycling() does nothing before somebody can say that the moment is quiet, or when the wish is gone", async () => {
  const clock = createSimulatedClock();
  const done: string[] = [];
  const recycling = createRecycling({
    clock,
    console: createConsole("error"),
    onRecycle: (detail) => done.push(detail),
  });
  recycling.onRecycleWanted("1 thread burns");
  await clock.advance(RECYCLE_SETTLE_MS * 2);
  recycling.onRecycleWanted(null);
  recycling.isQuiet = () => true;
  await clock.advance(RECYCLE_SETTLE_MS * 2);
  assert.deepEqual(done, []);
});
