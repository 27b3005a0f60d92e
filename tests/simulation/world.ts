/**
 * One simulated world: the whole platform without its network, in one isolate,
 * on virtual time, from one seed.
 *
 * **Real**: the supervisor and its wiring, cells, links and mailboxes; the
 * fleet (recovery, reconciler, commands, projections); the store with its
 * deadlines, op ids and write queue; the feed, the desk with its journals, and
 * the agents' behaviour.
 *
 * **Simulated** (machine/): time and its order; the threads that actors run in,
 * which may hang, crash, vanish or burn on after their end; the channels
 * between them, which delay; the key-value database; the disk of the journals;
 * the host process, which may be killed at any effect on the outside and is
 * started again; the person who commands.
 *
 * **Faults** (scenario.ts): crash, silent exit and hang of any actor, dropped
 * heartbeats, dropped and repeated acknowledgements, repeated reports, slow
 * channels; lost and late acknowledgements, refusals, hangs, conflicts, full
 * disk, partition and deaf watches of the store; a full journal disk with torn
 * writes; a stalled main isolate; jumps of the wall clock; kill -9 and power
 * cuts of the host, also half-way from one segment of a journal to the next. A
 * living link neither drops nor reorders: message ports do not, and the protocol
 * builds on it. Out of the model: a bit that rots, a disk that lies about a
 * sync, a terminated worker whose write reaches the disk later.
 *
 * **Promised** (oracle/): after some minutes of faults they stop, the world
 * comes to rest within a bounded time, and all promises of the oracle hold.
 *
 * @module
 */
import {
  type ActorHost,
  createSimulatedClock,
  recordedProgram,
} from "../../actors/mod.ts";
import { patternDetector } from "../../agents/mod.ts";
import { recorderOf } from "../../agents/recording/agent_recorder.ts";
import { createIdFactory } from "../../lib/core/ids.ts";
import { createRng } from "../../lib/core/rng.ts";
import { NO_FILES } from "../../lib/desk/emergency/files.ts";
import { createDeskProgram } from "../../lib/desk/program.ts";
import { createFeedProgram } from "../../lib/exchange/feed_program.ts";
import { feedId } from "../../lib/fleet/context.ts";
import { inferenceProgram } from "../../lib/inference/serving/inference_program.ts";
import { type RunningFleet, startFleet } from "../../lib/fleet/fleet.ts";
import { createMemoryDatabase } from "../../lib/store/kv/memory_database.ts";
import { createStore, type OpenedStore } from "../../lib/store/open_store.ts";
import { QUEUED_STATE_MAX, REBOOT_MS, START_AT, TIMERS_MAX } from "./limits.ts";
import { Boot } from "./machine/boot.ts";
import { createMemoryFile, type MemoryFile } from "./machine/candles.ts";
import { SimulatedDisk } from "./machine/disk.ts";
import { SimulatedHost } from "./machine/host.ts";
import type { Isolate } from "./machine/isolate.ts";
import { partsAgent } from "./machine/parts_agent.ts";
import { StoreFaults } from "./machine/kv_faults.ts";
import { Trace } from "./machine/trace.ts";
import type { KnownBug } from "./known_bugs.ts";
import { Monitor } from "./oracle/monitor.ts";
import type { Scenario } from "./scenario.ts";
import { fleetSettings } from "./settings.ts";

/** What a world is made of. */
export interface WorldOptions {
  scenario: Scenario;
  /** A bug to plant. */
  bug?: KnownBug;
  /** Told each step in words. */
  onStep?: (line: string) => void;
  /** The first process dies at this point. */
  dieAtPoint?: number;
}

/** A running process with what only a world may reach. */
export interface Running {
  boot: Boot;
  store: OpenedStore;
  fleet: RunningFleet;
}

/** See the module's description. */
export class World {
  readonly clock = createSimulatedClock({ startMs: START_AT });
  readonly trace: Trace;
  readonly monitor = new Monitor();
  readonly disk: SimulatedDisk;
  readonly database = createMemoryDatabase();
  readonly storeFaults: StoreFaults;
  readonly files: readonly MemoryFile[];
  /** Hosts of the living process, newest last. */
  hosts: SimulatedHost[] = [];
  /** Longest delay of messages by actor. */
  readonly slowness = new Map<string, number>();
  /** Number of the last stored event at each start of the process. */
  readonly bootSeqs: number[] = [];
  running: Running | null = null;
  readonly #options: WorldOptions;
  readonly #random: () => number;
  #boots = 0;
  #boot: Boot | null = null;
  #isOver = false;

