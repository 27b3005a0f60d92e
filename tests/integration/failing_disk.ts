/** What a server does while its disk does not take writes, and afterwards; for the tests of each kind of failure. */
import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type {
  EmergencyResponse,
  StopResponse,
} from "../../lib/contracts/emergency.ts";
import {
  ApiFailure,
  type StreamedEvent,
  type TestApi,
} from "../support/api.ts";
import { runBacktestTask } from "../support/backtest.ts";
import { agentConfig } from "../support/config.ts";
import { REPLAY_FILE } from "../support/replay_file.ts";
import type { TestServer } from "../support/server.ts";

/** Candles of the file that is replayed: enough to be hit in the middle. */
export const CANDLES = 1_200;
const TEMPLATE = "structure-combined";

/** Agents whose server loses its disk. */
export interface FailingDiskWorld {
  api: TestApi;
  server: TestServer;
  candlesDir: string;
  /** Goes on when the disk does. */
  replayId: string;
  /** Is stopped while the disk fails. */
  stoppedId: string;
}

/** Spawns the agents and waits until one of them is in the middle of its replay. */
export async function populate(
  parts: Pick<FailingDiskWorld, "api" | "server" | "candlesDir">,
): Promise<FailingDiskWorld> {
  const { api } = parts;
  const replay = await spawn(api, "replay", {
    timeframe: "15m",
    // Slow enough to be hit in the middle.
    feed: { kind: "replay", file: REPLAY_FILE, speed: 100_000 },
  });
  const stopped = await spawn(api, "stopped", {});
  await api.waitForAgent(replay.id, ({ progress }) => progress.seq > 400);
  return { ...parts, replayId: replay.id, stoppedId: stopped.id };
}

/**
 * Breaks the disk: an alert comes, trading holds, new risk is refused, what is to
 * stop stops. That the alert comes within five seconds is shown on a simulated
 * clock (storage_watch_test.ts).
 */
export async function checkFailure(
  world: FailingDiskWorld,
  { breakDisk, remedy }: {
    breakDisk: () => Promise<void>;
    /** What people are told to do. */
    remedy: RegExp;
  },
): Promise<void> {
  const { api, server, replayId, stoppedId } = world;
  const alert = followAlerts(api);
  alert.catch(() => {});
  await breakDisk();
  await alert;
  const detail = await waitForRemedy(server, remedy);
  assert.match(detail, /does not take writes/);
  assert.match(detail, remedy);
  await assertHeld(api, replayId);
  await assertRefused(spawn(api, "refused", {}), /does not take writes/);
  const stop = api.send("POST", `/api/agents/${stoppedId}/control`, {
    action: "stop",
  });
  // The journals fail at once; the store may have pages to write over for a while.
  await stop.catch(() => assertRefused(stop, /is being carried out/));
  await api.waitForAgent(stoppedId, ({ observed }) => observed === "stopped");
  await checkEmergencyStop(world);
  assert.ok(isAlive(server.pid), "the server has not ended");
}

/** A stop is latched though neither its file nor the audit trail can be written. */
async function checkEmergencyStop(
  { api, stoppedId }: FailingDiskWorld,
): Promise<void> {
  const { isLatched } = await api.send<StopResponse>("POST", "/api/emergency", {
    scope: { kind: "agent", id: stoppedId },
    lever: "cancel",
  });
  assert.ok(isLatched);
  const { fileProblem } = await api.get<EmergencyResponse>("/api/emergency");
  assert.match(fileProblem!, /cannot be written .* not over a restart/);
}

/** Afterwards the stop is in its file, and still in force; the desk writes it sooner than it takes a journal again. */
export async function assertEmergencyStopHolds(
  { api }: Pick<FailingDiskWorld, "api">,
): Promise<void> {
  const { latches, fileProblem } = await api.get<EmergencyResponse>(
    "/api/emergency",
  );
  assert.equal(latches.length, 1);
  assert.equal(fileProblem, null);
}

function spawn(
  api: TestApi,
  name: string,
  change: Partial<Parameters<typeof agentConfig>[0]>,
): Promise<AgentView> {
  return api.send<AgentView>("POST", "/api/agents/spawn", {
    config: agentConfig({ ...change, name }, TEMPLATE),
    acknowledgeWarnings: true,
  });
}

