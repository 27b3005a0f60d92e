import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { ExchangeKeyView } from "../../lib/contracts/exchange_key.ts";
import { chaosConfig } from "../chaos/plan.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { serveInProcess } from "../support/in_process.ts";
import { addLiveKey, atVenue, liveEnv } from "../support/live.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess, type VenueProcess } from "../venue/process.ts";

const MINUTE_EVERY_MS = 70;
const NAME = "rotated";
/** Several markets: whichever gives a signal first. */
const BASES = ["BTC", "ETH", "SOL"];
const IN_USE = /rotated-btc.*are not stopped.*KEY_STATE_CONFLICT/s;
const NEW_KEY = {
  apiKey: "canary-rotated-key-4711",
  secret: "canary-rotated-secret",
};

async function spawnAll(
  api: TestApi,
  exchangeKeyId: string,
): Promise<string[]> {
  const ids: string[] = [];
  for (const base of BASES) {
    const name = `${NAME}-${base.toLowerCase()}`;
    const config = atVenue(chaosConfig(name, { kind: "simulated" }), {
      symbol: `${base}/USDT`,
      market: "swap",
      exchangeKeyId,
    });
    // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
    const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
      config,
      acknowledgeWarnings: true,
      confirmName: name,
    });
    ids.push(id);
  }
  return ids;
}

/** The first agent that has this many more trades than before. */
function anyTraded(
  api: TestApi,
  before: ReadonlyMap<string, number>,
): Promise<AgentView> {
  return Promise.any(
    [...before].map(([id, trades]) =>
      api.waitForAgent(id, ({ account }) => (account?.trades ?? 0) > trades)
    ),
  );
}

/** Stops the agent with its position closed. */
async function stop(api: TestApi, id: string): Promise<AgentView> {
  await api.send("POST", `/api/agents/${id}/control`, {
    action: "stop",
    positions: "close",
  });
  return await api.waitForAgent(id, ({ observed }) => observed === "stopped");
}

/** The venue takes the new key from now on, and the old one no more. */
function switchKey(venue: VenueProcess, accountId?: number): Promise<unknown> {
  return venue.control("POST key", { ...NEW_KEY, accountId });
}

Deno.test("a rotated key: refused while its agent trades, then the agent goes on with the new secrets and nothing with the old ones", async () => {
  await withTempDir(async (dataDir) => {
    const venue = await startVenueProcess({
      seed: 7,
      minuteEveryMs: MINUTE_EVERY_MS,
    });
    const server = await serveInProcess({ dataDir, env: liveEnv(venue.url) });
    try {
      const api = await setUp(server, dataDir);
      const keyId = await addLiveKey((method, path, body) =>
        api.send(method, path, body)
      );
      const rotate = () =>
        api.send<ExchangeKeyView>(
          "POST",
          `/api/exchange-keys/${keyId}/rotate`,
          NEW_KEY,
        );
      const ids = await spawnAll(api, keyId);
      await anyTraded(api, new Map(ids.map((id) => [id, 0])));
      await assert.rejects(rotate(), IN_USE);
      await expectFigures(server.url, api);

      const stopped = await Promise.all(ids.map((id) => stop(api, id)));
      await switchKey(venue, 2);
      await assert.rejects(
        onceStopped(rotate),
        /another account.*KEY_NOT_REPLACED/s,
      );
      await switchKey(venue, 1);
      const view = await rotate();
      assert.deepEqual(
        [view.id, view.apiKeyEnd, view.isLiveAllowed, view.lastUsedAt],
        [keyId, "4711", true, null],
      );
      const refusedBefore = await authRefusals(venue);
      for (const id of ids) {
        // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
        await api.send("POST", `/api/agents/${id}/control`, {
          action: "start",
        });
      }
      await anyTraded(
        api,
        new Map(stopped.map(({ id, account }) => [id, account!.trades])),
      );
      assert.equal(await authRefusals(venue), refusedBefore);
      const { items } = await api.get<{ items: ExchangeKeyView[] }>(
        "/api/exchange-keys",
      );
      assert.notEqual(items[0]!.lastUsedAt, null, "a desk has the new secrets");
      await Promise.all(ids.map((id) => stop(api, id)));
      const { futures } = await venue.report();
      assert.deepEqual(futures.reusedClientIds, []);
      assert.deepEqual(futures.violations, []);
    } finally {
      await server.stop();
      await venue.stop();
    }
  });
});

/** Prometheus is told what the venue lets through, and how long the store takes. */
async function expectFigures(url: string, api: TestApi): Promise<void> {
  const response = await fetch(`${url}/metrics`, {
    headers: { authorization: `Bearer ${await api.token()}` },
  });
  const text = await response.text();
  const of = (name: string) =>
    Number(
      text.split("\n").find((line) => line.startsWith(name))?.split(" ").at(-1),
    );
  const free = of("smc_venue_rate_budget_free_ratio{");
  assert.ok(free > 0 && free <= 1, `free share ${free}`);
  assert.equal(of("smc_venue_silent{"), 0);
  assert.ok(of('smc_store_call_seconds{call="commit",quantile="1"}') > 0);
}

/** Asks again while the books of a stopped agent are being settled. */
async function onceStopped<Answer>(
  ask: () => Promise<Answer>,
): Promise<Answer> {
  while (true) {
    try {
      // deno-lint-ignore no-await-in-loop -- each answer decides on the next
      return await ask();
    } catch (error) {
      if (!/still being stopped/.test(String(error))) throw error;
    }
  }
}

/** Requests that the venue refused for their key. */
async function authRefusals(venue: VenueProcess): Promise<number> {
  return (await venue.requests()).filter(({ status }) => status === 401).length;
}
