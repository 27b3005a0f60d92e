// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * Events from the commit in a real store to a thousand listeners, of which some
 * never read. The listeners are a process of their own. Prints one line of JSON
 * a figure.
 *
 * @module
 */
import { createLiveHub } from "../../lib/live/hub.ts";
import type { LiveHub } from "../../lib/live/port.ts";
import { type OpenedStore, openStore } from "../../lib/store/open_store.ts";
import { answerStream } from "../lib/live/support.ts";
import {
  agentIdOf,
  systemDraft,
  systemTime,
  viewDraft,
} from "../lib/store/support.ts";
import type {
  ListenersCommand,
  ListenersReport,
  ListenersSpec,
} from "../support/stream_clients.ts";
import { stampMs } from "../support/stream_listener.ts";
import { withTempDir } from "../support/temp.ts";

const STUCK = 20;
const HEALTHY = 980;
const STORM_LISTENERS = 500;
/** What half a minute brings at 20 events a second, about. */
const STORM_EVENTS = 500;
const MIB = 1024 * 1024;
/** About what a line of the event list has. */
const FILL = "the agent has closed a position at its target ".repeat(5);
/** Views that only the stuck listen to, so that the buffers of the kernel fill. */
const VIEW_FILL = "x".repeat(50_000);
const VIEWS = 20;

const print = (figure: Record<string, unknown>) =>
  console.log(JSON.stringify(figure));

/** The listeners in a process of their own. */
class ListenerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor() {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--frozen",
        "--no-prompt",
        "--allow-net=127.0.0.1",
        new URL("../support/stream_clients.ts", import.meta.url).href,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  connect(spec: ListenersSpec): Promise<void> {
    return this.#exchange(spec);
  }

  /** Has a method of `StreamListeners` run over there. */
  ask<T>(command: ListenersCommand, argument?: unknown): Promise<T> {
    return this.#exchange([command, argument ?? null]);
  }

  async #exchange<T>(message: unknown): Promise<T> {
    const line = JSON.stringify(message);
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
    while (!this.#rest.includes("\n")) {
      // deno-lint-ignore no-await-in-loop -- the answer may come in parts
      const { done, value } = await this.#output.read();
      if (done) throw new Error("The listeners' process has ended");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const answer = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return JSON.parse(answer);
  }

  async end(): Promise<void> {
    await this.#input.close();
    await this.#output.cancel();
    await this.#child.status;
  }
}

interface Rig {
  store: OpenedStore;
  hub: LiveHub;
  url: string;
  listeners: ListenerProcess;
}

