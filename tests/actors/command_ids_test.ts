import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import {
  COMMAND_ANSWER_CHARS_MAX,
  COMMAND_ID_CHARS_MAX,
  COMMAND_IDS_MAX,
} from "../../actors/limits.ts";
import {
  type ActorProgram,
  type CellSnapshot,
  readCellSnapshot,
} from "../../actors/mod.ts";
import { createHarness, rejection } from "./harness.ts";

const codeOf = async (promise: Promise<unknown>) =>
  (await rejection(promise) as AppError).code;

/** Adds what it is asked to add; every change shows, so that one too many does. */
const adderProgram: ActorProgram = {
  start(runtime) {
    let total = (runtime.snapshot as { total: number } | null)?.total ?? 0;
    return {
      receive() {},
      ask(query) {
        const { add, answer } = query as { add: number; answer?: string };
        total += add;
        if (answer === "fail") throw new Error("Cannot add that");
        if (answer === "large") return "x".repeat(COMMAND_ANSWER_CHARS_MAX + 1);
        if (answer === "unclonable") return () => total;
        return total;
      },
      snapshot: () => ({ total }),
    };
  },
};

async function createAdder() {
  const harness = createHarness();
  let stored: unknown = null;
  await harness.start({
    id: "a",
    program: adderProgram,
    loadInit: () => Promise.resolve({ config: {}, snapshot: stored }),
  });
  harness.log.react = (event) => {
    if (event.type === "snapshot") stored = event.snapshot;
  };
  const add = (query: object, commandId?: string) =>
    harness.supervisor.ask(
      "a",
      { add: 1, ...query },
      commandId === undefined ? {} : { commandId },
    );
  return { ...harness, add };
}

Deno.test("ask() with a command id is carried out once and answered each time as the first time", async () => {
  const { add } = await createAdder();
  assert.equal(await add({}, "first"), 1);
  assert.equal(await add({}, "first"), 1);
  assert.equal(await add({}, "second"), 2);
  assert.equal(await add({}), 3);
  assert.equal(await add({}, "first"), 1);
});

Deno.test("ask() answers a command that failed with the same error, without trying again", async () => {
  const { add } = await createAdder();
  for (let round = 0; round < 3; round++) {
    const error = await rejection(add({ answer: "fail" }, "x")) as AppError;
    assert.equal(error.message, "Cannot add that");
    assert.equal(error.code, "ACTOR_QUERY_FAILED");
    await rejection(add({ answer: "unclonable" }, "y"));
  }
  assert.equal(await add({ add: 0 }), 2);
});

Deno.test("ask() remembers of a large answer only that it was given", async () => {
  const { add } = await createAdder();
  const first = await add({ answer: "large" }, "x") as string;
  assert.equal(first.length, COMMAND_ANSWER_CHARS_MAX + 1);
  assert.deepEqual(await add({ answer: "large" }, "x"), { done: true });
  assert.equal(await add({ add: 0 }), 1);
});

Deno.test("ask() answers a repetition together with the first, which is still under way", async () => {
  const gate = Promise.withResolvers<string>();
  let calls = 0;
  const { start, supervisor, clock } = createHarness();
  await start({
    id: "a",
    program: {
      start: () => ({
        receive() {},
        ask() {
          calls++;
          return gate.promise;
        },
      }),
    },
  });
  const answers = [1, 2].map(() => supervisor.ask("a", 0, { commandId: "x" }));
  await clock.settle();
  gate.resolve("done");
  assert.deepEqual(await Promise.all(answers), ["done", "done"]);
  assert.equal(await supervisor.ask("a", 0, { commandId: "x" }), "done");
  assert.equal(calls, 1);
});

