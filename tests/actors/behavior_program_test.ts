import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import {
  type Behavior,
  behaviorProgram,
  readCellSnapshot,
} from "../../actors/mod.ts";
import { createHarness, rejection } from "./harness.ts";
import { peerProgram } from "./fixtures/echo_programs.ts";

interface Tally {
  heard: unknown[];
}

const tally: Behavior<{ step: number }, Tally> = {
  name: "tally",
  snapshotVersion: 2,
  upcasters: {},
  start({ snapshot }) {
    const heard = snapshot?.heard ?? [];
    return {
      linkOpened: (link) => [
        { to: "link", link, message: "hello" },
        { to: "owner", report: `opened ${link}` },
      ],
      receive: (_link, message) => {
        heard.push(message);
        return [
          { to: "link", link: "out", message: "first" },
          { to: "link", link: "out", message: "second" },
          { to: "owner", report: heard.length },
        ];
      },
      pause: () => [{ to: "link", link: "out", message: "paused" }],
      resume: () => [],
      configure: ({ step }) => step > 1 ? "needs_restart" : "applied",
      snapshot: () => ({ heard }),
      inspect: () => heard.length,
    };
  },
};

const LINK = { from: "tally", to: "peer", fromLink: "out", toLink: "in" };

Deno.test("behaviorProgram() sends outputs in their order and answers by inspect", async () => {
  const { start, supervisor, clock, log } = createHarness();
  await start({ id: "tally", program: behaviorProgram(tally) });
  await start({ id: "peer", program: peerProgram });
  supervisor.connect(LINK);
  await supervisor.ask("peer", { send: "in" });
  await clock.settle();
  const heard = await supervisor.ask("peer", {}) as unknown[][];
  assert.deepEqual(heard.slice(1), [
    ["in", "hello"],
    ["in", "first"],
    ["in", "second"],
  ]);
  assert.deepEqual(log.reports("tally"), ["opened out", 1]);
  assert.equal(await supervisor.ask("tally", null), 1);
  assert.equal(
    await supervisor.configure("tally", { step: 2 }),
    "needs_restart",
  );
});

Deno.test("behaviorProgram() drops and counts an output for a link that is not open", async () => {
  const { start, supervisor, clock } = createHarness();
  await start({ id: "tally", program: behaviorProgram(tally) });
  await supervisor.pause("tally", "Wait");
  await clock.advance(1_000);
  const { state, heartbeat } = supervisor.status("tally")!;
  assert.equal(state, "paused");
  assert.equal(heartbeat?.dropped, 1);
});

Deno.test("behaviorProgram() gives snapshots a name and a version, and restores from them", async () => {
  const { start, supervisor } = createHarness();
  const stored = { behavior: "tally", version: 2, state: { heard: [1, 2] } };
  await start({
    id: "tally",
    program: behaviorProgram(tally),
    loadInit: () => Promise.resolve({ config: { step: 1 }, snapshot: stored }),
  });
  assert.equal(await supervisor.ask("tally", null), 2);
  const snapshot = readCellSnapshot(await supervisor.requestSnapshot("tally"));
  assert.deepEqual(snapshot?.state, stored);
});

Deno.test("requestSnapshot() with ifChanged gives one after each input, and null while none comes", async () => {
  const { start, supervisor, clock } = createHarness();
  await start({ id: "tally", program: behaviorProgram(tally) });
  await start({ id: "peer", program: peerProgram });
  const newOne = async () => {
    await clock.settle();
    const ifChanged = { ifChanged: true };
    const [first, second] = [
      await supervisor.requestSnapshot("tally", ifChanged),
      await supervisor.requestSnapshot("tally", ifChanged),
    ];
    assert.equal(second, null);
    return first !== null;
  };
  assert.ok(await newOne(), "the first of an incarnation");
  const inputs = {
    linkOpened: () => supervisor.connect(LINK),
    receive: () => supervisor.ask("peer", { send: "in" }),
    pause: () => supervisor.pause("tally", "Wait"),
    resume: () => supervisor.resume("tally", "Go on"),
    configure: () => supervisor.configure("tally", { step: 1 }),
    command: () => supervisor.ask("tally", null, { commandId: "x" }),
    linkClosed: () => supervisor.disconnect("tally", "out"),
  };
  for (const [name, give] of Object.entries(inputs)) {
    // deno-lint-ignore no-await-in-loop -- one input after the other
    await give();
    // deno-lint-ignore no-await-in-loop -- as above
    assert.ok(await newOne(), name);
  }
  await supervisor.ask("tally", null);
  assert.equal(await newOne(), false, "a question changes nothing");
  assert.notEqual(await supervisor.requestSnapshot("tally"), null);
});

Deno.test("requestSnapshot() with ifChanged gives further ones as long as the behaviour needs them", async () => {
  const { start, supervisor } = createHarness();
  let due = 3;
  const needing: typeof tally = {
    ...tally,
    start: (init) => ({
      ...tally.start(init),
      isSnapshotDue: () => due > 0,
      snapshotTaken() {
        due--;
        return [];
      },
    }),
  };
  await start({ id: "needing", program: behaviorProgram(needing) });
  const taken: boolean[] = [];
  for (let round = 0; round < 5; round++) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    const snapshot = await supervisor.requestSnapshot("needing", {
      ifChanged: true,
    });
    taken.push(snapshot !== null);
  }
  assert.deepEqual(taken, [true, true, true, false, false]);
});

const unusable = {
  "another behaviour": { behavior: "other", version: 2, state: {} },
  "a newer version": { behavior: "tally", version: 3, state: {} },
  "an older version without an upcaster": {
    behavior: "tally",
    version: 1,
    state: {},
  },
  "no known shape": { total: 5 },
};

for (const [what, snapshot] of Object.entries(unusable)) {
  Deno.test(`behaviorProgram() refuses to start from a snapshot of ${what}, and no restart is tried`, async () => {
    const { start, log } = createHarness();
    const error = await rejection(start({
      id: "tally",
      program: behaviorProgram(tally),
      loadInit: () => Promise.resolve({ config: { step: 1 }, snapshot }),
    })) as AppError;
    assert.equal(error.code, "ACTOR_START_FAILED");
    assert.match(error.message, /Cannot restore/);
    assert.equal(log.states("tally").at(-1), "quarantined");
  });
}
