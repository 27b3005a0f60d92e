import assert from "node:assert/strict";
import { payAttention } from "../../../lib/ui/client/attention.ts";
import { ManualTime } from "../store/support.ts";

const MINUTE_MS = 60_000;

Deno.test("payAttention says so every five minutes while the page is looked at, and never else", async () => {
  const time = new ManualTime();
  let isLookedAt = true;
  let turn = () => {};
  const said: number[] = [];
  const begun = time.nowMs();
  const end = payAttention({
    isLookedAt: () => isLookedAt,
    onLook: (callback) => {
      turn = callback;
      return () => turn = () => {};
    },
    schedule: (ms, run) => {
      const timer = time.after(ms, run);
      return () => void timer.cancel();
    },
    now: () => time.nowMs(),
    say: () => {
      said.push((time.nowMs() - begun) / MINUTE_MS);
      return Promise.reject(new Error("offline"));
    },
  });
  time.advance(11 * MINUTE_MS);
  assert.deepEqual(said, [5, 10]);
  isLookedAt = false;
  turn();
  time.advance(20 * MINUTE_MS);
  assert.deepEqual(said, [5, 10]);
  isLookedAt = true;
  turn();
  assert.deepEqual(said, [5, 10, 31]);
  turn();
  time.advance(5 * MINUTE_MS);
  assert.deepEqual(said, [5, 10, 31, 36]);
  end();
  time.advance(60 * MINUTE_MS);
  assert.equal(said.length, 4);
  await Promise.resolve();
});