Deno.test("a command that is under way when a snapshot is taken is never carried out twice: its outcome stays unknown", async () => {
  let calls = 0;
  let stored: unknown = null;
  const { start, supervisor, clock, hosts } = createHarness();
  await start({
    id: "a",
    program: {
      start: () => ({
        receive() {},
        ask() {
          calls++;
          return new Promise(() => {});
        },
        snapshot: () => ({}),
      }),
    },
    loadInit: () => Promise.resolve({ config: {}, snapshot: stored }),
  });
  const first = codeOf(supervisor.ask("a", 0, { commandId: "x" }));
  stored = await supervisor.requestSnapshot("a");
  hosts("a")[0]!.fail("Cannot go on");
  assert.equal(await first, "ACTOR_ENDED");
  await clock.advance(1_000);
  const again = codeOf(supervisor.ask("a", 0, { commandId: "x" }));
  assert.equal(await again, "ACTOR_ENDED");
  assert.equal(calls, 1);
});

Deno.test("a command id is remembered over a recycle, and over a crash if a snapshot was taken since", async () => {
  const { add, supervisor, clock, hosts } = await createAdder();
  await add({}, "before");
  await supervisor.restart("a", "Fresh start");
  assert.equal(await add({}, "before"), 1);
  await add({}, "lost");
  hosts("a").at(-1)!.fail("Cannot go on");
  await clock.advance(1_000);
  assert.equal(await add({}, "before"), 1);
  // The state that it had changed is gone as well, so it has to be done again.
  assert.equal(await add({}, "lost"), 2);
});

Deno.test("only the latest command ids are kept, and a snapshot of all of them stays small", async () => {
  const { add, supervisor } = await createAdder();
  for (let number = 0; number <= COMMAND_IDS_MAX; number++) {
    // deno-lint-ignore no-await-in-loop -- the order is what is tested
    await add({}, `id ${number}`);
  }
  const snapshot = await supervisor.requestSnapshot("a") as CellSnapshot;
  assert.equal(snapshot.commandIds.length, COMMAND_IDS_MAX);
  assert.equal(snapshot.commandIds[0]![0], "id 1");
  assert.ok(JSON.stringify(snapshot).length < 100 * COMMAND_IDS_MAX);
  assert.equal(await add({}, "id 1"), 2);
  assert.equal(await add({}, "id 0"), COMMAND_IDS_MAX + 2);
});

Deno.test("ask() refuses a command id that is too long, before anything is done", async () => {
  const { add } = await createAdder();
  const error = await rejection(add({}, "x".repeat(COMMAND_ID_CHARS_MAX + 1)));
  assert.match(String(error), /at most 128 characters, was 129/);
  assert.equal(await add({}), 1);
});

Deno.test("a program without a snapshot has none, and forgets its commands with a restart", async () => {
  let calls = 0;
  const { start, supervisor, log } = createHarness();
  await start({
    id: "desk",
    program: { start: () => ({ receive() {}, ask: () => ++calls }) },
  });
  await supervisor.ask("desk", 0, { commandId: "x" });
  await supervisor.ask("desk", 0, { commandId: "x" });
  assert.equal(calls, 1);
  assert.equal(await supervisor.requestSnapshot("desk"), null);
  log.events.length = 0;
  await supervisor.restart("desk", "Fresh start");
  assert.equal(log.of("snapshot").length, 0);
  assert.equal(await supervisor.ask("desk", 0, { commandId: "x" }), 2);
});

Deno.test("readCellSnapshot() takes a snapshot without envelope for version 1, and refuses a newer one", () => {
  const bare = { behavior: "tally", version: 1, state: {} };
  assert.deepEqual(readCellSnapshot(bare), {
    v: 2,
    state: bare,
    commandIds: [],
  });
  const wrapped: CellSnapshot = {
    v: 2,
    state: bare,
    commandIds: [["x", { type: "done" }]],
  };
  assert.equal(readCellSnapshot(wrapped), wrapped);
  assert.equal(readCellSnapshot(null), null);
  assert.throws(
    () => readCellSnapshot({ ...wrapped, v: 3 }),
    { code: "SNAPSHOT_UNUSABLE" },
  );
});

Deno.test("a snapshot in an envelope that is too new quarantines the actor", async () => {
  const { start } = createHarness();
  const failed = codeOf(start({
    id: "a",
    program: adderProgram,
    loadInit: () =>
      Promise.resolve({
        config: {},
        snapshot: { v: 3, state: {}, commandIds: [] },
      }),
  }));
  assert.equal(await failed, "ACTOR_START_FAILED");
});
