import assert from "node:assert/strict";
import fc from "fast-check";
import { SharedSilence } from "../../../../lib/exchange/budget/shared_silence.ts";

Deno.test("SharedSilence keeps the latest end that anybody named, whatever the order", () =>
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 1 }), (ends) => {
      const time = { nowMs: () => 0 };
      const mine = SharedSilence.create(time);
      const others = new SharedSilence(mine.memory, time);
      ends.forEach((end, index) =>
        (index % 2 === 0 ? mine : others).extendTo(end)
      );
      const latest = Math.max(...ends);
      assert.equal(mine.untilMs, latest === 0 ? null : latest);
      assert.equal(others.restMs(), latest);
    }),
  ));

Deno.test("SharedSilence ends by the wall clock and is known to who shares its memory", () => {
  let now = 1_000;
  const time = { nowMs: () => now };
  const silence = SharedSilence.create(time, 1_500);
  assert.equal(silence.restMs(), 500);
  silence.begin(200);
  assert.equal(silence.restMs(), 500, "a shorter wish changes nothing");
  now = 1_500;
  assert.equal(silence.restMs(), 0);
  assert.equal(silence.untilMs, 1_500);
});

Deno.test("SharedSilence reaches a worker at once", async () => {
  const silence = SharedSilence.create({ nowMs: () => 0 });
  const code = `self.onmessage = ({ data }) => {
    Atomics.store(new BigInt64Array(data), 0, 77n);
    self.postMessage("done");
  };`;
  const worker = new Worker(
    `data:application/javascript,${encodeURIComponent(code)}`,
    { type: "module" },
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  worker.onmessage = () => resolve();
  worker.postMessage(silence.memory);
  await promise;
  worker.terminate();
  assert.equal(silence.untilMs, 77);
});
