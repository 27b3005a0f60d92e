import assert from "node:assert/strict";
import { STAMP_EVERY } from "../../actors/limits.ts";
import { LinkEnd, type LinkListener } from "../../actors/links.ts";
import { createMemoryPorts } from "../../actors/memory_ports.ts";
import { createSimulatedClock } from "../../actors/simulated_clock.ts";

Deno.test("LinkEnd stamps one message of STAMP_EVERY, and credit rides along as before", async () => {
  const [near, far] = createMemoryPorts();
  const stamps: (number | null)[] = [];
  const listener = (onMessage: LinkListener["onMessage"]): LinkListener => ({
    onMessage,
    onCredit: () => {},
    onFinished: () => {},
    onUnknown: () => assert.fail("an unknown frame"),
    onDefect: (error) => assert.fail(String(error)),
  });
  const window = STAMP_EVERY * 4;
  let nowMs = 1_000;
  const left = new LinkEnd({
    name: "right",
    port: near,
    window,
    listener: listener(() => {}),
    stampMs: () => nowMs++,
  });
  left.listen();
  new LinkEnd({
    name: "left",
    port: far,
    window,
    listener: listener((end) => {
      stamps.push(end.sentAtMs);
      end.release();
    }),
  })
    .listen();
  for (let n = 0; n < STAMP_EVERY * 3; n++) left.send(n);
  await createSimulatedClock().settle();
  const told = stamps.filter((stamp) => stamp !== null);
  assert.deepEqual(told, [1_000, 1_001, 1_002]);
  assert.equal(stamps.indexOf(1_000), STAMP_EVERY - 1);
  for (let n = 0; n < window; n++) left.send(n);
  await createSimulatedClock().settle();
  assert.equal(stamps.length, STAMP_EVERY * 3 + window);
});