/** A store on disk, a hub and a server, as in the product; the listeners apart. */
async function withRig(run: (rig: Rig) => Promise<void>): Promise<void> {
  await withTempDir(async (folder) => {
    const store = await openStore({
      path: `${folder}/kv.sqlite`,
      time: systemTime,
    });
    const hub = createLiveHub({ events: store.events, time: systemTime });
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => answerStream(request, { hub }),
    );
    const listeners = new ListenerProcess();
    try {
      await run({
        store,
        hub,
        url: `127.0.0.1:${server.addr.port}`,
        listeners,
      });
    } finally {
      await listeners.ask("close").catch(() => {});
      await listeners.end();
      await hub.close("The benchmark is over");
      await server.shutdown();
      await store.close();
    }
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Commits `count` events at a rate; views beside them keep the stuck listeners' pipes full. */
async function publish(
  rig: Rig,
  options: { count: number; perSecond: number },
): Promise<void> {
  const startedMs = performance.now();
  for (let n = 0; n < options.count; n++) {
    const dueMs = startedMs + n * 1_000 / options.perSecond;
    // deno-lint-ignore no-await-in-loop -- the rate is the point
    await pause(Math.max(0, dueMs - performance.now()));
    const at = stampMs().toFixed(2);
    void rig.store.events.append({
      events: [systemDraft(`${FILL} stamp=${at}`)],
    });
  }
  await rig.store.events.flush();
  await rig.listeners.ask("reached", rig.store.events.headSeq());
}

/** More than the kernel holds for a connection that is not read. */
async function fillKernelBuffers({ store }: Rig): Promise<void> {
  for (let n = 0; n < 10 * VIEWS; n++) {
    const done = store.events.append({
      events: [
        viewDraft(agentIdOf(n % VIEWS), { updatedAt: n, lastError: VIEW_FILL }),
      ],
    });
    // deno-lint-ignore no-await-in-loop -- one commit each, or they are conflated
    await store.events.flush();
    // deno-lint-ignore no-await-in-loop -- as above
    await done;
  }
}

async function measureFanOut(kind: "socket" | "sse"): Promise<void> {
  await withRig(async (rig) => {
    const { hub, listeners, url } = rig;
    const prefix = kind === "socket" ? "stream" : "stream.sse";
    await listeners.connect({
      url,
      kind,
      healthy: HEALTHY,
      stuck: STUCK,
      topics: "system:event",
      stuckTopics: "system:event,agent:update",
    });
    await publish(rig, { count: 20, perSecond: 20 });
    await listeners.ask("report");
    const beforeBytes = Deno.memoryUsage().rss;
    let mostBytes = beforeBytes;
    const meter = setInterval(() => {
      mostBytes = Math.max(mostBytes, Deno.memoryUsage().rss);
    }, 100);
    await fillKernelBuffers(rig);
    for (const [perSecond, count] of [[20, 400], [50, 750]] as const) {
      await publish(rig, { count, perSecond });
      const report = await listeners.ask<ListenersReport>("report");
      if (report.unordered > 0 || report.closed.length > 0) {
        throw new Error(
          `Listeners that read were harmed: ${JSON.stringify(report)}`,
        );
      }
      print({
        name: `${prefix}.commit_to_client${
          perSecond === 20 ? "" : `_${perSecond}hz`
        }`,
        unit: "ms",
        ...report.latency,
      });
    }
    clearInterval(meter);
    print({
      name: `${prefix}.dropped_clients`,
      unit: "clients",
      n: HEALTHY + STUCK,
      value: hub.stats().dropped,
    });
    print({
      name: `${prefix}.memory`,
      unit: "MiB",
      n: HEALTHY + STUCK,
      value: Number(((mostBytes - beforeBytes) / MIB).toFixed(1)),
    });
  });
}

/** Cuts all listeners at once, commits events meanwhile, and lets all come back at once. */
async function measureStorm(): Promise<void> {
  await withRig(async (rig) => {
    const { listeners, store, url } = rig;
    await listeners.connect({
      url,
      kind: "socket",
      healthy: STORM_LISTENERS,
      stuck: 0,
      topics: "system:event",
      stuckTopics: "",
    });
    await publish(rig, { count: 10, perSecond: 100 });
    await listeners.ask("cut");
    for (let n = 0; n < STORM_EVENTS; n++) {
      void store.events.append({ events: [systemDraft(`${FILL} ${n}`)] });
    }
    await store.events.flush();
    const startedMs = performance.now();
    await listeners.ask("resume", url);
    await listeners.ask("reached", store.events.headSeq());
    const tookMs = performance.now() - startedMs;
    const { received, unordered } = await listeners.ask<ListenersReport>(
      "report",
    );
    const expected = STORM_EVENTS + 10;
    if (
      received.least !== expected || received.most !== expected ||
      unordered > 0
    ) {
      throw new Error(
        `Events were lost or doubled: ${JSON.stringify(received)}`,
      );
    }
    print({
      name: "stream.reconnect_storm",
      unit: "ms",
      n: STORM_LISTENERS,
      value: Number(tookMs.toFixed(0)),
    });
  });
}

const only = Deno.args[0];
if (!only || only === "socket") await measureFanOut("socket");
if (!only || only === "sse") await measureFanOut("sse");
if (!only || only === "storm") await measureStorm();
