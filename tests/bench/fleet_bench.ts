// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * A real server with a hundred agents in their workers: time from a request to
 * spawn or to restart until a client hears that the agent runs, where that time
 * goes, and memory per agent. Prints one line of JSON a figure.
 *
 * @module
 */
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { LifecycleChanged } from "../../lib/contracts/lifecycle.ts";
import { setUp, type StreamedEvent, type TestApi } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { WARM_UP_CANDLES } from "../../lib/fleet/limits.ts";
import { withTempDir } from "../support/temp.ts";

const AGENTS = 100;
const RESTARTS = 100;
const MIB_PER_KIB = 1 / 1_024;

/** Resident memory of the server in MiB. */
async function residentMiB(server: TestServer): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * MIB_PER_KIB;
}

/** Hears of every change of every agent's state by one stream. */
class LifecycleListener {
  readonly #changes: LifecycleChanged[] = [];
  #seen = 0;
  #isOver = false;
  #wake: () => void = () => {};
  readonly #following: Promise<unknown>;

  constructor(api: TestApi) {
    this.#following = api.follow({
      after: 0,
      // Nothing else, so that reading the figures of a hundred agents does not count.
      topics: "system:event",
      until: (events) => {
        for (; this.#seen < events.length; this.#seen++) {
          this.#hear(events[this.#seen]);
        }
        this.#wake();
        return this.#isOver;
      },
    });
  }

  /** Waits until an incarnation of an agent is in a state; answers with the change. */
  async until(
    id: string,
    is: { to: LifecycleChanged["to"]; epoch: number },
  ): Promise<LifecycleChanged> {
    for (;;) {
      const found = this.#changes.find((change) =>
        change.id === id && change.to === is.to && change.epoch === is.epoch
      );
      if (found !== undefined) return found;
      // deno-lint-ignore no-await-in-loop -- changes come one by one
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** Ends with the next event. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#following;
  }

  #hear(event: StreamedEvent): void {
    if (event.data?.change !== undefined) this.#changes.push(event.data.change);
  }
}

/** Parts of the time until an agent runs, in milliseconds. */
interface Parts {
  total: number;
  /** Until the worker is started: the wish is stored, then stream and account are opened, or the old worker ends. */
  prepare: number;
  /** From the start of the worker until it runs. */
  worker: number;
  /** From then until the client hears of it: commit and stream. */
  announce: number;
}

/** Has something done to an agent and measures until its next incarnation runs. */
async function measure(
  listener: LifecycleListener,
  request: () => Promise<{ id: string; epoch: number }>,
): Promise<Parts> {
  // Times in events are wall clock; server and bench are on one machine.
  const startedAt = Date.now();
  const { id, epoch } = await request();
  const running = await listener.until(id, { to: "running", epoch });
  const heardAt = Date.now();
  const starting = await listener.until(id, { to: "starting", epoch });
  return {
    total: heardAt - startedAt,
    prepare: starting.at - startedAt,
    worker: running.at - starting.at,
    announce: heardAt - running.at,
  };
}

function printParts(name: string, parts: readonly Parts[]): void {
  for (
    const part of ["total", "prepare", "worker", "announce"] as const
  ) {
    const sorted = parts.map((one) => one[part]).sort((a, b) => a - b);
    const at = (fraction: number) =>
      sorted[Math.floor(fraction * (sorted.length - 1))]!;
    console.log(JSON.stringify({
      name: part === "total" ? name : `${name}.${part}`,
      unit: "ms",
      n: sorted.length,
      p50: at(0.5),
      p99: at(0.99),
      max: at(1),
    }));
  }
}

async function spawn(api: TestApi, index: number) {
  const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: agentConfig({ name: `agent ${index}` }),
    acknowledgeWarnings: true,
  });
  return { id, epoch: 1 };
}

/**
 * Waits until an agent has seen its history: five hundred candles at once keep
 * a core busy, which is not what the next start is measured for.
 */
async function warmedUp(api: TestApi, id: string): Promise<void> {
  await api.waitForAgent(
    id,
    ({ observed, progress }) =>
      observed === "running" &&
      progress.seq >= progress.startSeq + WARM_UP_CANDLES,
  );
}

async function restart(
  api: TestApi,
  { id, epoch }: { id: string; epoch: number },
) {
  await api.send("POST", `/api/agents/${id}/control`, { action: "restart" });
  return { id, epoch: epoch + 1 };
}

await withTempDir(async (dataDir) => {
  const server = await startServer({
    dataDir,
    env: {
      MAX_AGENTS_PER_USER: String(AGENTS + 1),
      MAX_AGENTS_PER_HOST: String(AGENTS + 1),
    },
  });
  try {
    const api = await setUp(server, dataDir);
    const listener = new LifecycleListener(api);
    // The first one starts feed and desk, too.
    await measure(listener, () => spawn(api, AGENTS));
    const beforeMiB = await residentMiB(server);
    const spawns: Parts[] = [];
    const ids: string[] = [];
    for (let index = 0; index < AGENTS; index++) {
      // deno-lint-ignore no-await-in-loop -- one spawn at a time is what is measured
      spawns.push(
        await measure(listener, async () => {
          const spawned = await spawn(api, index);
          ids.push(spawned.id);
          return spawned;
        }),
      );
      // deno-lint-ignore no-await-in-loop -- as above
      await warmedUp(api, ids.at(-1)!);
    }
    printParts("agent.spawn", spawns);
    console.log(JSON.stringify({
      name: "agent.memory",
      unit: "MiB",
      n: AGENTS,
      value: Number(
        ((await residentMiB(server) - beforeMiB) / AGENTS).toFixed(1),
      ),
    }));
    const restarts: Parts[] = [];
    for (let index = 0; index < RESTARTS; index++) {
      const id = ids[index % ids.length]!;
      const epoch = 1 + Math.floor(index / ids.length);
      // deno-lint-ignore no-await-in-loop -- one restart at a time is what is measured
      restarts.push(await measure(listener, () => restart(api, { id, epoch })));
      // deno-lint-ignore no-await-in-loop -- as above
      await warmedUp(api, id);
    }
    printParts("agent.restart", restarts);
    await listener.close();
  } finally {
    await server.stop();
  }
});
