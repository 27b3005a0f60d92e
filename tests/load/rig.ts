/**
 * A real server in a process of its own, on loopback and in a folder of its
 * own, with people, agents and readings of its figures.
 *
 * @module
 */
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import type { ProgramLogin } from "../../lib/contracts/auth.ts";
import type { Role } from "../../lib/contracts/policy.ts";
import { emailOf, storePeople } from "../support/people.ts";
import { startServer, TEST_PASSWORD } from "../support/server.ts";
import { readExposition, type Sample } from "./exposition.ts";
import { MAXIMA, RUNNING_WITHIN_MS, SPAWN_AT_ONCE } from "./limits.ts";

const UNLIMITED = "1000000";
const ADMIN = "admin";

/** A server under load. */
export interface Rig {
  url: string;
  pid: number;
  dataDir: string;
  /** Ends with Ctrl-C. */
  signal: AbortSignal;
  /** A token of the admin that is good for the next minutes. */
  token(): Promise<string>;
  /** One for another person. */
  tokenOf(name: string): Promise<string>;
  metrics(): Promise<readonly Sample[]>;
  /** Spawns agents and waits until they run. @returns Their ids. */
  spawn(configs: readonly AgentConfigInput[]): Promise<readonly string[]>;
  request(
    method: string,
    path: string,
    options: { token: string; body?: unknown; key?: string },
  ): Promise<Response>;
}

/** What a rig starts with. */
export interface RigOptions {
  folder: string;
  signal: AbortSignal;
  env?: Readonly<Record<string, string>>;
  /** Names of people that may look, besides the admin. */
  viewers?: readonly string[];
}

/** Starts a server, runs something with it, and ends it whatever happens. */
export async function withRig<T>(
  options: RigOptions,
  run: (rig: Rig) => Promise<T>,
): Promise<T> {
  const dataDir = `${options.folder}/data`;
  const people: Record<string, Role> = { [ADMIN]: "admin" };
  for (const name of options.viewers ?? []) people[name] = "viewer";
  await storePeople(dataDir, people);
  const server = await startServer({
    dataDir,
    env: {
      EXCHANGES: "none",
      API_USER_RATE: UNLIMITED,
      API_USER_BURST: UNLIMITED,
      API_ADDRESS_RATE: UNLIMITED,
      API_ADDRESS_BURST: UNLIMITED,
      MAX_AGENTS_PER_USER: String(MAXIMA.agents),
      MAX_AGENTS_PER_HOST: String(MAXIMA.agents),
      ...options.env,
    },
  });
  try {
    return await run(rigOf(server, { dataDir, signal: options.signal }));
  } finally {
    await server.stop();
  }
}

function rigOf(
  { url, pid }: { url: string; pid: number },
  { dataDir, signal }: { dataDir: string; signal: AbortSignal },
): Rig {
  const tokens = createTokens(url, signal);
  const request: Rig["request"] = (method, path, { token, body, key }) =>
    fetch(`${url}${path}`, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : {
          "content-type": "application/json",
          "idempotency-key": key ?? crypto.randomUUID(),
        }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const rig: Rig = {
    url,
    pid,
    dataDir,
    signal,
    token: () => tokens(ADMIN),
    tokenOf: tokens,
    request,
    async metrics() {
      const token = await rig.token();
      return readExposition(
        await (await request("GET", "/metrics", { token })).text(),
      );
    },
    spawn: (configs) => spawnAll(rig, configs),
  };
  return rig;
}

/** Tokens by name, renewed by a new login before they end; one login at a time for each name. */
function createTokens(
  url: string,
  signal: AbortSignal,
): (name: string) => Promise<string> {
  const known = new Map<string, Promise<{ token: string; untilMs: number }>>();
  return async (name) => {
    const before = known.get(name);
    const old = await before;
    if (old !== undefined && old.untilMs > performance.now()) return old.token;
    // Who waited for the same old one meanwhile may have begun already.
    if (known.get(name) === before) {
      known.set(name, logIn(url, { name, signal }));
    }
    return (await known.get(name)!).token;
  };
}

async function logIn(
  url: string,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<{ token: string; untilMs: number }> {
  const response = await fetch(`${url}/api/auth/token`, {
    method: "POST",
    signal,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: emailOf(name), password: TEST_PASSWORD }),
  });
  if (!response.ok) {
    throw new Error(`Cannot log in as ${name}: ${await response.text()}`);
  }
  const login: ProgramLogin = await response.json();
  const leftMs = Date.parse(login.expiresAt) - Date.now();
  // Half of it is left for what is done with it.
  return {
    token: login.accessToken,
    untilMs: performance.now() + leftMs / 2,
  };
}

async function spawnAll(
  rig: Rig,
  configs: readonly AgentConfigInput[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; from < configs.length; from += SPAWN_AT_ONCE) {
    const group = configs.slice(from, from + SPAWN_AT_ONCE);
    // deno-lint-ignore no-await-in-loop -- some at a time, as people do
    const spawned = await Promise.all(
      group.map((config) => spawn(rig, config)),
    );
    ids.push(...spawned);
  }
  await untilRunning(rig, ids);
  return ids;
}

/** A server that cannot take it now is asked again: what a busy machine does to its disk is not what is measured. */
async function spawn(rig: Rig, config: AgentConfigInput): Promise<string> {
  const key = crypto.randomUUID();
  const untilMs = performance.now() + RUNNING_WITHIN_MS;
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- one try after the other
    const response = await rig.request("POST", "/api/agents/spawn", {
      // deno-lint-ignore no-await-in-loop -- it may have to be renewed
      token: await rig.token(),
      body: { config, acknowledgeWarnings: true },
      key,
    });
    // deno-lint-ignore no-await-in-loop -- of this try
    if (response.ok) return (await response.json() as AgentView).id;
    // deno-lint-ignore no-await-in-loop -- of this try
    const refusal = await response.text();
    if (response.status !== 503 || performance.now() > untilMs) {
      throw new Error(`Cannot spawn ${config.name}: ${refusal}`);
    }
    // deno-lint-ignore no-await-in-loop -- the pause between two tries
    await pause(1_000, rig.signal);
  }
}

async function untilRunning(rig: Rig, ids: readonly string[]): Promise<void> {
  const untilMs = performance.now() + RUNNING_WITHIN_MS;
  const running = async () => {
    const samples = await rig.metrics();
    return new Set(
      samples.filter(({ name, value }) =>
        name === "smc_agent_running" && value === 1
      ).map(({ labels }) => labels["agent"]),
    );
  };
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- one look after the other
    const found = await running();
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) return;
    if (performance.now() > untilMs) {
      throw new Error(
        `${missing.length} of ${ids.length} agents do not run after ${
          RUNNING_WITHIN_MS / 1_000
        } s, for instance ${missing[0]}`,
      );
    }
    // deno-lint-ignore no-await-in-loop -- the pause between two looks
    await pause(500, rig.signal);
  }
}

/** Waits, or ends with the reason of the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
