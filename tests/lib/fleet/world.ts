/**
 * A whole fleet in the test's own isolate: the real feed, desk and agents, and
 * the real store over a database in memory whose writes can be refused. Time
 * moves only when the test says so.
 */
import {
  type ActorHost,
  createInlineHost,
  recordedProgram,
} from "../../../actors/mod.ts";
import type { OwnerMessage } from "../../../actors/protocol.ts";
import { behaviorOf } from "../../../agents/all_behaviors.ts";
import { recorderOf } from "../../../agents/recording/agent_recorder.ts";
import type { AgentView } from "../../../lib/contracts/agent.ts";
import {
  type AgentConfigInput,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import type { CandleFile } from "../../../lib/contracts/feed.ts";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { createDeskProgram } from "../../../lib/desk/program.ts";
import { feedProgram } from "../../../lib/exchange/feed_program.ts";
import type { HostFactories } from "../../../lib/fleet/context.ts";
import { inferenceProgram } from "../../../lib/inference/serving/inference_program.ts";
import { type RunningFleet, startFleet } from "../../../lib/fleet/fleet.ts";
import {
  createMemoryRecordings,
  type RecordingFiles,
} from "../../../lib/fleet/recording_files.ts";
import type { Caller } from "../../../lib/fleet/port.ts";
import type { KvCall, KvFault } from "../../../lib/store/kv/faults.ts";
import {
  createMemoryDatabase,
  type MemoryDatabase,
} from "../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import {
  listModels,
  modelFolders,
} from "../../../lib/inference/library/model_library.ts";
import { createEmergencyInbox } from "../../../lib/server/emergency_inbox.ts";
import { agentConfig } from "../../support/config.ts";
import {
  createDiskClock,
  type DiskClock,
  standingFiles,
} from "./disk_clock.ts";
import { fragileFiles } from "./fragile_files.ts";
import { withTempDir } from "../../support/temp.ts";
import { openMirror } from "./open_mirror.ts";
import { fleetSettings } from "./settings.ts";

/** Who commands in these tests. */
export const CALLER: Caller = {
  userId: "usr_1",
  email: "owner@example.com",
  via: "api",
};

/** Read once: while a test waits for a disk its simulated time would run on. */
const MODELS = await listModels(modelFolders({
  root: new URL("../../../", import.meta.url),
  dataDir: "",
}));

const STEP_MS = 100;
/** Steps after which a condition is given up: ten minutes of simulated time. */
const MAX_STEPS = 6_000;

/** A fleet and everything that a test does to it. */
export interface FleetWorld extends DiskClock {
  fleet: RunningFleet;
  store: OpenedStore;
  database: MemoryDatabase;
  /** Folder of the desk's journals. */
  journalDir: string;
  /** Whether they are mirrored, as where there are several hosts. */
  isMirrored: boolean;
  /** While true every write of the store is refused, as on a full disk. */
  disk: {
    isFull: boolean;
    /** While true the desk's journals take nothing. */
    areJournalsFull: boolean;
    /** While true recordings are not taken. */
    areRecordingsFull: boolean;
    /** Writes of agent records reach the database this late. */
    recordsLateMs: number;
    /** While true the mirror of the journals is not taken. */
    isMirrorFull: boolean;
    /** Decides over calls of the store before the rest of this; null leaves one to it. */
    onCall: (call: KvCall) => KvFault | null;
  };
  /** Files of the candle folder, which is the folder of the journals. */
  candleFiles: CandleFile[];
  /** Recordings of agents; they outlive a restart. */
  recordings: RecordingFiles;
  /** Events that were sent without being stored. */
  volatile: StreamEnvelope[];
  /** What the console was told. */
  errors: string[];
  recycleWishes: (string | null)[];
  hosts: Record<keyof HostFactories, ActorHost[]>;
  /** What the owner told the actors, oldest first. */
  told: { kind: keyof HostFactories; message: OwnerMessage }[];
  /** Lets time pass until something is so. */
  until(
    isSo: () => boolean | Promise<boolean>,
    what: string,
  ): Promise<void>;
  /** Spawns an agent on the simulated market and waits until it runs. */
  spawn(
    change: Partial<AgentConfigInput> & { name: string },
  ): Promise<AgentView>;
  /** Runs a command while time passes; answers with its outcome. */
  settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>>;
  /** Ends the fleet and starts another one on the same store and journals; `atOnce` is done before its agents are up. */
  restart(atOnce?: () => Promise<unknown>): Promise<void>;
}

/** Runs a test with a fleet of its own. */
export async function withFleet(
  run: (world: FleetWorld) => Promise<void>,
  { isMirrored = false }: { isMirrored?: boolean } = {},
): Promise<void> {
  await withTempDir(async (dir) => {
    const world = await createWorld(dir, isMirrored);
    try {
      await run(world);
    } finally {
      world.disk.isFull = false;
      await close(world);
    }
  });
}

