import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../../actors/mod.ts";
import type { Installed } from "../../../../lib/inference/install/install_runtime.ts";
import {
  FETCH_MS_MAX,
  LOOK_EVERY_MS,
  UNANSWERED_MS,
} from "../../../../lib/inference/install/limits.ts";
import { RuntimeKeeper } from "../../../../lib/inference/install/runtime_keeper.ts";
import {
  readRequest,
  requestRuntime,
} from "../../../../lib/inference/install/runtime_request.ts";
import {
  readState,
  STATE_FILE,
  writeState,
} from "../../../../lib/inference/install/runtime_state.ts";
import { lookForRuntime } from "../../../../lib/inference/install/runtime_wait.ts";
import {
  pretendInstalled,
  type RuntimeProject,
  withRuntimeProject,
} from "./runtime_folder.ts";

const HOST = 4_711;

/** A keeper whose installations end when the test says so. */
class World {
  readonly clock = createSimulatedClock();
  readonly lines: string[] = [];
  readonly installs: {
    signal: AbortSignal;
    end(installed: Installed): void;
  }[] = [];
  readonly keeper: RuntimeKeeper;
  #heard = Promise.withResolvers<void>();

  constructor(readonly place: RuntimeProject["place"]) {
    this.keeper = new RuntimeKeeper({
      ...place,
      clock: this.clock,
      hostPid: () => HOST,
      install: (signal) => {
        const { promise, resolve } = Promise.withResolvers<Installed>();
        this.installs.push({ signal, end: resolve });
        return promise;
      },
      say: (line) => {
        this.lines.push(line);
        this.#heard.resolve();
      },
    });
  }

  /** Resolves when the keeper says something. */
  nextLine(): Promise<void> {
    this.#heard = Promise.withResolvers();
    return this.#heard.promise;
  }

  /** Asks as a host process does. */
  async ask(hostPid = HOST): Promise<string> {
    await requestRuntime(this.place, { hostPid, nowMs: this.clock.nowMs() });
    return (await readRequest(this.place.requestPath))!.id;
  }

  /** Ends an installation; resolves when the keeper says so. */
  async end(installed: Installed): Promise<void> {
    const said = this.nextLine();
    this.installs.at(-1)!.end(installed);
    await said;
  }

  look(waitedMs = 0) {
    return lookForRuntime(this.place, waitedMs);
  }
}

function withWorld(run: (world: World) => Promise<void>): Promise<void> {
  return withRuntimeProject(async ({ place }) => {
    const world = new World(place);
    try {
      await run(world);
    } finally {
      world.keeper.close();
    }
  });
}

Deno.test("RuntimeKeeper installs once for a request of its host, whoever asks again meanwhile", async () => {
  await withWorld(async (world) => {
    await world.keeper.look();
    assert.equal(world.installs.length, 0);
    const id = await world.ask();
    await world.keeper.look();
    assert.deepEqual(await readState(world.place.folder), {
      state: "fetching",
      requestId: id,
    });
    assert.equal(await world.ask(), id);
    assert.deepEqual(await world.look(4_200), {
      kind: "waits",
      text: "fetches the ONNX runtime, 33 MB, once: 4 s so far",
    });
    await world.keeper.look();
    assert.equal(world.installs.length, 1);
    await pretendInstalled(world.place);
    await world.end({ ok: true });
    assert.deepEqual(await world.look(), { kind: "installed" });
    assert.equal(await world.ask(), id);
    assert.deepEqual(world.lines, [
      "Fetches the ONNX runtime, 33 MB, once",
      "The ONNX runtime is installed, after 0.0 s",
    ]);
  });
});

Deno.test("RuntimeKeeper looks by its clock, and leaves requests of other processes alone", async () => {
  await withWorld(async (world) => {
    await world.ask(HOST + 1);
    await world.keeper.look();
    assert.equal(world.installs.length, 0);
    // A request of an ended process does not hold up the one that runs.
    await world.ask();
    const begun = world.nextLine();
    await world.clock.advance(LOOK_EVERY_MS);
    await begun;
    assert.equal(world.installs.length, 1);
    world.keeper.close();
    assert(world.installs[0]!.signal.aborted);
  });
});

Deno.test("RuntimeKeeper tells of a failure, which counts until somebody asks anew", async () => {
  await withWorld(async (world) => {
    const first = await world.ask();
    await world.keeper.look();
    await world.end({ ok: false, reason: "no network" });
    assert.deepEqual(await world.look(), {
      kind: "failed",
      reason:
        'The ONNX runtime could not be fetched: no network; run "deno task ml runtime" in the project\'s folder, with a network, and start again what needs it',
    });
    const second = await world.ask();
    assert.notEqual(second, first);
    assert.equal((await world.look()).kind, "waits");
    await world.keeper.look();
    assert.equal(world.installs.length, 2);
    await pretendInstalled(world.place);
    await world.end({ ok: true });
    assert.equal((await world.look()).kind, "installed");
  });
});

Deno.test("RuntimeKeeper notes a failure for the newest request, also of one that came meanwhile", async () => {
  await withWorld(async (world) => {
    const first = await world.ask();
    await world.keeper.look();
    const hurried = { id: "second", hostPid: HOST, askedAtMs: 0 };
    await Deno.writeTextFile(world.place.requestPath, JSON.stringify(hurried));
    await world.keeper.look();
    assert.equal(world.installs.length, 1);
    await world.end({ ok: false, reason: "no network" });
    assert.notEqual(first, hurried.id);
    assert.equal((await world.look()).kind, "failed");
  });
});

Deno.test("lookForRuntime() gives up where nobody is asked, or nobody answers", async () => {
  await withRuntimeProject(async ({ place }) => {
    const nobody = {
      kind: "failed",
      reason:
        'The ONNX runtime is not installed, and nothing here fetches it; run "deno task ml runtime" in the project\'s folder, with a network, and start again what needs it',
    };
    assert.deepEqual(
      await lookForRuntime({ ...place, requestPath: null }, 0),
      nobody,
    );
    assert.deepEqual(await lookForRuntime(place, 0), nobody);
    await requestRuntime(place, { hostPid: 1, nowMs: 0 });
    const { id } = (await readRequest(place.requestPath))!;
    assert.equal(
      (await lookForRuntime(place, UNANSWERED_MS - 1)).kind,
      "waits",
    );
    assert.deepEqual(await lookForRuntime(place, UNANSWERED_MS), nobody);
    await writeState(place.folder, { state: "fetching", requestId: id });
    const kindAfter = async (ms: number) =>
      (await lookForRuntime(place, ms)).kind;
    assert.equal(await kindAfter(FETCH_MS_MAX), "waits");
    assert.equal(await kindAfter(FETCH_MS_MAX + UNANSWERED_MS), "failed");
    await Deno.remove(`${place.folder}/${STATE_FILE}`);
    // What was not answered in time is asked anew.
    await requestRuntime(place, { hostPid: 1, nowMs: UNANSWERED_MS });
    assert.notEqual((await readRequest(place.requestPath))!.id, id);
  });
});
