import assert from "node:assert/strict";
import type { ActorProgram } from "../../actors/mod.ts";
import { idleProgram, peerProgram } from "./fixtures/echo_programs.ts";
import { createHarness } from "./harness.ts";

const LINK = { from: "a", to: "b", fromLink: "out", toLink: "in" };

async function createPair() {
  const harness = createHarness();
  await harness.start({ id: "a", program: peerProgram, firstEpoch: 5 });
  await harness.start({ id: "b", program: peerProgram });
  return harness;
}

Deno.test("connect() joins two running children and tells each of the other", async () => {
  const { supervisor, clock } = await createPair();
  supervisor.connect({
    ...LINK,
    fromInfo: ({ toEpoch }) => ({ reads: `epoch ${toEpoch}` }),
    toInfo: ({ fromEpoch }) => ({ serves: `epoch ${fromEpoch}` }),
  });
  await supervisor.ask("a", { send: "out", count: 2 });
  await clock.settle();
  assert.deepEqual(await supervisor.ask("a", {}), [
    ["opened", "out", { reads: "epoch 1", peerId: "b", peerEpoch: 1 }],
  ]);
  assert.deepEqual(await supervisor.ask("b", {}), [
    ["opened", "in", { serves: "epoch 5", peerId: "a", peerEpoch: 5 }],
    ["in", { epoch: 5, number: 0 }],
    ["in", { epoch: 5, number: 1 }],
  ]);
});

Deno.test("connect() may come before either child is known", async () => {
  const { supervisor, start } = createHarness();
  supervisor.connect(LINK);
  await start({ id: "b", program: peerProgram });
  await start({ id: "a", program: peerProgram, startPaused: true });
  const heard = await supervisor.ask("b", {}) as unknown[][];
  assert.deepEqual(heard.map((entry) => entry[0]), ["opened"]);
});

Deno.test("a restart of either end wires the link anew under the new epochs", async () => {
  for (const restarting of ["a", "b"]) {
    const { supervisor, clock } = await createPair();
    supervisor.connect(LINK);
    await supervisor.restart(restarting, "Fresh start");
    await supervisor.ask("a", { send: "out" });
    await clock.settle();
    const staying = restarting === "a" ? "b" : "a";
    const heard = await supervisor.ask(staying, {}) as unknown[][];
    assert.deepEqual(heard.slice(0, 3).map((entry) => entry[0]), [
      "opened",
      "closed",
      "opened",
    ]);
    const { peerEpoch } = heard[2]![2] as { peerEpoch: number };
    assert.equal(peerEpoch, supervisor.status(restarting)?.epoch);
    const last = (await supervisor.ask("b", {}) as unknown[][]).at(-1)!;
    assert.deepEqual(last, [
      "in",
      { epoch: supervisor.status("a")?.epoch, number: 0 },
    ]);
  }
});

Deno.test("a link is closed at its living end as soon as the other end is down", async () => {
  for (const ending of ["a", "b"]) {
    const { supervisor, clock, hosts } = await createPair();
    supervisor.connect(LINK);
    hosts(ending)[0]!.fail("Cannot go on");
    await clock.settle();
    const staying = ending === "a" ? "b" : "a";
    const heard = await supervisor.ask(staying, {}) as unknown[][];
    assert.deepEqual(heard.map((entry) => entry[0]), ["opened", "closed"]);
  }
});

Deno.test("what the owner says of a link fails the start, and nothing else, if it cannot be passed on", async () => {
  const { supervisor, start, clock, log } = createHarness();
  await start({ id: "b", program: peerProgram });
  supervisor.connect({ ...LINK, fromInfo: () => ({ call: () => {} }) });
  start({ id: "a", program: peerProgram }).catch(() => {});
  await clock.settle();
  assert.equal(supervisor.status("a")?.state, "backing_off");
  assert.match(supervisor.status("a")!.cause, /^Cannot open links: /);
  assert.deepEqual(log.states("b"), ["starting", "reconciling", "running"]);
});

Deno.test("nothing of an old incarnation arrives on the link of the new one", async () => {
  const { supervisor, clock, hosts } = await createPair();
  supervisor.connect(LINK);
  await clock.settle();
  for (let round = 0; round < 4; round++) {
    const epoch = 5 + round;
    // Many messages are under way or wait for credit when the sender dies.
    void supervisor.ask("a", { send: "out", count: 200 }).catch(() => {});
    for (let hop = 0; hop < round; hop++) await Promise.resolve();
    hosts("a").at(-1)!.fail("Cannot go on");
    await clock.advance(10_000);
    assert.equal(supervisor.status("a")?.epoch, epoch + 1);
  }
  await supervisor.ask("a", { send: "out" });
  await clock.settle();
  let peerEpoch = 0;
  for (const entry of await supervisor.ask("b", {}) as unknown[][]) {
    if (entry[0] === "opened") {
      peerEpoch = (entry[2] as { peerEpoch: number }).peerEpoch;
    } else if (entry[0] === "in") {
      assert.equal((entry[1] as { epoch: number }).epoch, peerEpoch);
    }
  }
  assert.equal(peerEpoch, 9);
});

