/** Questions to other processes of which it is not known whether the store took them. */
import assert from "node:assert/strict";
import type { AppError } from "../../../../lib/core/errors.ts";
import { NothingDone } from "../../../../lib/fleet/cluster/calls.ts";
import type { KvCall, KvFault } from "../../../../lib/store/kv/faults.ts";
import { createWorld, within } from "./calls_world.ts";

/** Past this every late write of these tests has come. */
const ALL_LATE_MS = 60_000;

/** A process that asks and a host that notes what it carries out; `link.onCall` decides over the calls of the former. */
async function askerAndHost() {
  const world = createWorld();
  const link = { onCall: (_: KvCall): KvFault => ({ outcome: "ok" }) };
  const asker = await world.process("ctl", {
    takesQuestions: false,
    onCall: (call) => link.onCall(call),
  });
  const host = await world.process("h1");
  const done: unknown[] = [];
  host.handle("do", (args) => {
    done.push(args);
    return Promise.resolve(args);
  });
  const late = (ms: number): KvFault => ({
    outcome: "ok",
    delay: new Promise((resolve) => void world.clock.after(ms, resolve)),
  });
  return { world, link, asker, done, late };
}

/** Whether a question is being sent: nothing else writes who is asked. */
function isSending({ kind, keys }: KvCall): boolean {
  return kind === "write" &&
    keys.some(([family]) => family === "question_head");
}

const QUESTION = { method: "do", args: "old" };

Deno.test("PeerCalls ends nothing but the call whose question is refused while it is still being sent", async () => {
  const { world, link, asker, late } = await askerAndHost();
  link.onCall = (call) => isSending(call) ? late(500) : { outcome: "ok" };
  const work = asker.call("h1", QUESTION);
  work.catch(() => {});
  await world.clock.advance(100);
  // From here on nobody has the answer, and the question is not sent yet.
  await asker.close();
  await world.clock.advance(100);
  await assert.rejects(within(world, work), { code: "SERVER_DRAINING" });
  await world.close();
});

Deno.test("PeerCalls has a question that the store did not take in time carried out by nobody, and says so", async () => {
  const { world, link, asker, done, late } = await askerAndHost();
  link.onCall = (call) => isSending(call) ? late(8_000) : { outcome: "ok" };
  await assert.rejects(within(world, asker.call("h1", QUESTION)), NothingDone);
  await world.clock.advance(ALL_LATE_MS);
  assert.deepEqual(done, []);
  await world.close();
});

Deno.test("PeerCalls says that the outcome is unknown where a question can neither be sent nor taken back, and takes it back once the store answers", async () => {
  const { world, link, asker, done, late } = await askerAndHost();
  link.onCall = (call) => isSending(call) ? late(30_000) : { outcome: "fail" };
  await assert.rejects(
    within(world, asker.call("h1", QUESTION)),
    (error: AppError) => {
      assert.equal(error.code, "HOST_UNREACHABLE");
      assert.equal(error.isOutcomeUnknown, true);
      return true;
    },
  );
  link.onCall = () => ({ outcome: "ok" });
  await world.clock.advance(ALL_LATE_MS);
  assert.deepEqual(done, []);
  await world.close();
});

Deno.test("PeerCalls waits for the answer where the question was sent although the store did not say so", async () => {
  const { world, link, asker, done } = await askerAndHost();
  let isSent = false;
  link.onCall = (call) => {
    if (isSending(call)) {
      if (isSent) return { outcome: "fail" };
      isSent = true;
      return { outcome: "hang_done" };
    }
    // What became of it cannot be read before it is given up.
    const isReadBack = call.kind === "getMany" &&
      call.keys.length === 1 && call.keys[0]![0] === "op";
    return { outcome: isReadBack ? "fail" : "ok" };
  };
  const answer = await within(world, asker.call("h1", QUESTION));
  assert.equal(answer, "old");
  assert.deepEqual(done, ["old"]);
  await world.close();
});
