import assert from "node:assert/strict";
import { HEARTBEAT_MS, WATCH_STALL_MS } from "../../actors/limits.ts";
import { createHarness } from "./harness.ts";
import { idleProgram } from "./fixtures/echo_programs.ts";

Deno.test("a child that hangs at any moment is found within five seconds and runs again within eight, also with the latest timer that is trusted", async () => {
  for (let phaseMs = 0; phaseMs < HEARTBEAT_MS; phaseMs += 50) {
    const { start, clock, log, hosts } = createHarness(phaseMs + 1);
    // deno-lint-ignore no-await-in-loop -- one world after the other
    await start({ id: "a", program: idleProgram });
    // deno-lint-ignore no-await-in-loop -- see above
    await clock.advance(10_000 + phaseMs);
    const hungAt = clock.nowMs();
    hosts("a")[0]!.goSilent();
    // deno-lint-ignore no-await-in-loop -- see above
    await clock.advance(3_000);
    // deno-lint-ignore no-await-in-loop -- see above
    await clock.stall(WATCH_STALL_MS);
    // deno-lint-ignore no-await-in-loop -- see above
    await clock.advance(10_000);
    const atOf = (state: string) =>
      log.changes("a").slice(3).find(({ to }) => to === state)!.at;
    assert.ok(atOf("backing_off") - hungAt <= 5_000, `phase ${phaseMs}`);
    assert.ok(atOf("running") - hungAt <= 8_000, `phase ${phaseMs}`);
  }
});
