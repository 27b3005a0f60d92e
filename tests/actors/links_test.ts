import assert from "node:assert/strict";
import fc from "fast-check";
import { EVENTS_LANE_MAX } from "../../actors/limits.ts";
import {
  LinkEnd,
  type LinkFrame,
  type LinkListener,
  type LinkPort,
  toLinkPort,
} from "../../actors/links.ts";
import { createMemoryPorts } from "../../actors/memory_ports.ts";
import { createSimulatedClock } from "../../actors/simulated_clock.ts";

/** In the name of each property test, so that a failure can be repeated. */
const SEED = Date.now() | 0;

const settle = () => createSimulatedClock().settle();

/** Remembers what it hears; releases only when told to. */
class Listener implements LinkListener {
  readonly messages: unknown[] = [];
  readonly defects: unknown[] = [];
  credited = 0;
  unknown = 0;
  finished = 0;
  onMessage(_end: LinkEnd, message: unknown): void {
    this.messages.push(message);
  }
  onCredit(): void {
    this.credited++;
  }
  onFinished(): void {
    this.finished++;
  }
  onUnknown(): void {
    this.unknown++;
  }
  onDefect(error: unknown): void {
    this.defects.push(error);
  }
}

/** Counts frames, to see what credit costs. */
function countFrames(port: LinkPort): { port: LinkPort; frames: LinkFrame[] } {
  const frames: LinkFrame[] = [];
  const post: LinkPort["post"] = (frame, transfer) => {
    frames.push(frame);
    port.post(frame, transfer);
  };
  return {
    frames,
    port: {
      ...port,
      post,
      listen: (f) => port.listen(f),
      close: () => port.close(),
    },
  };
}

function createPair(window: number) {
  const [leftPort, rightPort] = createMemoryPorts();
  const counted = countFrames(rightPort);
  const leftListener = new Listener();
  const rightListener = new Listener();
  const left = new LinkEnd({
    name: "right",
    port: leftPort,
    window,
    listener: leftListener,
  });
  const right = new LinkEnd({
    name: "left",
    port: counted.port,
    window,
    listener: rightListener,
  });
  left.listen();
  right.listen();
  return { left, right, leftListener, rightListener, frames: counted.frames };
}

Deno.test("LinkEnd never has more than its window under way to a receiver that takes its time", async () => {
  const { left, right, rightListener } = createPair(4);
  for (let number = 0; number < 10; number++) left.send(number);
  await settle();
  assert.deepEqual(rightListener.messages, [0, 1, 2, 3]);
  assert.equal(left.credits, 0);
  assert.equal(left.depth, 6);
  right.release();
  await settle();
  assert.deepEqual(rightListener.messages, [0, 1, 2, 3, 4]);
});

Deno.test(`LinkEnd delivers everything once and in order for any window and any pace (seed ${SEED})`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 80 }),
      fc.array(
        fc.record({
          send: fc.nat({ max: 20 }),
          release: fc.nat({ max: 20 }),
          back: fc.nat({ max: 3 }),
        }),
        { maxLength: 20 },
      ),
      async (window, rounds) => {
        const { left, right, leftListener, rightListener } = createPair(window);
        let sent = 0;
        let released = 0;
        let back = 0;
        for (const round of rounds) {
          for (let count = 0; count < round.send; count++) left.send(sent++);
          for (let count = 0; count < round.back; count++) right.send(back++);
          await settle();
          const held = rightListener.messages.length - released;
          assert.ok(held <= window);
          const count = Math.min(round.release, held);
          for (let done = 0; done < count; done++) right.release();
          released += count;
        }
        await settle();
        while (released < rightListener.messages.length) {
          right.release();
          released++;
          await settle();
        }
        assert.deepEqual(
          rightListener.messages,
          Array.from({ length: sent }, (_, number) => number),
        );
        assert.ok(leftListener.messages.length <= window);
        assert.deepEqual([leftListener.defects, rightListener.defects], [
          [],
          [],
        ]);
      },
    ),
    { seed: SEED, numRuns: 60 },
  );
});

Deno.test("LinkEnd gives credit in lots of a quarter of the window", async () => {
  const { left, right, frames } = createPair(64);
  for (let number = 0; number < 64; number++) left.send(number);
  await settle();
  for (let number = 0; number < 64; number++) right.release();
  assert.deepEqual(frames, [16, 16, 16, 16]);
});

