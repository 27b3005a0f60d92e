/**
 * Several whole fleets in the test's own isolate over one database in memory:
 * a control and hosts, each with a link to the store that can be cut. Time moves
 * only when the test says so.
 */
import {
  createInlineHost,
  recordedProgram,
  type SimulatedClock,
} from "../../../../actors/mod.ts";
import { behaviorOf } from "../../../../agents/all_behaviors.ts";
import { recorderOf } from "../../../../agents/recording/agent_recorder.ts";
import type { AgentView } from "../../../../lib/contracts/agent.ts";
import { agentConfigSchema } from "../../../../lib/contracts/agent_config.ts";
import { createIdFactory } from "../../../../lib/core/ids.ts";
import { createRng } from "../../../../lib/core/rng.ts";
import { createDeskProgram } from "../../../../lib/desk/program.ts";
import { feedProgram } from "../../../../lib/exchange/feed_program.ts";
import { type RunningFleet, startFleet } from "../../../../lib/fleet/fleet.ts";
import { inferenceProgram } from "../../../../lib/inference/serving/inference_program.ts";
import {
  createMemoryDatabase,
  type MemoryDatabase,
} from "../../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../../lib/store/open_store.ts";
import { agentConfig } from "../../../support/config.ts";
import { withTempDir } from "../../../support/temp.ts";
import { createDiskClock, type DiskClock } from "../disk_clock.ts";
import { fragileFiles } from "../fragile_files.ts";
import { openMirror } from "../open_mirror.ts";
import { fleetSettings } from "../settings.ts";
import { CALLER } from "../world.ts";

const STEP_MS = 100;
/** Steps after which a condition is given up: five minutes of simulated time. */
const MAX_STEPS = 3_000;

/** One process. */
export interface FleetProcess {
  id: string;
  fleet: RunningFleet;
  store: OpenedStore;
  /** Whether its calls to the store fail. */
  isCut: boolean;
  /** Whether others go on with its agents. */
  isFenced: boolean;
  /** What its console was told. */
  errors: string[];
}

/** The processes over one store. */
export interface Fleets {
  clock: SimulatedClock;
  /** Starts one; hosts own agents. */
  start(id: string, role: "control" | "host"): Promise<FleetProcess>;
  /** Lets time pass until something is so. */
  until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** Runs work while time passes. */
  settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>>;
  /** Spawns an agent by way of a process and waits until that shows it running at a host. */
  spawn(by: FleetProcess, name: string): Promise<AgentView>;
}

/** Runs a test with processes that end with it. */
export function withFleets(
  run: (fleets: Fleets) => Promise<void>,
): Promise<void> {
  return withTempDir(async (dir) => {
    const processes: FleetProcess[] = [];
    const diskClock = createDiskClock();
    const database = createMemoryDatabase();
    const fleets = createFleets(diskClock.clock, async (id, role) => {
      const process = await startProcess({
        id,
        role,
        dir: `${dir}/${id}`,
        diskClock,
        database,
        settled: fleets.settled,
      });
      processes.push(process);
      return process;
    });
    try {
      await run(fleets);
    } finally {
      for (const process of processes) process.isCut = false;
      for (const { fleet, store } of processes) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        await fleets.settled(fleet.drain());
        // deno-lint-ignore no-await-in-loop -- as above
        await fleets.settled(store.close());
      }
    }
  });
}

function createFleets(
  clock: SimulatedClock,
  start: Fleets["start"],
): Fleets {
  const fleets: Fleets = {
    clock,
    start,
    async until(isSo, what) {
      for (let step = 0; step < MAX_STEPS; step++) {
        // deno-lint-ignore no-await-in-loop -- time passes step by step
        if (await isSo()) return;
        // deno-lint-ignore no-await-in-loop -- as above
        await clock.advance(STEP_MS);
      }
      throw new Error(`It never came that ${what}`);
    },
    async settled(work) {
      let outcome: PromiseSettledResult<Awaited<typeof work>> | null = null;
      void Promise.allSettled([work]).then(([settled]) => outcome = settled);
      await fleets.until(() => outcome !== null, "the work has ended");
      return outcome!;
    },
    async spawn({ fleet }, name) {
      const config = agentConfigSchema.parse(agentConfig({ name }));
      const spawned = await fleets.settled(
        fleet.spawn({ config, acknowledgeWarnings: true }, CALLER),
      );
      if (spawned.status === "rejected") throw spawned.reason;
      const { id } = spawned.value;
      await fleets.until(
        () => fleet.get(id).observed === "running" && !!fleet.get(id).host,
        `${name} runs`,
      );
      return fleet.get(id);
    },
  };
  return fleets;
}

interface StartOptions {
  id: string;
  role: "control" | "host";
  dir: string;
  diskClock: DiskClock;
  database: MemoryDatabase;
  settled: Fleets["settled"];
}

async function startProcess(
  { id, role, dir, diskClock, database, settled }: StartOptions,
): Promise<FleetProcess> {
  const { clock } = diskClock;
  await Deno.mkdir(dir, { recursive: true });
  const process = {
    id,
    isCut: false,
    isFenced: false,
    errors: [] as string[],
  } as FleetProcess;
  const connection = database.connect({
    faults: { onCall: () => ({ outcome: process.isCut ? "fail" : "ok" }) },
  });
  const rng = createRng([...id].reduce((sum, c) => sum + c.charCodeAt(0), 0));
  const random = () => rng.next();
  process.store = await createStore(connection, { time: clock, random });
  const started = startFleet({
    clock,
    random,
    ids: createIdFactory({ nowMs: () => clock.nowMs(), random }),
    store: process.store,
    mirror: openMirror({ ...diskClock, store: process.store, journalDir: dir }),
    hosts: inlineHosts(diskClock),
    settings: fleetSettings(dir, { exchanges: [] }),
    publishVolatile: () => {},
    listCandleFiles: () => Promise.resolve([]),
    shared: {
      self: { id, role, version: "test", exchanges: [] },
      onFenced: () => process.isFenced = true,
      onDrainWanted: () => {},
    },
    onError: (what, error) => void process.errors.push(`${what}: ${error}`),
  });
  const outcome = await settled(started);
  if (outcome.status === "rejected") throw outcome.reason;
  process.fleet = outcome.value;
  return process;
}

function inlineHosts(
  diskClock: DiskClock,
): Parameters<typeof startFleet>[0]["hosts"] {
  const inline = (
    program: Parameters<typeof createInlineHost>[0]["program"],
  ) => createInlineHost({ program, clock: diskClock.clock });
  return {
    agent: (type) => inline(recordedProgram(behaviorOf(type)!, recorderOf)),
    feed: () => inline(feedProgram),
    desk: () => inline(createDeskProgram(fragileFiles(diskClock))),
    inference: () => inline(inferenceProgram),
  };
}
