// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * Reads and commands of the HTTP API against a real server in a process of its
 * own, over loopback, with a check of the session at each request. Prints one
 * line of JSON a figure.
 *
 * @module
 */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { startServer, TEST_EMAIL, TEST_PASSWORD } from "../support/server.ts";
import { openLoop } from "../support/open_loop.ts";
import { processCpuMs } from "../support/processor_time.ts";
import { withTempDir } from "../support/temp.ts";
import { printTimes } from "./print_times.ts";

const AGENTS = 10;
/** Connections that ask one request after the other. */
const READERS = 16;
const READ_MS = 5_000;
const READS_PER_SECOND = 2_000;
const WRITES_PER_SECOND = 100;
const WRITE_MS = 10_000;
const READS_BESIDE_LOGINS = 500;
/** Logins at the same time; each costs an argon2 hash in its worker. */
const LOGINS = 2;
/** The first second of each kind warms the code and the connections up. */
const WARM_UP_MS = 1_000;

type Call = () => Promise<void>;

/** Requests that were not answered as they should be: a figure of its own, for a fast refusal is no good answer. */
let failed = 0;

/** Sends a request and reads its answer to the end. */
async function ask(url: string, init: RequestInit): Promise<void> {
  const response = await fetch(url, init);
  await response.text();
  if (!response.ok) failed++;
}

/** As many as `READERS` connections can get, and how long each took. */
async function closedLoop(call: Call, forMs: number): Promise<number[]> {
  const times: number[] = [];
  const untilMs = performance.now() + forMs;
  const reader = async () => {
    while (performance.now() < untilMs) {
      const startedMs = performance.now();
      // deno-lint-ignore no-await-in-loop -- a connection waits for its answer
      await call();
      times.push(performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return times;
}

async function spawnAgents(api: TestApi): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < AGENTS; n++) {
    // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
    const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
      config: agentConfig({ name: `bench ${n}` }),
      acknowledgeWarnings: true,
    });
    ids.push(id);
  }
  await Promise.all(
    ids.map((id) =>
      api.waitForAgent(id, ({ observed }) => observed === "running")
    ),
  );
  return ids;
}

function throughput(name: string, times: readonly number[], forMs: number) {
  console.log(JSON.stringify({
    name,
    unit: "requests/s",
    n: times.length,
    value: Math.round(times.length * 1_000 / forMs),
  }));
}

interface Measured {
  url: string;
  pid: number;
  token: string;
  ids: readonly string[];
}

/** Processor time that the server took for each request: tells on a busy machine what the rate would be on a free one. */
async function cpuOf(
  name: string,
  { pid }: Measured,
  measure: () => Promise<number[]>,
): Promise<number[]> {
  const before = await processCpuMs(pid);
  const times = await measure();
  const after = await processCpuMs(pid);
  if (before !== null && after !== null) {
    console.log(JSON.stringify({
      name: `${name}.server_cpu`,
      unit: "ms/request",
      n: times.length,
      value: Number(((after - before) / times.length).toFixed(3)),
    }));
  }
  return times;
}

async function measureReads(measured: Measured): Promise<void> {
  const { url, token, ids } = measured;
  const headers = { authorization: `Bearer ${token}` };
  let turn = 0;
  const one = () =>
    ask(`${url}/api/agents/${ids[turn++ % ids.length]}`, { headers });
  const list = () => ask(`${url}/api/agents`, { headers });
  await closedLoop(one, WARM_UP_MS);
  const reads = () => closedLoop(one, READ_MS);
  const times = await cpuOf("api.read", measured, reads);
  throughput("api.read", times, READ_MS);
  printTimes("api.read.each", times, 2);
  const paced = { perSecond: READS_PER_SECOND, forMs: READ_MS };
  printTimes("api.read.at_2000", await openLoop(one, paced), 2);
  throughput("api.read.list_of_10", await closedLoop(list, READ_MS), READ_MS);
}

async function measureWrites(measured: Measured): Promise<void> {
  const { url, token, ids } = measured;
  let turn = 0;
  const control = () => {
    const n = turn++;
    const action = Math.floor(n / ids.length) % 2 === 0 ? "pause" : "resume";
    return ask(`${url}/api/agents/${ids[n % ids.length]}/control`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "idempotency-key": crypto.randomUUID(),
      },
      body: JSON.stringify({ action, reason: "bench" }),
    });
  };
  await openLoop(control, { perSecond: 50, forMs: WARM_UP_MS });
  const paced = { perSecond: WRITES_PER_SECOND, forMs: WRITE_MS };
  const writes = () => openLoop(control, paced);
  printTimes("api.write", await cpuOf("api.write", measured, writes), 2);
}

/** Reads at a rate, alone and while others log in all the time. */
async function measureBesideLogins(
  { url, token, ids }: Measured,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const read = () => ask(`${url}/api/agents/${ids[0]}`, { headers });
  const paced = { perSecond: READS_BESIDE_LOGINS, forMs: READ_MS };
  printTimes("api.read.without_logins", await openLoop(read, paced), 2);
  let isOver = false;
  const logins: number[] = [];
  const logInAgain = async () => {
    while (!isOver) {
      const startedMs = performance.now();
      // deno-lint-ignore no-await-in-loop -- one login after the other
      await ask(`${url}/api/auth/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: TEST_EMAIL, password: TEST_PASSWORD }),
      });
      logins.push(performance.now() - startedMs);
    }
  };
  const loggingIn = Promise.all(Array.from({ length: LOGINS }, logInAgain));
  printTimes("api.read.beside_logins", await openLoop(read, paced), 2);
  isOver = true;
  await loggingIn;
  printTimes("api.login", logins, 1);
}

const UNLIMITED = "1000000";

await withTempDir(async (dataDir) => {
  const server = await startServer({
    dataDir,
    env: {
      API_USER_RATE: UNLIMITED,
      API_USER_BURST: UNLIMITED,
      API_ADDRESS_RATE: UNLIMITED,
      API_ADDRESS_BURST: UNLIMITED,
      MAX_AGENTS_PER_USER: String(AGENTS),
    },
  });
  try {
    const api = await setUp(server, dataDir);
    const { url, pid } = server;
    const ids = await spawnAgents(api);
    const measured = { url, pid, token: await api.token(), ids };
    await measureReads(measured);
    await measureWrites(measured);
    await measureBesideLogins(measured);
    console.log(JSON.stringify({
      name: "api.failed",
      unit: "requests",
      n: 1,
      value: failed,
    }));
  } finally {
    await server.stop();
  }
});
