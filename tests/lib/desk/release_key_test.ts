import assert from "node:assert/strict";
import type { ActorHandlers, ActorRuntime } from "../../../actors/program.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type {
  DeskAccountConfig,
  KeyRelease,
} from "../../../lib/contracts/desk.ts";
import { createDeskProgram } from "../../../lib/desk/program.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { accountConfig } from "./support.ts";
import { ScriptedGateway } from "./venue/scripted.ts";

const SYMBOLS = { agt_1: "BTC/USDT", agt_2: "ETH/USDT", agt_3: "BTC/USDT" };

/** Live accounts: two of one key, one of another. */
function liveAccount(agentId: keyof typeof SYMBOLS): DeskAccountConfig {
  return {
    ...accountConfig({ agentId, pacing: "realtime" }),
    symbol: SYMBOLS[agentId],
    execution: {
      kind: "venue",
      exchange: "binance",
      market: "swap",
      namespace: "abc",
      agentKey: agentId,
      credentialId: agentId === "agt_3" ? "key_2" : "key_1",
    },
  };
}

class CountedGateway extends ScriptedGateway {
  isClosed = false;
  override close = () => {
    this.isClosed = true;
    return Promise.resolve();
  };
}

/** A desk with these accounts; a path in `broken` cannot be opened. */
function desk(broken: readonly string[] = []) {
  const gateways: { keyId: string | null; gateway: CountedGateway }[] = [];
  const files = new Map<string, MemoryStorage>();
  const retired: string[] = [];
  const clock = createSimulatedClock();
  const ids = ["agt_1", "agt_2", "agt_3"] as const;
  const handlers = createDeskProgram({
    open: (path) => {
      if (broken.includes(path)) {
        throw Object.assign(new Error("Disk says EIO"), { code: "EIO" });
      }
      const file = files.get(path) ?? new MemoryStorage();
      files.set(path, file);
      return file;
    },
    retire: (path) => void retired.push(path),
  }, {
    random: () => 0.5,
    openGateway: ({ credentialId }) => {
      const gateway = new CountedGateway();
      gateways.push({ keyId: credentialId, gateway });
      return {
        gateway,
        budget: {
          tryTake: () => true,
          take: () => Promise.resolve(),
          retryAfter: () => {},
          freeShare: 1,
          silentUntilMs: null,
        },
        costOf: () => 1,
        syncClock: () => Promise.resolve(),
      };
    },
  }).start({
    actorId: "desk",
    epoch: 1,
    config: {
      journalDir: "/journal",
      accounts: ids.map((id) => ({
        account: liveAccount(id),
        storedTrades: 0,
      })),
      venue: {
        exchange: "binance",
        market: "swap",
        endpoint: null,
        silence: new SharedArrayBuffer(8),
        isLiveArmed: true,
        keySecretPath: "",
      },
      heldReason: null,
    },
    snapshot: null,
    clock,
    send: () => {},
    credits: () => 64,
    report: () => {},
  } as ActorRuntime) as ActorHandlers;
  const release = async (keyId: string) =>
    await handlers.ask!({ type: "releaseKey", keyId }) as KeyRelease;
  return { handlers, gateways, retired, release };
}

Deno.test("releaseKey lets go of the accounts of a key and of its connection, keeps their journals, and they open with a new one", async () => {
  const { handlers, gateways, retired, release } = desk();
  assert.deepEqual(gateways.map(({ keyId }) => keyId), ["key_1", "key_2"]);
  assert.deepEqual(await release("key_1"), { busy: [] });
  assert.deepEqual(
    gateways.map(({ gateway }) => gateway.isClosed),
    [true, false],
  );
  assert.deepEqual(retired, []);
  const ask = async (query: object) => await handlers.ask!(query);
  for (const agentId of ["agt_1", "agt_2"]) {
    // deno-lint-ignore no-await-in-loop -- two
    await assert.rejects(ask({ type: "account", agentId }), {
      code: "ACCOUNT_NOT_FOUND",
    });
  }
  await ask({ type: "account", agentId: "agt_3" });
  const account = liveAccount("agt_1");
  await ask({ type: "openAccount", account, storedTrades: 0 });
  assert.deepEqual(gateways.map(({ keyId }) => keyId), [
    "key_1",
    "key_2",
    "key_1",
  ]);
  assert.deepEqual(await release("key_unknown"), { busy: [] });
});

Deno.test("releaseKey lets go of nothing while an account of the key could not be opened, so that nobody knows what it holds", async () => {
  const { handlers, gateways, release } = desk(["/journal/agt_2.journal"]);
  assert.deepEqual(await release("key_1"), { busy: ["agt_2"] });
  assert(gateways.every(({ gateway }) => !gateway.isClosed));
  await handlers.ask!({ type: "account", agentId: "agt_1" });
});
