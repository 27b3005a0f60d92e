import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { ResourcesResponse } from "../../lib/contracts/resources.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import { chaosConfig } from "../chaos/plan.ts";
import { addKey, atVenue, enrolFactor, liveEnv } from "../support/live.ts";
import {
  logIn,
  setUp,
  type StreamedEvent,
  type TestApi,
} from "../support/api.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess, type VenueProcess } from "../venue/process.ts";

/** Faster than real time, slower than an agent decides. */
const MINUTE_EVERY_MS = 150;

/** Within which a server that starts again has read what is at its venue. */
const READ_WITHIN_MS = 30_000;

const MARKETS = [
  { name: "live-btc", symbol: "BTC/USDT", market: "swap", isLive: true },
  { name: "live-eth", symbol: "ETH/USDT", market: "swap", isLive: true },
  { name: "live-sol", symbol: "SOL/USDT", market: "swap", isLive: true },
  { name: "live-spot", symbol: "ETH/USDT", market: "spot", isLive: true },
  { name: "paper-swap", symbol: "SOL/USDT", market: "swap", isLive: false },
] as const;

/** Those that go on after the first ones were stopped. */
const LIVE_SWAPS = ["live-btc", "live-eth", "live-sol"];

interface World {
  api: TestApi;
  venue: VenueProcess;
  /** Ids by name. */
  agents: ReadonlyMap<string, string>;
}

async function spawnAll(
  api: TestApi,
  exchangeKeyId: string,
): Promise<Map<string, string>> {
  const agents = new Map<string, string>();
  for (const { name, symbol, market, isLive } of MARKETS) {
    const config = atVenue(chaosConfig(name, { kind: "simulated" }), {
      symbol,
      market,
      exchangeKeyId: isLive ? exchangeKeyId : null,
    });
    // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
    const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
      config,
      acknowledgeWarnings: true,
      ...(isLive ? { confirmName: name } : {}),
    });
    agents.set(name, id);
  }
  return agents;
}

/** What rests at the venue for an agent: the middle of its client ids is the end of its id. */
async function restingOf(venue: VenueProcess, id: string): Promise<string[]> {
  const { spot, futures } = await venue.report();
  return [
    ...[...spot.orders, ...futures.orders]
      .filter(({ status }) => ["NEW", "PARTIALLY_FILLED"].includes(status))
      .map(({ clientOrderId }) => clientOrderId),
    ...futures.algoOrders.filter(({ algoStatus }) => algoStatus === "NEW")
      .map(({ clientAlgoId }) => String(clientAlgoId)),
  ].filter((clientId) => clientId.slice(3, 8) === id.slice(-5).toLowerCase());
}

const hasTraded = ({ account }: AgentView) => (account?.trades ?? 0) > 0;

const hasEntered = ({ account }: AgentView) =>
  (account?.trades ?? 0) > 0 || (account?.position ?? null) !== null;

/** A position that the venue itself would end, were this machine to die now. */
const isProtected = ({ account, observed }: AgentView) =>
  observed === "running" && account?.position?.isProtected === true;

/** The first of the live agents that satisfies a condition. */
function waitForAny(
  { api, agents }: World,
  isReached: (agent: AgentView) => boolean,
): Promise<AgentView> {
  return Promise.any(
    LIVE_SWAPS.map((name) => api.waitForAgent(agents.get(name)!, isReached)),
  );
}

async function assertTrades(world: World): Promise<void> {
  const { api, venue, agents } = world;
  for (const id of agents.values()) {
    // deno-lint-ignore no-await-in-loop -- all run at once, whichever is waited for
    await api.waitForAgent(id, hasEntered);
  }
  const { id } = await waitForAny(world, hasTraded);
  const { items } = await api.get<{ items: Trade[] }>(
    `/api/agents/${id}/trades`,
  );
  assert.ok(items.length > 0, "what was traded should be stored");
  const { spot, futures } = await venue.report();
  assert.ok(spot.trades.length > 0, "spot orders should have been filled");
  assert.ok(futures.trades.length > 0, "swap orders should have been filled");
}

/** What its orders cause at the venue is counted, in the simulated one of paper trading, too. */
async function assertRequestsCounted(
  { api, agents }: World,
  name: string,
): Promise<void> {
  const { measured } = await api.get<ResourcesResponse>(
    `/api/agents/${agents.get(name)}/resources`,
  );
  assert.ok(measured.lastHour.apiCallsPerMinute! > 0, name);
}

/** Closes and stops an agent; when it shows as stopped nothing of it rests at the venue. */
async function assertStops(
  { api, venue, agents }: World,
  name: string,
): Promise<void> {
  const id = agents.get(name)!;
  await api.send("POST", `/api/agents/${id}/control`, {
    action: "stop",
    positions: "close",
  });
  const stopped = await api.waitForAgent(
    id,
    ({ observed }) => observed === "stopped",
  );
  assert.deepEqual(await restingOf(venue, id), []);
  assert.equal(stopped.account?.position, null);
}

/**
 * What the venue has been asked since a time, oldest first, when everything
 * waited for is among it: the views of agents alone can show a trade that was
 * made before the kill.
 */
