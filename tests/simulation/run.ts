import { createStore, type OpenedStore } from "../../lib/store/open_store.ts";
import { CALM_MS, REST_MS } from "./limits.ts";
import { Injector } from "./injector.ts";
import type { KnownBug } from "./known_bugs.ts";
import { judge } from "./oracle/oracle.ts";
import type { Violation } from "./oracle/violation.ts";
import { ProcessDied } from "./machine/boot.ts";
import { quickClone } from "./machine/clone.ts";
import { Person } from "./person.ts";
import { whatIsNotAtRest } from "./rest.ts";
import { createScenario, type Scenario } from "./scenario.ts";
import { World } from "./world.ts";

/** How a seed is run. */
export interface RunOptions {
  /** Default: drawn from the seed. */
  scenario?: Scenario;
  bug?: KnownBug;
  onStep?: (line: string) => void;
  /** The first process dies at this point. */
  dieAtPoint?: number;
  /** Time to come to rest; default `REST_MS`. */
  restMs?: number;
}

/** What became of one run. */
export interface RunResult {
  seed: number;
  steps: number;
  /** Hash over all steps in order. */
  trace: string;
  /** Processes that there were. */
  boots: number;
  /** Points of the first process at which it could have died. */
  points: number;
  trades: number;
  /** Segments of journals that were started, besides the first ones. */
  segments: number;
  violations: readonly Violation[];
}

/** Runs one seed: chaos, rest, end, judgement. */
export async function runSeed(
  seed: number,
  options: RunOptions = {},
): Promise<RunResult> {
  const scenario = options.scenario ?? createScenario(seed);
  const world = new World({ ...options, scenario });
  const person = new Person(world);
  const result = { points: 0, trades: 0 };
  const restMs = options.restMs ?? REST_MS;
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    // What a dead process still runs into reaches nobody.
    if (!(event.reason instanceof ProcessDied)) world.uncaught(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  const { structuredClone } = globalThis;
  globalThis.structuredClone = quickClone;
  try {
    await play(world, { person, scenario, result, restMs });
    await end(world);
    const store = await reopen(world);
    result.trades = await judge({ world, person, scenario, store });
    await store.close();
  } catch (error) {
    const text = error instanceof Error ? error.stack : String(error);
    world.monitor.report("survival", `The run broke off: ${text}`);
  } finally {
    globalThis.structuredClone = structuredClone;
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
  return {
    seed,
    steps: world.trace.steps,
    trace: world.trace.hash,
    boots: world.boots,
    ...result,
    segments: world.disk.segmentsStarted,
    violations: world.monitor.violations,
  };
}

async function play(
  world: World,
  { person, scenario, result, restMs }: {
    person: Person;
    scenario: Scenario;
    result: { points: number };
    restMs: number;
  },
): Promise<void> {
  const { clock } = world;
  const injector = new Injector(world, person);
  scenario.agents.forEach((plan, number) =>
    clock.after(plan.atMs, () => person.spawn(plan, number))
  );
  for (const command of scenario.commands) {
    clock.after(command.atMs, () => person.command(command));
  }
  for (const fault of scenario.faults) {
    clock.after(fault.atMs, () => injector.inject(fault));
  }
  world.start();
  const { boot } = world;
  await clock.advance(scenario.chaosMs);
  injector.heal();
  await rest(world, { person, scenario, restMs });
  result.points = boot!.points;
}

/** Lets time pass until nothing is left to do. */
async function rest(
  world: World,
  scene: { person: Person; scenario: Scenario; restMs: number },
): Promise<void> {
  const { clock } = world;
  let left: string | null = null;
  for (let waitedMs = 0; waitedMs < scene.restMs; waitedMs += 1_000) {
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    left = await whatIsNotAtRest(world, scene);
    if (left === null) {
      // deno-lint-ignore no-await-in-loop -- as above
      await clock.advance(CALM_MS);
      // deno-lint-ignore no-await-in-loop -- as above
      left = await whatIsNotAtRest(world, scene);
      if (left === null) return;
    }
    // deno-lint-ignore no-await-in-loop -- as above
    await clock.advance(1_000);
  }
  world.monitor.report(
    "rest",
    `After ${scene.restMs} ms without faults: ${left}`,
  );
}

/** A clean shutdown, after which nothing may be missing. */
async function end(world: World): Promise<void> {
  const { running } = world;
  world.end();
  if (running === null) return;
  let isDown = false;
  void running.fleet.drain().then(() => running.store.close()).then(() => {
    isDown = true;
  }, (error) => world.uncaught(error));
  for (let second = 0; second < 60 && !isDown; second++) {
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await world.clock.advance(1_000);
  }
  if (!isDown) world.monitor.report("rest", "The shutdown did not end in 60 s");
}

/** The store as the next process would find it, read on real microtasks. */
async function reopen(world: World): Promise<OpenedStore> {
  const store = await createStore(world.database.connect(), {
    time: {
      nowMs: () => world.clock.nowMs(),
      after: () => ({ cancel: () => {} }),
      every: () => ({ cancel: () => {} }),
    },
  });
  return store;
}
