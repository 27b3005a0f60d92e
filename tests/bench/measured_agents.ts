/** Real agents in their workers, and what their workers say of themselves. */
import type { ActorHost } from "../../actors/mod.ts";
import type { Heartbeat } from "../../actors/protocol.ts";
import type { ResourceEstimate } from "../../lib/contracts/agent.ts";
import {
  type AgentConfigInput,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import { parseEnv } from "../../lib/core/env.ts";
import type { Caller } from "../../lib/fleet/port.ts";
import { createConsole } from "../../lib/server/console.ts";
import { startPlatform } from "../../lib/server/platform.ts";

const ROOT = new URL("../../", import.meta.url);
const CALLER: Caller = {
  userId: "usr_bench",
  email: "bench@example.com",
  via: "api",
};

/** A heartbeat with how far the agent was. */
export interface Beat extends Heartbeat {
  /** Candles decided so far. */
  candles: number;
}

/** One agent under measurement. */
export interface MeasuredAgent {
  label: string;
  estimate: ResourceEstimate;
  /** Resolves when so many beats have come, or when its replay has ended. */
  beats(count: number): Promise<readonly Beat[]>;
}

/** A platform in this process whose agents' heartbeats are heard. */
export interface MeasuredPlatform {
  spawn(
    label: string,
    config: AgentConfigInput,
  ): Promise<MeasuredAgent>;
  stop(): Promise<void>;
}

/** Starts a platform; `env` as for the server. */
export async function startMeasured(
  env: Readonly<Record<string, string>>,
): Promise<MeasuredPlatform> {
  const listeners = new Map<string, (beat: Heartbeat) => void>();
  const platform = await startPlatform({
    env: parseEnv((name) => env[name]),
    root: ROOT,
    console: createConsole("error"),
    decorateHost: (host, kind) =>
      kind === "agent" ? overhear(host, listeners) : host,
  });
  const { fleet } = platform.services;
  return {
    async spawn(label, input) {
      const config = agentConfigSchema.parse({ ...input, name: label });
      const { estimate } = fleet.validate(config, CALLER);
      const beats: Beat[] = [];
      let wake = () => {};
      const { id } = await fleet.spawn(
        { config, acknowledgeWarnings: true },
        CALLER,
      );
      const { startSeq } = fleet.get(id).progress;
      listeners.set(id, (beat) => {
        const { seq } = fleet.get(id).progress;
        beats.push({ ...beat, candles: seq + 1 - startSeq });
        wake();
      });
      return {
        label,
        estimate: estimate!,
        async beats(count) {
          while (beats.length < count && !fleet.get(id).progress.ended) {
            // deno-lint-ignore no-await-in-loop -- beats come one by one
            await new Promise<void>((resolve) => wake = resolve);
          }
          return beats.slice(0, count);
        },
      };
    },
    stop: () => platform.drain("The measurement ends"),
  };
}

/** Hears the heartbeats of an actor without changing anything. */
function overhear(
  host: ActorHost,
  listeners: ReadonlyMap<string, (beat: Heartbeat) => void>,
): ActorHost {
  let actorId = "";
  return {
    ports: host.ports,
    start: (listener) =>
      host.start({
        ...listener,
        onMessage(message) {
          listener.onMessage(message);
          const { type, heartbeat } = message as {
            type?: string;
            heartbeat?: Heartbeat;
          };
          if (type === "heartbeat") listeners.get(actorId)?.(heartbeat!);
        },
        onFailure: (failure) => listener.onFailure(failure),
      }),
    post(message, transfer) {
      if (message.type === "init") actorId = message.actorId;
      host.post(message, transfer);
    },
    terminate: () => host.terminate(),
  };
}
