import assert from "node:assert/strict";
import {
  type ActorMessage,
  type OwnerMessage,
  PROTOCOL_VERSION,
} from "../../actors/protocol.ts";
import { Cell } from "../../actors/cell.ts";
import { Turn } from "../../actors/cell/turn.ts";
import { LINK_TURN_MS } from "../../actors/limits.ts";
import type { LinkPort } from "../../actors/links.ts";
import { createMemoryPorts } from "../../actors/memory_ports.ts";
import type { ActorProgram } from "../../actors/program.ts";
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../actors/simulated_clock.ts";

Deno.test("Turn is over when messages took half of the time, and then the loop had no moment for a timer", async () => {
  const clock = createSimulatedClock();
  const turn = new Turn(clock);
  turn.worked(0, LINK_TURN_MS - 1);
  assert.equal(clock.pending, 0, "not yet worth a timer");
  turn.worked(LINK_TURN_MS - 1, LINK_TURN_MS);
  assert.equal(turn.isOver(2 * LINK_TURN_MS), false);
  assert.equal(turn.isOver(2 * LINK_TURN_MS + 1), true);
  await clock.advance(0);
  assert.equal(turn.isOver(3 * LINK_TURN_MS), false, "others had their turn");
});

Deno.test("Turn sets no timer for messages that leave more than half of the time free", () => {
  const clock = createSimulatedClock();
  const turn = new Turn(clock);
  for (let atMs = 0; atMs < 100 * LINK_TURN_MS; atMs += LINK_TURN_MS) {
    turn.worked(atMs, atMs + LINK_TURN_MS / 4);
  }
  assert.equal(clock.pending, 0);
});

/** Time that each message takes, all but the turn's end. */
const WORK_MS = LINK_TURN_MS / 4;

/** Messages until the timer is set, until it is overdue, and the one that is in hand then. */
const FIRST = 4 + 5 + 1;

interface World {
  clock: SimulatedClock;
  cell: Cell;
  posted: ActorMessage[];
  received: unknown[];
  /** How much was received each time that a timer had its turn. */
  turns: number[];
  flood: LinkPort;
}

/** A cell with a loop of its own, whose program takes its time over each message; the clock moves with its work. */
async function createWorld(isAsync = false): Promise<World> {
  const clock = createSimulatedClock();
  let workedMs = 0;
  const posted: ActorMessage[] = [];
  const received: unknown[] = [];
  const turns: number[] = [];
  const program: ActorProgram = {
    start: () => ({
      receive(_link, message) {
        workedMs += WORK_MS;
        received.push(message);
        return isAsync ? Promise.resolve() : undefined;
      },
      linkClosed: (link) => void received.push(`${link} closed`),
      ask: () => received.length,
    }),
  };
  const cell = new Cell(program, {
    clock: {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs() + workedMs,
      every: (intervalMs, callback) => clock.every(intervalMs, callback),
      after: (delayMs, callback) =>
        clock.after(delayMs, () => {
          turns.push(received.length);
          callback();
        }),
    },
    telemetry: null,
    ownsLoop: true,
    post: (message) => void posted.push(message),
    close: () => {},
  });
  const [own, flood] = createMemoryPorts();
  const send = (message: OwnerMessage) => cell.handle(message);
  send({
    type: "init",
    v: PROTOCOL_VERSION,
    actorId: "slow",
    epoch: 1,
    config: null,
    snapshot: null,
    paused: false,
  });
  await clock.settle();
  send({ type: "link_open", link: "in", info: null, window: 64, port: own });
  flood.listen(() => {});
  return { clock, cell, posted, received, turns, flood };
}

/** The loop turns once: timers that are due run. */
const turnLoop = ({ clock }: World) => clock.advance(0);

for (const isAsync of [false, true]) {
  const how = isAsync ? "asynchronous" : "synchronous";
  Deno.test(`Cell with a flood of ${how} work pauses after its turn, and loses and disorders nothing`, async () => {
    const world = await createWorld(isAsync);
    const { clock, received, turns, flood } = world;
    const messages = Array.from({ length: 64 }, (_, number) => number);
    for (const number of messages) flood.post([number]);
    await clock.settle();
    assert.equal(
      received.length,
      FIRST,
      "a turn, and the message that ends it",
    );
    await turnLoop(world);
    assert.deepEqual(received, messages);
    const gaps = turns.map((at, index) => at - (turns[index - 1] ?? 0));
    assert.ok(Math.max(...gaps) <= 12, "a free moment and a turn at most");
    assert.ok(turns.length >= 6);
  });
}

Deno.test("Cell answers a question between two turns of a flood", async () => {
  const world = await createWorld();
  for (let number = 0; number < 40; number++) world.flood.post([number]);
  await world.clock.settle();
  world.cell.handle({ type: "ask", id: 9, query: null });
  await world.clock.settle();
  const answer = world.posted.find((message) => message.type === "ack");
  assert.deepEqual(answer, { type: "ack", id: 9, ok: true, value: FIRST });
  assert.equal(world.received.length, FIRST);
});

Deno.test("Cell stops between two turns, after the message in hand", async () => {
  const world = await createWorld();
  for (let number = 0; number < 40; number++) world.flood.post([number]);
  await world.clock.settle();
  world.cell.handle({ type: "stop", id: 0, reason: "stop" });
  await world.clock.settle();
  assert.equal(world.posted.at(-1)?.type, "stopped");
  await turnLoop(world);
  assert.equal(world.received.length, FIRST);
  assert.equal(world.clock.pending, 0);
});

Deno.test("Cell closes a link whose far end stopped well only after what waits of it", async () => {
  const world = await createWorld();
  for (let number = 0; number < 14; number++) world.flood.post([number]);
  world.flood.post(null);
  await world.clock.settle();
  world.cell.handle({ type: "link_close", link: "in", afterLast: true });
  assert.equal(world.received.length, FIRST);
  await turnLoop(world);
  const numbers = Array.from({ length: 14 }, (_, number) => number);
  assert.deepEqual(world.received, [...numbers, "in closed"]);
});
