import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type {
  EmergencyResponse,
  StopView,
} from "../../lib/contracts/emergency.ts";
import { chaosConfig } from "../chaos/plan.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { haltCommand } from "../support/halt.ts";
import { serveInProcess } from "../support/in_process.ts";
import { addLiveKey, atVenue, liveEnv } from "../support/live.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess, type VenueProcess } from "../venue/process.ts";

const MINUTE_EVERY_MS = 70;

const AGENTS = [
  { name: "stop-btc", symbol: "BTC/USDT", isLive: true },
  { name: "stop-eth", symbol: "ETH/USDT", isLive: true },
  { name: "stop-paper", symbol: "SOL/USDT", isLive: false },
];

async function spawnAll(api: TestApi): Promise<string[]> {
  const exchangeKeyId = await addLiveKey((method, path, body) =>
    api.send(method, path, body)
  );
  const ids: string[] = [];
  for (const { name, symbol, isLive } of AGENTS) {
    const config = atVenue(chaosConfig(name, { kind: "simulated" }), {
      symbol,
      market: "swap",
      exchangeKeyId: isLive ? exchangeKeyId : null,
    });
    // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
    const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
      config,
      acknowledgeWarnings: true,
      ...(isLive ? { confirmName: name } : {}),
    });
    ids.push(id);
  }
  return ids;
}

/** Entries, stops and targets that rest at the venue. */
async function resting(venue: VenueProcess): Promise<string[]> {
  const { futures } = await venue.report();
  return [
    ...futures.orders
      .filter(({ status }) => ["NEW", "PARTIALLY_FILLED"].includes(status))
      .map(({ clientOrderId }) => clientOrderId),
    ...futures.algoOrders.filter(({ algoStatus }) => algoStatus === "NEW")
      .map(({ clientAlgoId }) => String(clientAlgoId)),
  ];
}

Deno.test("halt --local reaches the desk of a venue while the main isolate is stuck: orders and positions at the venue are gone", async () => {
  await withTempDir(async (dataDir) => {
    const venue = await startVenueProcess({
      seed: 7,
      minuteEveryMs: MINUTE_EVERY_MS,
    });
    const server = await serveInProcess({ dataDir, env: liveEnv(venue.url) });
    try {
      const api = await setUp(server, dataDir);
      const ids = await spawnAll(api);
      await Promise.all(
        ids.slice(0, 2).map((id) =>
          api.waitForAgent(id, ({ account }) => (account?.trades ?? 0) > 0)
        ),
      );
      await Promise.any(
        ids.slice(0, 2).map((id) =>
          api.waitForAgent(
            id,
            ({ account }) => account?.position?.isProtected === true,
          )
        ),
      );
      // The platform's main isolate is this one: it does nothing until the command has ended.
      const { code, stdout, stderr } = haltCommand(
        dataDir,
        ["--local", "--lever", "flatten", "--json"],
      ).outputSync();
      const said = new TextDecoder().decode(stderr) +
        new TextDecoder().decode(stdout);
      assert.equal(code, 0, said);
      const stop: StopView = JSON.parse(new TextDecoder().decode(stdout));
      assert.deepEqual(
        stop.progress.map(({ agentId, state }) => [agentId, state]).sort(),
        ids.map((id) => [id, "done"]).sort(),
      );
      assert.deepEqual(await resting(venue), []);
      await Promise.all(
        ids.map((id) =>
          api.waitForAgent(id, ({ observed }) => observed === "stopped")
        ),
      );
      const { latches } = await api.get<EmergencyResponse>("/api/emergency");
      assert.equal(latches.length, 1);
      assert.equal(latches[0]?.progress.length, ids.length);
      const folder = `${dataDir}/emergency`;
      for (const path of [folder, `${folder}/binance.swap`]) {
        const { mode } = Deno.statSync(`${path}/latches.json`);
        assert.equal(mode! & 0o777, 0o600);
      }
      assert.equal(
        [...Deno.readDirSync(folder)].some(({ name }) =>
          name.startsWith("halt")
        ),
        false,
        "every desk has it, so its request is removed",
      );
      const { futures } = await venue.report();
      assert.deepEqual(
        futures.positions.filter(({ quantity }) => Number(quantity) !== 0),
        [],
      );
      assert.deepEqual(futures.reusedClientIds, []);
      assert.deepEqual(futures.violations, []);
    } finally {
      await server.stop();
      await venue.stop();
    }
  });
});
