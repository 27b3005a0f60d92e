import assert from "node:assert/strict";
import fc from "fast-check";
import { AppError } from "../../../../lib/core/errors.ts";
import { NothingDone } from "../../../../lib/fleet/cluster/calls.ts";
import { PEER_ASK_MS } from "../../../../lib/fleet/cluster/limits.ts";
import type { KvCall, KvFault } from "../../../../lib/store/kv/faults.ts";
import { createWorld, within } from "./calls_world.ts";

Deno.test("PeerCalls hands arguments to the host that is asked and its answer back, whatever its size", async () => {
  const world = createWorld();
  const asker = await world.process("ctl", { takesQuestions: false });
  const host = await world.process("h1");
  host.handle("echo", (args) => Promise.resolve(args));
  const big = { text: "x".repeat(300_000), when: new Date(5), map: new Map() };
  const answer = asker.call("h1", { method: "echo", args: { n: 1 } });
  assert.deepEqual(await within(world, answer), { n: 1 });
  host.handle("big", () => Promise.resolve(big));
  const second = asker.call("h1", { method: "big", args: null });
  assert.deepEqual(await within(world, second), big);
  await world.close();
});

Deno.test("PeerCalls times its questions of the last minutes, and none that are longer ago", async () => {
  const world = createWorld();
  const asker = await world.process("ctl", { takesQuestions: false });
  const host = await world.process("h1");
  host.handle("echo", (args) => Promise.resolve(args));
  await within(world, asker.call("h1", { method: "echo", args: null }));
  assert.equal(asker.roundTrips.figures()?.n, 1);
  await world.clock.advance(10 * 60_000);
  assert.equal(asker.roundTrips.figures(), null);
  await world.close();
});

Deno.test("PeerCalls brings a refusal back with code, status and fields", async () => {
  const world = createWorld();
  const asker = await world.process("ctl", { takesQuestions: false });
  const host = await world.process("h1");
  const errors = [{ pointer: "/a", code: "X", detail: "wrong" }];
  host.handle("refuse", () => {
    const cause = { quota: "agents", used: 1, limit: 1 };
    const options = { status: 409, errors, cause };
    throw new AppError("QUOTA_EXCEEDED", "Too many", options);
  });
  const work = within(
    world,
    asker.call("h1", { method: "refuse", args: null }),
  );
  await assert.rejects(work, (error: AppError) => {
    assert.equal(error.code, "QUOTA_EXCEEDED");
    assert.equal(error.status, 409);
    assert.deepEqual(error.errors, errors);
    assert.deepEqual(error.cause, { quota: "agents", used: 1, limit: 1 });
    return true;
  });
  await world.close();
});

Deno.test("PeerCalls gives up on a host that does not answer, and says that the outcome is unknown", async () => {
  const world = createWorld();
  const asker = await world.process("ctl", { takesQuestions: false });
  const host = await world.process("h1");
  host.handle("hang", () => new Promise(() => {}));
  const before = world.clock.monotonicMs();
  const work = within(world, asker.call("h1", { method: "hang", args: 1 }));
  await assert.rejects(work, {
    code: "HOST_UNREACHABLE",
    status: 503,
    isOutcomeUnknown: true,
  });
  assert.ok(world.clock.monotonicMs() - before >= PEER_ASK_MS);
  await world.close();
});

Deno.test("PeerCalls takes a question back that nobody has taken up in time, and a host that comes later does not carry it out", async () => {
  const world = createWorld();
  const asker = await world.process("ctl", { takesQuestions: false });
  const link = { isCut: false };
  const host = await world.process("h1", {
    onCall: () => ({ outcome: link.isCut ? "fail" : "ok" }),
  });
  const done: unknown[] = [];
  host.handle("do", (args) => Promise.resolve(done.push(args)));
  link.isCut = true;
  const work = within(world, asker.call("h1", { method: "do", args: "old" }));
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof NothingDone);
    assert.equal(error.isOutcomeUnknown, false);
    return true;
  });
  link.isCut = false;
  await within(world, asker.call("h1", { method: "do", args: "new" }));
  assert.deepEqual(done, ["new"]);
  await world.close();
});

Deno.test("PeerCalls asks one start of a host: the next one does not see the question, and the end of the first is told at once", async () => {
  const world = createWorld();
  const asker = await world.process("ctl", { takesQuestions: false });
  const link = { isCut: false };
  await world.process("h1", {
    onCall: () => ({ outcome: link.isCut ? "fail" : "ok" }),
  });
  link.isCut = true;
  const work = asker.call("h1", { method: "do", args: "old" });
  work.catch(() => {});
  await world.clock.advance(1_000);
  const done: unknown[] = [];
  const next = await world.process("h1");
  next.handle("do", (args) => Promise.resolve(done.push(args)));
  const before = world.clock.monotonicMs();
  asker.giveUpEnded();
  await assert.rejects(within(world, work), NothingDone);
  assert.ok(world.clock.monotonicMs() - before < 1_000);
  world.sessions.delete("h1");
  const gone = asker.call("h1", { method: "do", args: "gone" });
  await assert.rejects(gone, NothingDone);
  await world.clock.advance(PEER_ASK_MS);
  assert.deepEqual(done, []);
  await world.close();
});

Deno.test("PeerCalls has a question carried out at most once, and answers it where nothing fails for good, on links that lose acknowledgements", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), async (seed) => {
      const world = createWorld(seed);
      const onCall = ({ kind }: KvCall): KvFault => {
        if (kind !== "write" || world.rng.next() > 0.15) {
          return { outcome: "ok" };
        }
        return {
          outcome: world.rng.next() < 0.5 ? "lost_ack" : "conflict_done",
        };
      };
      const asker = await world.process("ctl", {
        takesQuestions: false,
        onCall,
      });
      // Two starts of one host: the earlier one may still be there.
      const done: number[] = [];
      for (const _ of [1, 2]) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        const host = await world.process("h1", { onCall });
        host.handle("count", (args) => {
          done.push(args as number);
          return Promise.resolve(args);
        });
      }
      const asked = Array.from({ length: 8 }, (_, n) => n);
      const answers = await within(
        world,
        Promise.allSettled(
          asked.map((n) => asker.call("h1", { method: "count", args: n })),
        ),
      );
      assert.equal(new Set(done).size, done.length, "none was done twice");
      for (const [n, answer] of answers.entries()) {
        if (answer.status === "fulfilled") assert.equal(answer.value, n);
      }
      assert.ok(answers.every(({ status }) => status === "fulfilled"));
      await world.close();
    }),
    { numRuns: 20 },
  );
});
