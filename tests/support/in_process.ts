/** The whole platform inside the test's own process, so that a test can harm its workers. */
import type { ActorHost } from "../../actors/mod.ts";
import { parseEnv } from "../../lib/core/env.ts";
import type { HostFactories } from "../../lib/fleet/context.ts";
import { createConsole } from "../../lib/server/console.ts";
import { startPlatform } from "../../lib/server/platform.ts";
import type { OpenedStore } from "../../lib/store/open_store.ts";
import { app, servePlatform } from "../../main.ts";
import { ensureBuilt } from "./built.ts";

const ROOT = new URL("../../", import.meta.url);

/** A platform served from this process. */
export interface InProcessServer {
  url: string;
  /** Hosts of the workers by kind, oldest first. */
  hosts: Readonly<Record<keyof HostFactories, readonly ActorHost[]>>;
  stop(): Promise<void>;
}

/** Starts a platform on a free port of loopback. One at a time: pages and API are one app. */
export async function serveInProcess(
  options: {
    dataDir: string;
    env?: Readonly<Record<string, string>>;
    onStore?: (store: OpenedStore) => void;
  },
): Promise<InProcessServer> {
  await ensureBuilt();
  const variables: Record<string, string> = {
    DATA_DIR: options.dataDir,
    ...options.env,
  };
  const hosts: Record<keyof HostFactories, ActorHost[]> = {
    agent: [],
    feed: [],
    desk: [],
    inference: [],
  };
  const platform = await startPlatform({
    env: parseEnv((name) => variables[name]),
    root: ROOT,
    console: createConsole("error"),
    ...(options.onStore === undefined ? {} : { onStore: options.onStore }),
    decorateHost: (host, kind) => {
      hosts[kind].push(host);
      return host;
    },
  });
  servePlatform(platform);
  await import(new URL("_fresh/server.js", ROOT).href);
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
  }, app.handler());
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    hosts,
    async stop() {
      await platform.drain("The test ends");
      await server.shutdown();
    },
  };
}
