// deno-lint-ignore-file no-console -- a benchmark says what went wrong
/** A desk with live accounts at a fake venue, and a worker of agents that trade there. */
import {
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  type Supervisor,
  systemClock,
} from "../../../actors/mod.ts";
import { SOCKET_VARIABLES } from "../../../lib/build/permissions.ts";
import type { DeskReport } from "../../../lib/contracts/account.ts";
import type {
  DeskAccountOpening,
  DeskConfig,
} from "../../../lib/contracts/desk.ts";
import type { StoredExchangeKey } from "../../../lib/contracts/exchange_key.ts";
import { LINKS } from "../../../lib/contracts/links.ts";
import { seal } from "../../../lib/vault/envelope.ts";
import { bindings } from "../../../lib/contracts/sealed_record.ts";
import { Secret } from "../../../lib/core/secret.ts";
import { loadKeyring } from "../../../lib/vault/keyring.ts";
import { accountConfig } from "../../lib/desk/support.ts";
import { startVenueProcess, type VenueProcess } from "../../venue/process.ts";
import { TEST_CREDENTIALS } from "../../venue/state.ts";
import type { AgentsConfig } from "./agents_worker.ts";

/** One account a market and key: more keys would each hear of every order of the others. */
const MORE_BASES = Array.from({ length: 16 }, (_, index) => `COIN${index}`);
const SYMBOLS = ["BTC", "ETH", "SOL", "XRP", ...MORE_BASES];
/** Where every market stands. */
export const PRICE = 40_000;

/** Ids of the two workers. */
export const DESK = "desk";
export const AGENT = "agents";
const ROOT = new URL("../../../", import.meta.url);

const UNLIMITED = {
  weightPerMinute: 1e9,
  ordersPerTenSeconds: 1e9,
  ordersPerLong: 1e9,
};

/** An agent with an account at the venue. */
export interface BenchAgent {
  agentId: string;
  agentKey: string;
  symbol: string;
}

/** One agent for each market. */
export const AGENTS: readonly BenchAgent[] = SYMBOLS.map((base, index) => {
  const agentKey = String(index).padStart(5, "0");
  return { agentId: `agt_${agentKey}`, agentKey, symbol: `${base}/USDT` };
});

/** Starts a venue of these markets that lets everybody ask as often as they like. */
export async function startVenue(): Promise<VenueProcess> {
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
  return venue;
}

/** An account with limits that let everything through. */
async function openingOf(
  { agentId, agentKey, symbol }: BenchAgent,
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
    lastUsedAt: null,
  };
  const sealed = await seal(
    JSON.stringify({ ...TEST_CREDENTIALS, passphrase: null }),
    {
      wrapping: await loadKeyring({
        secret: new Secret(""),
        path: keySecretPath,
      }),
      bound: bindings.exchangeKey(view),
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

/** Starts both workers, with journals in `folder`, and links them. */
export async function startTrading(
  folder: string,
  venueUrl: string,
): Promise<Supervisor> {
  const supervisor = createBenchSupervisor();
  await startDesk(supervisor, { folder, venueUrl, agents: AGENTS });
  await startAgents(supervisor);
  return supervisor;
}

/** A supervisor that acknowledges what the desk reports, as the owner does when it has stored it. */
export function createBenchSupervisor(): Supervisor {
  const supervisor: Supervisor = createSupervisor({
    clock: systemClock,
    random: Math.random,
    onEvent: (event) => {
      if (event.type === "lifecycle" && event.change.to === "backing_off") {
        console.error(`${event.change.id}: ${event.change.cause}`);
      }
      if (event.type !== "report") return;
      const { kind, agentId, sequence, detail } = event.report as
        & Pick<DeskReport, "agentId" | "sequence">
        & { kind: string; detail?: string };
      if (kind === "desk_venue") console.error(`${agentId}: ${detail}`);
      if (kind !== "desk" || sequence === null) return;
      void supervisor.ask(DESK, { type: "acknowledge", agentId, sequence });
    },
  });
  return supervisor;
}

/** Starts the desk's worker with the accounts of these agents. */
export async function startDesk(
  supervisor: Supervisor,
  { folder, venueUrl, agents }: {
    folder: string;
    venueUrl: string;
    agents: readonly BenchAgent[];
  },
): Promise<void> {
  const keySecretPath = `${folder}/secret`;
  await loadKeyring({ secret: new Secret(""), path: keySecretPath });
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
        entry: new URL("desk_worker.ts", import.meta.url),
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
}

async function startAgents(supervisor: Supervisor): Promise<void> {
  const agentsConfig: AgentsConfig = {
    agents: AGENTS,
    price: PRICE,
  };
  await supervisor.start({
    id: AGENT,
    kind: "agent",
    createHost: () =>
      createWorkerHost({
        entry: new URL("agents_worker.ts", import.meta.url),
        name: AGENT,
        permissions: NO_PERMISSIONS,
      }),
    loadInit: () => Promise.resolve({ config: agentsConfig, snapshot: null }),
    restart: "permanent",
  });
  for (const { agentId } of AGENTS) {
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
}
