// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * From the decision in an agent's worker to the bytes that the exchange library
 * hands to the socket in the desk's worker, journal write included, at 250
 * intents a second against the fake venue in a process of its own; and the same
 * while the main isolate is busy 8 of every 40 ms, as with a busy panel, and
 * with so few intents that none waits for another. Each figure is also given by
 * part: the link between the workers, and the desk.
 *
 *     deno run -A tests/bench/intent_to_wire_bench.ts
 *
 * @module
 */
import {
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  type Supervisor,
  systemClock,
} from "../../actors/mod.ts";
import { SOCKET_VARIABLES } from "../../lib/build/permissions.ts";
import type { DeskReport } from "../../lib/contracts/account.ts";
import type {
  DeskAccountOpening,
  DeskConfig,
} from "../../lib/contracts/desk.ts";
import type { StoredExchangeKey } from "../../lib/contracts/exchange_key.ts";
import { LINKS } from "../../lib/contracts/links.ts";
import { LatencyHistogram } from "../../lib/core/histogram.ts";
import { seal } from "../../lib/vault/envelope.ts";
import { keyBinding } from "../../lib/vault/exchange_keys.ts";
import { loadWrappingKey } from "../../lib/vault/wrapping_key.ts";
import { accountConfig } from "../lib/desk/support.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess } from "../venue/process.ts";
import { TEST_CREDENTIALS } from "../venue/state.ts";
import type { AgentsConfig } from "./wire/agents_worker.ts";
import type { DeskStamps, Stamps } from "./wire/stamps.ts";

/** One account a market and key: more keys would each hear of every order of the others. */
const MORE_BASES = Array.from({ length: 16 }, (_, index) => `COIN${index}`);
const SYMBOLS = ["BTC", "ETH", "SOL", "XRP", ...MORE_BASES];
const INTENTS_PER_SECOND = 250;
/** So few that none waits for another. */
const FEW_PER_SECOND = 25;
const WARM_UP_MS = 6_000;
const MEASURED_MS = 10_000;
const READY_MS = 5_000;
const PRICE = 40_000;

const BUSY_EVERY_MS = 40;
const BUSY_MS = 8;

const DESK = "desk";
const AGENT = "agents";
const ROOT = new URL("../../", import.meta.url);

const agents = SYMBOLS.map((base, index) => {
  const agentKey = String(index).padStart(5, "0");
  return { agentId: `agt_${agentKey}`, agentKey, symbol: `${base}/USDT` };
});

/** An account with limits that let everything through. */
async function openingOf(
  { agentId, agentKey, symbol }: typeof agents[number],
  keySecretPath: string,
): Promise<DeskAccountOpening> {
  const view: StoredExchangeKey["view"] = {
    id: "key_1",
    ownerId: "usr_1",
    label: "bench",
    exchange: "binance",
    apiKeyEnd: "",
    status: "verified",
    statusDetail: "",
    rights: null,
    verifiedAt: null,
    isLiveAllowed: true,
    createdAt: 0,
  };
  const sealed = await seal(
    JSON.stringify({ ...TEST_CREDENTIALS, passphrase: null }),
    {
      wrapping: await loadWrappingKey({ secret: "", path: keySecretPath }),
      bound: keyBinding(view),
    },
  );
  const account = accountConfig({
    agentId,
    pacing: "realtime",
    risk: { riskPerTradePct: 3 },
    safety: {
      maxOrdersPerMinute: 100_000,
      repeatedEntriesPerMinute: 100_000,
      maxAccountOrdersPerMinute: 100_000,
      maxAccountMessagesPerMinute: 1_000_000,
      maxCancelsPerFill: 1_000_000,
    },
  });
  return {
    account: {
      ...account,
      symbol,
      candleMs: 60_000,
      execution: {
        kind: "venue",
        exchange: "binance",
        market: "swap",
        credentialId: view.id,
        namespace: "ben",
        agentKey,
      },
    },
    storedTrades: 0,
    key: { view, sealed },
  };
}

async function start(folder: string, venueUrl: string): Promise<Supervisor> {
  const supervisor: Supervisor = createSupervisor({
    clock: systemClock,
    random: Math.random,
    onEvent: (event) => {
      if (event.type !== "report") return;
      const { kind, agentId, sequence, detail } = event.report as
        & Pick<DeskReport, "agentId" | "sequence">
        & { kind: string; detail?: string };
      if (kind === "desk_venue") console.error(`${agentId}: ${detail}`);
      if (kind !== "desk" || sequence === null) return;
      // As the owner does when it has stored it.
      void supervisor.ask(DESK, { type: "acknowledge", agentId, sequence });
    },
  });
  const keySecretPath = `${folder}/secret`;
  await loadWrappingKey({ secret: "", path: keySecretPath });
  await Deno.mkdir(`${folder}/journal`);
  const config: DeskConfig = {
    journalDir: `${folder}/journal`,
    emergencyDir: `${folder}/emergency`,
    accounts: await Promise.all(
      agents.map((agent) => openingOf(agent, keySecretPath)),
    ),
    venue: {
      exchange: "binance",
      market: "swap",
      endpoint: venueUrl,
      silence: new SharedArrayBuffer(8),
      isLiveArmed: true,
      keySecretPath,
    },
    heldReason: null,
  };
  await supervisor.start({
    id: DESK,
    kind: "desk",
    createHost: () =>
      createWorkerHost({
        entry: new URL("wire/desk_worker.ts", import.meta.url),
        name: DESK,
        permissions: {
          ...NO_PERMISSIONS,
          net: ["127.0.0.1"],
          read: [folder, decodeURIComponent(ROOT.pathname)],
          write: [folder],
          env: [...SOCKET_VARIABLES],
        },
      }),
    loadInit: () => Promise.resolve({ config, snapshot: null }),
    restart: "permanent",
  });
  const agentsConfig: AgentsConfig = {
    agents,
    price: PRICE,
  };
  await supervisor.start({
    id: AGENT,
    kind: "agent",
    createHost: () =>
      createWorkerHost({
        entry: new URL("wire/agents_worker.ts", import.meta.url),
        name: AGENT,
        permissions: NO_PERMISSIONS,
      }),
    loadInit: () => Promise.resolve({ config: agentsConfig, snapshot: null }),
    restart: "permanent",
  });
  for (const { agentId } of agents) {
    supervisor.connect({
      from: AGENT,
      fromLink: `c:${agentId}`,
      to: DESK,
      toLink: LINKS.candlesOf(agentId),
    });
    supervisor.connect({
      from: AGENT,
      fromLink: `d:${agentId}`,
      to: DESK,
      toLink: LINKS.agentOf(agentId),
    });
  }
  return supervisor;
}

