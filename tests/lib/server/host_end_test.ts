import assert from "node:assert/strict";
import { EXIT_CODES } from "../../../lib/core/exit_codes.ts";
import type { Console } from "../../../lib/server/console.ts";
import { createHostEnd } from "../../../lib/server/host_end.ts";

function setUp() {
  const steps: string[] = [];
  const note = (kind: string) => (message: string) => {
    steps.push(`${kind} ${message}`);
  };
  const console: Console = {
    debug: note("debug"),
    info: note("info"),
    warning: note("warning"),
    error: note("error"),
    offer: note("offer"),
    notice: note("notice"),
    with: () => console,
  };
  const end = createHostEnd({
    console,
    exit: (code) => void steps.push(`exit ${code}`),
  });
  return { steps, end };
}

Deno.test("HostEnd.begin() drains, stops listening and exits, once", async () => {
  const { steps, end } = setUp();
  end.serve({
    drain: () => Promise.resolve(void steps.push("drain")),
    shutdown: () => Promise.resolve(void steps.push("shutdown")),
  });
  await Promise.all([
    end.begin("Starting afresh", EXIT_CODES.recycle),
    end.begin("SIGTERM"),
  ]);
  assert.deepEqual(steps, [
    "info Starting afresh: stopping all agents; they go on at the next start",
    "drain",
    "shutdown",
    "info Stopped",
    "exit 75",
  ]);
});

Deno.test("HostEnd.begin() exits at once while there is nothing to drain", async () => {
  const { steps, end } = setUp();
  await end.begin("SIGINT");
  assert.equal(steps.at(-1), "exit 0");
});

Deno.test("HostEnd.begin() tells and exits with a failure when the drain breaks", async () => {
  const { steps, end } = setUp();
  end.serve({
    drain: () => Promise.reject(new Error("disk full")),
    shutdown: () => Promise.resolve(),
  });
  await end.begin("SIGTERM");
  assert.match(steps.at(-2)!, /^error Cannot stop in order/);
  assert.equal(steps.at(-1), "exit 1");
});