Deno.test("LinkEnd lets credit ride on a reply, so that a dialogue needs no frames of its own", async () => {
  const { left, right, frames } = createPair(64);
  for (let number = 0; number < 3; number++) {
    left.send("ask");
    await settle();
    right.send("answer");
    right.release();
    await settle();
  }
  assert.deepEqual(frames, [["answer"], ["answer", 1], ["answer", 1]]);
  right.flush();
  await settle();
  assert.equal(left.credits, 64);
});

Deno.test("LinkEnd tells of credit only after there was none", async () => {
  const { left, right, leftListener } = createPair(2);
  left.send(1);
  await settle();
  right.release();
  await settle();
  assert.equal(leftListener.credited, 0);
  left.send(2);
  left.send(3);
  await settle();
  right.release();
  await settle();
  assert.equal(leftListener.credited, 1);
});

Deno.test("LinkEnd fails the sender when too many events wait, and loses none before", async () => {
  const { left } = createPair(1);
  for (let number = 0; number <= EVENTS_LANE_MAX; number++) left.send(number);
  assert.equal(left.depth, EVENTS_LANE_MAX);
  assert.throws(() => left.send(-1), { code: "EVENTS_OVERFLOW" });
  await settle();
});

Deno.test("LinkEnd lets only the latest market message of a key wait", async () => {
  const { left, right, rightListener } = createPair(1);
  for (let price = 1; price <= 1_000; price++) {
    left.send(price, { lane: "market", key: "BTC/USDT" });
  }
  await settle();
  right.release();
  await settle();
  assert.deepEqual(rightListener.messages, [1, 1_000]);
  assert.equal(left.conflated, 998);
});

Deno.test("LinkEnd ignores what arrives after it was closed", async () => {
  const { left, right, rightListener } = createPair(4);
  left.send("before");
  await settle();
  left.send("under way");
  right.close();
  left.send("after");
  await settle();
  assert.deepEqual(rightListener.messages, ["before"]);
  assert.equal(right.credits, 0);
});

Deno.test("LinkEnd treats a sender that breaks its window as a defect", async () => {
  const [near, far] = createMemoryPorts();
  const listener = new Listener();
  new LinkEnd({ name: "left", port: far, window: 1, listener }).listen();
  near.post(["first"]);
  near.post(["second"]);
  await settle();
  assert.equal(listener.messages.length, 1);
  assert.match(String(listener.defects[0]), /must keep to its window of 1/);
});

Deno.test("LinkEnd drops and counts frames of no known shape", async () => {
  const [near, far] = createMemoryPorts();
  const listener = new Listener();
  new LinkEnd({ name: "left", port: far, window: 1, listener }).listen();
  for (const frame of ["text", [], [1, 2, 3, 4], undefined]) {
    near.post(frame as unknown as LinkFrame);
  }
  await settle();
  assert.equal(listener.unknown, 4);
  assert.deepEqual(listener.defects, []);
});

Deno.test("memory ports clone like isolates do, and move what is transferred", async () => {
  const [near, far] = createMemoryPorts();
  const heard: unknown[] = [];
  far.listen((frame) => heard.push(frame));
  const message = { nested: [1] };
  const packed = new Float64Array([1, 2]);
  near.post([message]);
  near.post([packed], [packed.buffer]);
  message.nested.push(2);
  await settle();
  assert.deepEqual(heard, [[{ nested: [1] }], [new Float64Array([1, 2])]]);
  assert.equal(packed.length, 0);
});

Deno.test("toLinkPort() keeps order and credit over a real message channel", async () => {
  const { port1, port2 } = new MessageChannel();
  const done = Promise.withResolvers<void>();
  const heard: unknown[] = [];
  const receiver = new LinkEnd({
    name: "left",
    port: toLinkPort(port2),
    window: 4,
    listener: {
      ...new Listener(),
      onMessage(end, message) {
        heard.push(message);
        end.release();
        if (heard.length === 100) done.resolve();
      },
      onCredit: () => {},
      onFinished: () => {},
      onUnknown: () => {},
      onDefect: done.reject,
    },
  });
  const sender = new LinkEnd({
    name: "right",
    port: toLinkPort(port1),
    window: 4,
    listener: new Listener(),
  });
  receiver.listen();
  sender.listen();
  for (let number = 0; number < 100; number++) sender.send(number);
  await done.promise;
  assert.deepEqual(heard, Array.from({ length: 100 }, (_, number) => number));
  receiver.close();
  sender.close();
});