/** How long intents took, altogether and by part. */
interface Measured {
  total: LatencyHistogram;
  /** From the decision until the desk's worker hears it. */
  link: LatencyHistogram;
  /** From there to the socket: controls, journal, exchange library. */
  desk: LatencyHistogram;
  busyShare: number;
}

/** Trades for a while at a rate. */
async function measure(
  supervisor: Supervisor,
  { ms, intentsPerSecond }: { ms: number; intentsPerSecond: number },
): Promise<Measured> {
  const ask = (id: string, type: string) =>
    supervisor.ask(id, { type, intentsPerSecond });
  await Promise.all([ask(AGENT, "stamps"), ask(DESK, "stamps")]);
  await ask(AGENT, "start");
  await pause(ms);
  await ask(AGENT, "stop");
  // What is under way arrives.
  await pause(500);
  const { stamps: decided, denied } = await ask(AGENT, "stamps") as {
    stamps: Stamps;
    denied: string[];
  };
  const { arrived, sent, busyShare } = await ask(DESK, "stamps") as DeskStamps;
  const measured: Measured = {
    total: new LatencyHistogram(),
    link: new LatencyHistogram(),
    desk: new LatencyHistogram(),
    busyShare,
  };
  for (const [agentKey, times] of Object.entries(decided)) {
    const heardMs = arrived[agentKey] ?? [];
    const wireMs = sent[agentKey] ?? [];
    if (wireMs.length !== times.length || heardMs.length !== times.length) {
      throw new Error(
        `Agent ${agentKey} decided ${times.length} times, ${heardMs.length} were heard and ${wireMs.length} orders left, ${denied.length} were denied: ${
          [...new Set(denied)].slice(0, 5).join("; ")
        }`,
      );
    }
    times.forEach((decidedMs, index) => {
      measured.total.record(wireMs[index]! - decidedMs);
      measured.link.record(heardMs[index]! - decidedMs);
      measured.desk.record(wireMs[index]! - heardMs[index]!);
    });
  }
  return measured;
}

function print(name: string, measured: Measured): void {
  const inMs = (value: number | null) => Number(value!.toFixed(3));
  for (const part of ["total", "link", "desk"] as const) {
    const histogram = measured[part];
    console.log(JSON.stringify({
      name: part === "total" ? name : `${name}.${part}`,
      unit: "ms",
      n: histogram.count,
      p50: inMs(histogram.percentile(0.5)),
      p99: inMs(histogram.percentile(0.99)),
      p999: inMs(histogram.percentile(0.999)),
      max: inMs(histogram.maxMs),
    }));
  }
  const busyPct = Math.round(100 * measured.busyShare);
  console.error(`The desk's worker computed ${busyPct} % of the time`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a panel with many readers does to the main isolate. */
function keepBusy(): () => void {
  const timer = setInterval(() => {
    const untilMs = performance.now() + BUSY_MS;
    while (performance.now() < untilMs);
  }, BUSY_EVERY_MS);
  return () => clearInterval(timer);
}

const UNLIMITED = {
  weightPerMinute: 1e9,
  ordersPerTenSeconds: 1e9,
  ordersPerLong: 1e9,
};

await withTempDir(async (folder) => {
  const venue = await startVenueProcess({
    futuresFunds: "100000000",
    moreBases: MORE_BASES,
    rateRules: { futures: UNLIMITED, spot: UNLIMITED },
  });
  for (const base of SYMBOLS) {
    const move = { symbol: `${base}USDT`, price: `${PRICE}` };
    // deno-lint-ignore no-await-in-loop -- once, before anything is measured
    await venue.control("POST price", move);
  }
  const supervisor = await start(folder, venue.url);
  await pause(READY_MS);
  const full = { ms: MEASURED_MS, intentsPerSecond: INTENTS_PER_SECOND };
  await measure(supervisor, { ...full, ms: WARM_UP_MS });
  print("desk.intent_to_wire", await measure(supervisor, full));
  const end = keepBusy();
  print("desk.intent_to_wire_busy_panel", await measure(supervisor, full));
  end();
  // What of it is waiting behind other orders.
  const few = { ...full, intentsPerSecond: FEW_PER_SECOND };
  print("desk.intent_to_wire_few", await measure(supervisor, few));
  await supervisor.drain({ deadlineMs: 5_000 });
  await venue.stop();
});