async function createWorld(
  dir: string,
  isMirrored: boolean,
): Promise<FleetWorld> {
  const database = createMemoryDatabase();
  const parts = {
    ...createDiskClock(),
    database,
    journalDir: dir,
    disk: {
      isFull: false,
      areJournalsFull: false,
      areRecordingsFull: false,
      recordsLateMs: 0,
      isMirrorFull: false,
      onCall: () => null,
    },
    isMirrored,
    candleFiles: [],
    recordings: createMemoryRecordings(),
    volatile: [],
    errors: [],
    recycleWishes: [],
    hosts: { agent: [], feed: [], desk: [], inference: [] },
    told: [],
  };
  const world = parts as unknown as FleetWorld;
  world.until = async (isSo, what) => {
    for (let step = 0; step < MAX_STEPS; step++) {
      // deno-lint-ignore no-await-in-loop -- time passes step by step
      if (await isSo()) return;
      // deno-lint-ignore no-await-in-loop -- as above
      await world.clock.advance(STEP_MS);
    }
    throw new Error(`It never came that ${what}`);
  };
  world.settled = async (work) => {
    let outcome: PromiseSettledResult<Awaited<typeof work>> | null = null;
    void Promise.allSettled([work]).then(([settled]) => outcome = settled);
    await world.until(() => outcome !== null, "the work has ended");
    return outcome!;
  };
  world.spawn = async (change) => {
    const config = agentConfigSchema.parse(agentConfig(change));
    const spawned = await world.settled(
      world.fleet.spawn({ config, acknowledgeWarnings: true }, CALLER),
    );
    if (spawned.status === "rejected") throw spawned.reason;
    const { id } = spawned.value;
    await world.until(
      () => world.fleet.get(id).observed === "running",
      `${change.name} runs`,
    );
    return world.fleet.get(id);
  };
  world.restart = async (atOnce) => {
    await close(world);
    await start(world, dir, atOnce);
  };
  await start(world, dir);
  return world;
}

async function start(
  world: FleetWorld,
  dir: string,
  atOnce: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const { clock, disk } = world;
  const connection = world.database.connect({
    faults: {
      onCall: (call) => {
        const decided = disk.onCall(call);
        if (decided !== null) return decided;
        const { kind, keys } = call;
        if (kind !== "write") return { outcome: "ok" };
        const isOf = (name: string) => keys.some(([family]) => family === name);
        const isRefused = disk.isMirrorFull && isOf("journal_head");
        if (disk.isFull || isRefused) return { outcome: "fail" };
        const lateMs = disk.recordsLateMs;
        if (lateMs === 0 || !isOf("agent")) return { outcome: "ok" };
        return {
          outcome: "ok",
          delay: new Promise((resolve) => void clock.after(lateMs, resolve)),
        };
      },
    },
  });
  const rng = createRng(1);
  const random = () => rng.next();
  world.store = await createStore(connection, { time: clock, random });
  const inline = (
    kind: keyof FleetWorld["hosts"],
    program: Parameters<typeof createInlineHost>[0]["program"],
  ) => {
    const inner = createInlineHost({ program, clock });
    const host: ActorHost = {
      ports: inner.ports,
      start: (listener) => inner.start(listener),
      post(message, transfer) {
        world.told.push({ kind, message });
        inner.post(message, transfer);
      },
      terminate: () => inner.terminate(),
    };
    world.hosts[kind].push(host);
    return host;
  };
  const started = startFleet({
    clock,
    random,
    ids: createIdFactory({ nowMs: () => clock.nowMs(), random }),
    store: world.store,
    ...(world.isMirrored ? { mirror: openMirror(world) } : {}),
    hosts: {
      agent: (type) =>
        inline("agent", recordedProgram(behaviorOf(type)!, recorderOf)),
      feed: () => inline("feed", feedProgram),
      desk: () =>
        inline(
          "desk",
          createDeskProgram(
            fragileFiles(world, () => world.disk.areJournalsFull),
          ),
        ),
      inference: () => inline("inference", inferenceProgram),
    },
    settings: fleetSettings(dir, { exchanges: ["binance"] }),
    publishVolatile: (envelope) => void world.volatile.push(envelope),
    listCandleFiles: () => Promise.resolve(world.candleFiles),
    listModels: () => Promise.resolve(MODELS),
    recordingFiles: {
      ...world.recordings,
      write: (...write) =>
        world.disk.areRecordingsFull
          ? Promise.reject(new Error("No space left on device"))
          : world.recordings.write(...write),
    },
    emergencyInbox: standingFiles(
      world,
      createEmergencyInbox(`${dir}/emergency`),
    ),
    onError: (what, error) => void world.errors.push(`${what}: ${error}`),
    onRecycleWanted: (detail) => void world.recycleWishes.push(detail),
  });
  const outcome = await world.settled(started.then((fleet) => {
    world.fleet = fleet;
    return atOnce();
  }));
  if (outcome.status === "rejected") throw outcome.reason;
}

async function close(world: FleetWorld): Promise<void> {
  await world.settled(world.fleet.drain());
  await world.settled(world.store.close());
}
