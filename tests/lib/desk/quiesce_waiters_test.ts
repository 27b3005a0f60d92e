import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { QuiesceWaiters } from "../../../lib/desk/quiesce_waiters.ts";
import { QUIESCE_WITHIN_MS } from "../../../lib/desk/venue/limits.ts";

function createBench() {
  const clock = createSimulatedClock({ startMs: 0 });
  const state = { isQuiesced: false, told: 0 };
  const waiters = new QuiesceWaiters(clock, {
    isQuiesced: () => state.isQuiesced,
    onLeft: () => state.told++,
  });
  const answers: boolean[] = [];
  const wait = () => void waiters.wait().then((answer) => answers.push(answer));
  return { clock, state, waiters, answers, wait };
}

Deno.test("QuiesceWaiters.wait() answers as soon as nothing is left, and tells nobody", async () => {
  const { clock, state, waiters, answers, wait } = createBench();
  wait();
  await clock.advance(QUIESCE_WITHIN_MS - 1);
  state.isQuiesced = true;
  waiters.look();
  await clock.advance(0);
  wait();
  await clock.advance(0);
  assert.deepEqual(answers, [true, true]);
  assert.equal(state.told, 0);
});

Deno.test("QuiesceWaiters tells once that something is left, however often it is waited for, and again after a stop that was done", async () => {
  const { clock, state, waiters, answers, wait } = createBench();
  for (let asked = 0; asked < 5; asked++) {
    wait();
    wait();
    // deno-lint-ignore no-await-in-loop -- one question after the other
    await clock.advance(QUIESCE_WITHIN_MS);
  }
  assert.deepEqual(answers, Array.from({ length: 10 }, () => false));
  assert.equal(state.told, 1);
  wait();
  state.isQuiesced = true;
  waiters.look();
  state.isQuiesced = false;
  wait();
  await clock.advance(QUIESCE_WITHIN_MS);
  assert.equal(state.told, 2);
});

Deno.test("QuiesceWaiters.cancel() answers with what it knows, and tells nobody", async () => {
  const { clock, state, waiters, answers, wait } = createBench();
  wait();
  waiters.cancel();
  await clock.advance(2 * QUIESCE_WITHIN_MS);
  assert.deepEqual(answers, [false]);
  assert.equal(state.told, 0);
});