/** Resolves when a live listener hears of the store's failure. */
async function followAlerts(api: TestApi): Promise<StreamedEvent> {
  const isAlert = (event: StreamedEvent) =>
    event.type === "system.event" && event.data.kind === "store" &&
    event.data.severity === "error";
  const events = await api.follow({
    // The first frames tell of what was stored, the alert comes without being stored.
    after: 0,
    until: (seen) => seen.some(isAlert),
  });
  return events.find(isAlert);
}

/** Within which the desk has tried again, whose next error says more than that of a write that was under way. */
const REMEDY_WITHIN_MS = 30_000;

/** What the health says of the storage, as soon as it says what to do; else what it says in the end. */
async function waitForRemedy(
  server: TestServer,
  remedy: RegExp,
): Promise<string> {
  const deadlineAt = Date.now() + REMEDY_WITHIN_MS;
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- asked again until it is there
    const detail = await readStorageProblem(server);
    if (remedy.test(detail) || Date.now() > deadlineAt) return detail;
  }
}

/** What the health says of the storage. */
async function readStorageProblem(server: TestServer): Promise<string> {
  const ready = await fetch(`${server.url}/api/health/ready`);
  assert.equal(ready.status, 503);
  const { checks } = await ready.json();
  const storage = checks.find((check: { name: string }) =>
    check.name === "storage"
  );
  assert.equal(storage.ok, false);
  return storage.detail;
}

/** The market of the agent stands still. */
async function assertHeld(api: TestApi, id: string): Promise<void> {
  const before = await api.get<AgentView>(`/api/agents/${id}`);
  // Several heartbeats, in which a market that runs would have moved on.
  await countHeartbeats(api, id, 3);
  const after = await api.get<AgentView>(`/api/agents/${id}`);
  assert.equal(after.progress.ended, false, "hit in the middle");
  assert.ok(
    after.progress.seq - before.progress.seq <= 64,
    `the market moved from ${before.progress.seq} to ${after.progress.seq}`,
  );
  const later = await nextHeartbeat(api, id);
  assert.equal(later.progress.seq, after.progress.seq);
  assert.equal(later.account?.trades, after.account?.trades);
}

async function countHeartbeats(
  api: TestApi,
  id: string,
  count: number,
): Promise<void> {
  for (let beat = 0; beat < count; beat++) {
    // deno-lint-ignore no-await-in-loop -- one beat after the other
    await nextHeartbeat(api, id);
  }
}

/** The agent as it is after its next heartbeat, which is streamed although it is not stored. */
async function nextHeartbeat(api: TestApi, id: string): Promise<AgentView> {
  const { vitals } = await api.get<AgentView>(`/api/agents/${id}`);
  return await api.waitForAgent(
    id,
    (agent) => agent.vitals.heartbeatAt !== vitals.heartbeatAt,
  );
}

async function assertRefused(
  work: Promise<unknown>,
  detail: RegExp,
): Promise<void> {
  await assert.rejects(work, (error: ApiFailure) => {
    assert.equal(error.status, 503, error.body);
    const problem = JSON.parse(error.body);
    assert.equal(problem.code, "STORE_UNAVAILABLE");
    assert.match(problem.detail, detail);
    return true;
  });
}

/** The replay ends with the trades of its backtest, all of them stored once. */
export async function assertNothingLost(
  { api, replayId, candlesDir }: Omit<FailingDiskWorld, "server">,
): Promise<void> {
  const done = await api.waitForAgent(
    replayId,
    ({ progress, account }) => progress.ended && account?.seq === CANDLES - 1,
  );
  const backtest = await runBacktestTask({
    file: `${candlesDir}/${REPLAY_FILE}`,
    template: TEMPLATE,
    timeframe: "15m",
  });
  assert.equal(done.account?.trades, backtest.trades);
  assert.equal(done.account?.tradesHash, backtest.tradesHash);
  assert.equal(await countStoredTrades(api, replayId), backtest.trades);
}

async function countStoredTrades(api: TestApi, id: string): Promise<number> {
  let count = 0;
  let query = "limit=200";
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page = await api.get<
      { items: unknown[]; nextCursor: string | null }
    >(`/api/agents/${id}/trades?${query}`);
    count += page.items.length;
    if (page.nextCursor === null) return count;
    query = `limit=200&cursor=${page.nextCursor}`;
  }
}

function isAlive(pid: number): boolean {
  try {
    return Deno.statSync(`/proc/${pid}`).isDirectory;
  } catch {
    return false;
  }
}