Deno.test("a receiver that takes its time never holds more than the window", async () => {
  const harness = createHarness();
  const gates: (() => void)[] = [];
  const slow: ActorProgram = {
    start: () => ({
      receive: () => new Promise<void>((resolve) => gates.push(resolve)),
    }),
  };
  const { supervisor, start, clock, log } = harness;
  await start({ id: "a", program: peerProgram });
  await start({ id: "b", program: slow });
  supervisor.connect({ ...LINK, window: 8 });
  assert.equal(await supervisor.ask("a", { send: "out", count: 20 }), 0);
  await clock.advance(1_000);
  assert.equal(gates.length, 1);
  const depths = () =>
    ["a", "b"].map((id) => {
      const beat = log.of("heartbeat").filter((event) => event.id === id).at(
        -1,
      )!;
      return [beat.heartbeat.mailboxDepth, beat.heartbeat.outboxDepth];
    });
  assert.deepEqual(depths(), [[0, 12], [7, 0]]);
  while (gates.length > 0) {
    gates.shift()!();
    await clock.settle();
  }
  await clock.advance(1_000);
  assert.deepEqual(depths(), [[0, 0], [0, 0]]);
  const { processed } = supervisor.status("b")!.heartbeat!;
  assert.equal(processed, 20);
});

Deno.test("a receiver that takes its time still gets what a sender that stopped well had sent", async () => {
  const { supervisor, start, clock } = createHarness();
  const heard: unknown[] = [];
  const gates: (() => void)[] = [];
  const slow: ActorProgram = {
    start: () => ({
      receive(_link, message) {
        heard.push((message as { number: number }).number);
        return new Promise<void>((resolve) => gates.push(resolve));
      },
      linkClosed: () => void heard.push("closed"),
    }),
  };
  await start({ id: "a", program: peerProgram });
  await start({ id: "b", program: slow });
  supervisor.connect({ ...LINK, window: 4 });
  await supervisor.ask("a", { send: "out", count: 4 });
  await supervisor.stop("a", { reason: "Done", mode: "stop" });
  while (gates.length > 0) {
    gates.shift()!();
    await clock.settle();
  }
  assert.deepEqual(heard, [0, 1, 2, 3, "closed"]);
});

Deno.test("an actor that sends more than may wait fails, and its overflow is told", async () => {
  const { supervisor, start, log, clock } = createHarness();
  await start({ id: "a", program: peerProgram });
  await start({
    id: "b",
    program: { start: () => ({ receive: () => new Promise(() => {}) }) },
  });
  supervisor.connect(LINK);
  supervisor.ask("a", { send: "out", count: 64 + 1_024 + 1 }).catch(() => {});
  await clock.settle();
  assert.equal(supervisor.status("a")?.state, "backing_off");
  assert.match(supervisor.status("a")!.cause, /lane "events" is full/);
  assert.deepEqual(log.of("mailbox_overflow"), [
    { type: "mailbox_overflow", id: "a", lane: "events" },
  ]);
});

Deno.test("sending on a link that is not open is an error of the sender", async () => {
  const { supervisor, start } = createHarness();
  await start({ id: "a", program: peerProgram });
  await assert.rejects(
    supervisor.ask("a", { send: "nowhere" }),
    /Cannot send on link "nowhere": it is not open/,
  );
});

Deno.test("disconnect() closes a link at both ends and forgets it", async () => {
  const { supervisor, clock } = await createPair();
  supervisor.connect(LINK);
  supervisor.disconnect("a", "out");
  await clock.settle();
  for (const id of ["a", "b"]) {
    const heard = await supervisor.ask(id, {}) as unknown[][];
    assert.deepEqual(heard.map((entry) => entry[0]), ["opened", "closed"]);
  }
  await supervisor.restart("a", "Fresh start");
  assert.deepEqual(await supervisor.ask("a", {}), []);
});

Deno.test("remove() forgets the links of a child as well", async () => {
  const { supervisor, start } = await createPair();
  supervisor.connect(LINK);
  await supervisor.stop("a", { reason: "Done", mode: "stop" });
  await supervisor.remove("a");
  await start({ id: "a", program: peerProgram });
  assert.deepEqual(await supervisor.ask("a", {}), []);
});

Deno.test("connect() refuses a name that is in use and a window out of bounds, and takes the same link twice", async () => {
  const { supervisor, start, clock } = await createPair();
  await start({ id: "c", program: idleProgram });
  supervisor.connect(LINK);
  supervisor.connect(LINK);
  await clock.settle();
  assert.equal((await supervisor.ask("b", {}) as unknown[]).length, 1);
  for (
    const link of [
      { ...LINK, to: "c" },
      { ...LINK, from: "c" },
      { from: "b", to: "c", fromLink: "in", toLink: "x" },
    ]
  ) {
    assert.throws(() => supervisor.connect(link), { code: "LINK_CONFLICT" });
  }
  for (const window of [0, 1.5, 5_000]) {
    assert.throws(
      () => supervisor.connect({ ...LINK, fromLink: "x", toLink: "y", window }),
      RangeError,
    );
  }
});