async function requestsSince(
  venue: VenueProcess,
  { sinceAt, until }: { sinceAt: number; until: readonly string[] },
): Promise<string[]> {
  const deadlineAt = Date.now() + READ_WITHIN_MS;
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- asked again until it is there
    const requests = (await venue.requests()).filter(({ at }) => at >= sinceAt)
      .map(({ method, path }) => `${method} ${path}`);
    if (until.every((request) => requests.includes(request))) return requests;
    assert.ok(Date.now() < deadlineAt, "what is there should be read");
  }
}

/** Orders that reached the venue since a time; a restart asks first what is there. */
async function assertAskedFirst(
  venue: VenueProcess,
  sinceAt: number,
): Promise<void> {
  const READS = ["GET /fapi/v1/openOrders", "GET /fapi/v1/userTrades"];
  const requests = await requestsSince(venue, { sinceAt, until: READS });
  const asked = READS.map((request) => requests.indexOf(request));
  const created = requests.indexOf("POST /fapi/v1/order");
  assert.ok(created < 0 || created > Math.max(...asked), `${asked} ${created}`);
}

/** Every order has an id of its own, and nobody called while the venue had asked for silence. */
async function assertClean(venue: VenueProcess): Promise<void> {
  const { spot, futures } = await venue.report();
  for (const half of [spot, futures]) {
    assert.deepEqual(half.reusedClientIds, []);
    assert.deepEqual(half.violations, []);
  }
}

async function restart(
  world: World & { dataDir: string; port: number },
  { env, code }: { env: Record<string, string>; code: string },
): Promise<{ server: TestServer; world: World }> {
  const { dataDir, port, venue, agents } = world;
  const server = await startServer({ dataDir, port, env });
  return { server, world: { venue, agents, api: await logIn(server, code) } };
}

Deno.test("a server trades live at a venue, after a kill goes on where it was, and with its key forbidden or unarmed takes no new risk but stops", async () => {
  await withTempDir(async (dataDir) => {
    const venue = await startVenueProcess({
      seed: 7,
      minuteEveryMs: MINUTE_EVERY_MS,
    });
    let server = await startServer({ dataDir, env: liveEnv(venue.url) });
    try {
      const { port } = server;
      const api = await setUp(server, dataDir);
      const codes = await enrolFactor(api.send);
      const keyId = await addKey(api.send);
      let world: World = { api, venue, agents: await spawnAll(api, keyId) };
      await assertTrades(world);
      await allowKey(world, keyId, false);
      await assertEntersNothing(world, "not allowed for live trading");
      await noEntryRests(venue);
      await allowKey(world, keyId, true);
      await assertRequestsCounted(world, "live-spot");
      await assertRequestsCounted(world, "paper-swap");
      await assertStops(world, "live-spot");
      await assertStops(world, "paper-swap");

      await waitForAny(world, isProtected);
      await server.kill();
      const killedAt = Date.now();
      ({ server, world } = await restart(
        { ...world, dataDir, port },
        { env: liveEnv(venue.url), code: codes[0]! },
      ));
      const { items } = await world.api.get<{ items: AgentView[] }>(
        "/api/agents",
      );
      const tradesOf = new Map(
        items.map(({ id, account }) => [id, account?.trades ?? 0]),
      );
      await waitForAny(
        world,
        ({ id, account }) => (account?.trades ?? 0) > tradesOf.get(id)!,
      );
      await assertAskedFirst(venue, killedAt);
      await waitForAny(world, isProtected);

      await server.kill();
      ({ server, world } = await restart(
        { ...world, dataDir, port },
        {
          env: { ...liveEnv(venue.url), TRADING_MODE: "paper" },
          code: codes[1]!,
        },
      ));
      await assertEntersNothing(world, "trades on paper only");
      for (const name of LIVE_SWAPS) {
        // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
        await assertStops(world, name);
      }
      await assertClean(venue);
      assert.equal(await server.stop(), 0);
    } finally {
      await server.kill().catch(() => {});
      await venue.stop();
    }
  });
});

async function allowKey(
  { api }: World,
  keyId: string,
  allowed: boolean,
): Promise<void> {
  await api.send("PUT", `/api/exchange-keys/${keyId}/live`, { allowed });
}

/** Entries are denied with the reason, and nothing is entered. */
async function assertEntersNothing(
  { api, venue }: World,
  reason: string,
): Promise<void> {
  const sinceAt = Date.now();
  const isDenied = ({ type, at, data }: StreamedEvent) =>
    type === "log.added" && Date.parse(at) >= sinceAt &&
    data.message.includes(reason);
  await api.follow({ after: 0, until: (events) => events.some(isDenied) });
  const { futures } = await venue.report();
  assert.deepEqual(
    futures.orders.filter(({ createdAt, clientOrderId }) =>
      createdAt >= sinceAt && isEntry(clientOrderId)
    ),
    [],
  );
}

/** Resolves when what rested of entries is withdrawn. */
async function noEntryRests(venue: VenueProcess): Promise<void> {
  const deadlineAt = Date.now() + READ_WITHIN_MS;
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- asked again until it is there
    const { futures } = await venue.report();
    const resting = futures.orders.filter(({ status, clientOrderId }) =>
      ["NEW", "PARTIALLY_FILLED"].includes(status) && isEntry(clientOrderId)
    );
    if (resting.length === 0) return;
    assert.ok(Date.now() < deadlineAt, `${resting.length} entries still rest`);
  }
}

/** By the letter of the role in its id. */
function isEntry(clientOrderId: string): boolean {
  return clientOrderId[11] === "e";
}