  constructor(options: WorldOptions) {
    const { scenario, bug } = options;
    this.#options = options;
    this.#random = createRng(scenario.seed ^ 0x5eed).next;
    this.trace = new Trace(options.onStep ?? null);
    this.disk = new SimulatedDisk({
      random: this.#random,
      watcher: this.monitor,
      tamper: bug?.storage ?? null,
    });
    this.storeFaults = new StoreFaults({
      random: this.#random,
      sleep: (ms) =>
        new Promise((resolve) => void this.clock.after(ms, resolve)),
    });
    this.files = scenario.agents.flatMap(({ config, candles }) =>
      config.feed.kind === "replay" && candles !== null
        ? [createMemoryFile(config.feed.file, { seed: config.seed, candles })]
        : []
    );
    this.clock.every(1_000, () => this.#measure());
  }

  /** The process, running or just being started. */
  get boot(): Boot | null {
    return this.#boot;
  }

  get boots(): number {
    return this.#boots;
  }

  /** Starts the host process, as its parent does. */
  start(): void {
    if (this.#isOver) return;
    const boot = new Boot({
      number: ++this.#boots,
      clock: this.clock,
      trace: this.trace,
      onDeath: () => this.#died(),
      onUncaught: (error) => this.uncaught(error),
    });
    this.#boot = boot;
    this.hosts = [];
    if (boot.number === 1 && this.#options.dieAtPoint !== undefined) {
      boot.dieAfter(this.#options.dieAtPoint);
    }
    void this.#run(boot);
  }

  /** The process is not started again. */
  end(): void {
    this.#isOver = true;
  }

  uncaught(error: unknown): void {
    const text = error instanceof Error ? error.stack : String(error);
    this.monitor.report("survival", `Uncaught in the host: ${text}`);
  }

  /** The newest host of an actor that is not dead. */
  hostOf(id: string): SimulatedHost | null {
    return this.hosts.findLast(({ isolate }) =>
      isolate.id === id && !isolate.isDead
    ) ?? null;
  }

  #died(): void {
    this.running = null;
    this.#boot = null;
    const [least, most] = REBOOT_MS;
    const pauseMs = least + Math.floor(this.#random() * (most - least));
    this.clock.after(pauseMs, () => this.start());
  }

  async #run(boot: Boot): Promise<void> {
    try {
      const connection = this.database.connect({
        schedule: (step) =>
          void boot.later(0, () => boot.main.enter("store", step)),
        faults: this.storeFaults,
      });
      boot.onEnd(() => connection.cut());
      const store = await createStore(connection, {
        time: boot.clock,
        random: this.#random,
      });
      this.bootSeqs.push(store.events.headSeq());
      const fleet = await this.#startFleet(boot, store);
      if (boot.isAlive) this.running = { boot, store, fleet };
    } catch {
      // It ends with one sentence and is started again by its parent.
      boot.die();
    }
  }

  #startFleet(boot: Boot, store: OpenedStore): Promise<RunningFleet> {
    return startFleet({
      clock: boot.clock,
      random: this.#random,
      ids: createIdFactory({
        nowMs: () => boot.clock.nowMs(),
        random: this.#random,
      }),
      store,
      hosts: {
        agent: () =>
          this.#host(
            boot,
            "agent",
            () =>
              recordedProgram(
                this.#options.scenario.usesParts === true
                  ? partsAgent
                  : patternDetector,
                recorderOf,
              ),
          ),
        desk: () =>
          this.#host(
            boot,
            "desk:paper",
            (isolate) =>
              createDeskProgram(this.disk.filesOf(isolate), {
                segmentBytes: this.#options.scenario.segmentBytes,
                endedBytes: this.#options.scenario.endedBytes,
                // The simulated disk has no such folder.
                emergencyFiles: NO_FILES,
              }),
          ),
        inference: () => this.#host(boot, "inference", () => inferenceProgram),
        feed: (source) =>
          this.#host(
            boot,
            feedId(source),
            () => createFeedProgram(() => this.#candleFiles()),
          ),
      },
      settings: fleetSettings(this.#options.scenario.seed),
      publishVolatile: () => {},
      listCandleFiles: () =>
        Promise.resolve(this.files.map(({ file }) => ({ file, bytes: 1 }))),
      onError: () => {},
    });
  }

  #host(
    boot: Boot,
    id: string,
    program: (isolate: Isolate) => ReturnType<typeof createDeskProgram>,
  ): ActorHost {
    const host = new SimulatedHost({
      boot,
      id,
      program,
      delayMs: (actorId) => this.#delayMs(actorId),
      onFrame: (taken) => this.monitor.frame(taken),
      onTaken: () => this.monitor.taken(),
      onHeartbeat: (actorId, heartbeat) =>
        this.monitor.heartbeat(actorId, heartbeat),
      tamper: this.#options.bug?.host?.(this) ?? null,
    });
    boot.onEnd(() => host.vanish());
    this.hosts.push(host);
    return host;
  }

  #candleFiles() {
    return {
      acquire: (name: string) => {
        const found = this.files.find(({ file }) => file === name);
        return found === undefined
          ? Promise.reject(new Error(`There is no file ${name}`))
          : Promise.resolve(found.series);
      },
      release: () => {},
    };
  }

  #delayMs(id: string): number {
    const upToMs = this.slowness.get(id) ?? 0;
    return upToMs === 0 ? 0 : Math.floor(this.#random() * upToMs);
  }

  #measure(): void {
    const queued = this.running?.store.stats().queuedState ?? 0;
    if (queued > QUEUED_STATE_MAX) {
      this.monitor.report("P8", `${queued} changes wait for the store`);
    }
    if (this.clock.pending > TIMERS_MAX) {
      this.monitor.report("P8", `${this.clock.pending} timers are set`);
    }
  }
}
