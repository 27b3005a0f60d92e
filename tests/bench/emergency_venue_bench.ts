// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * An emergency stop of 125 agents with four orders each at a venue, an entry and
 * three stops, over real sockets and a round trip of 100 ms: time from the
 * question to the desk until every account lets nothing in, until the last
 * withdrawal has reached the venue, and until the desk calls it done.
 *
 *     deno run --allow-read --allow-write --allow-net=127.0.0.1 tests/bench/emergency_venue_bench.ts
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
import type {
  DeskAccountConfig,
  DeskConfig,
} from "../../lib/contracts/desk.ts";
import type {
  EmergencyDeskState,
  Lever,
} from "../../lib/contracts/emergency.ts";
import type { EmergencyQuery } from "../../lib/contracts/emergency_desk.ts";
import { Journal } from "../../lib/desk/journal/journal_file.ts";
import { DISK } from "../../lib/desk/journal/storage.ts";
import { latch } from "../lib/desk/emergency_world.ts";
import { SPOT, VenueBench } from "../lib/desk/account/venue/bench.ts";
import { withTempDir } from "../support/temp.ts";

const AGENTS = 125;
const ORDERS_EACH = 4;
const ROUND_TRIP_MS = 100;
const ROUNDS = Number(Deno.args[0] ?? 10);
const DESK = "desk";
const VENUE = { exchange: "binance", market: "spot" } as const;

/** The venue's address, and when requests reached it. */
interface Server {
  url: string;
  /** Of cancels, by `performance.now()`. */
  cancels: number[];
  /** Requests for positions, the last thing that a start asks for. */
  positions: number;
}

/** Takes its time, and says nothing but that it heard. */
function serve(): Server & AsyncDisposable {
  const known: Server = { url: "", cancels: [], positions: 0 };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      if (url.endsWith("/cancel")) known.cancels.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, ROUND_TRIP_MS));
      if (url.endsWith("/position")) known.positions++;
      return new Response("ok");
    },
  );
  known.url = `http://127.0.0.1:${server.addr.port}`;
  return Object.assign(known, {
    [Symbol.asyncDispose]: () => server.shutdown(),
  });
}

/** Journals of accounts that hold something, with an entry that is filled in part. */
async function seed(journalDir: string): Promise<DeskAccountConfig[]> {
  const configs: DeskAccountConfig[] = [];
  for (let index = 0; index < AGENTS; index++) {
    const name = String(index).padStart(4, "0");
    const bench = new VenueBench({
      profile: SPOT,
      config: {
        agentId: `agt_${name}`,
        symbol: `A${name}/USDT`,
        execution: {
          kind: "venue",
          ...VENUE,
          credentialId: "key_1",
          namespace: "abc",
          agentKey: `a${name}`,
        },
      },
    });
    bench.submit({ entry: { type: "limit", price: 90 }, stopPrice: 80 });
    const entry = bench.working("entry");
    bench.accept(entry);
    for (let fill = 1; fill < ORDERS_EACH; fill++) {
      bench.trade(entry, { quantity: "1" });
      bench.accept(bench.side.workingOrders().at(-1)!);
    }
    const path = `${journalDir}/agt_${name}.journal`;
    const { journal } = Journal.open({
      path,
      clock: systemClock,
      storage: DISK.open(path),
      onChange: () => {},
      onSegmentDue: () => {},
      segmentBytes: 1e9,
    });
    journal.append(bench.entries);
    // deno-lint-ignore no-await-in-loop -- before anything is measured
    await journal.close();
    configs.push(bench.account.config);
  }
  return configs;
}

/** What a round took, in ms. */
interface Took {
  block?: number;
  sent?: number;
  gone?: number;
}

async function round(
  folder: string,
  { accounts, lever }: { accounts: DeskAccountConfig[]; lever: Lever },
): Promise<Took> {
  await using server = serve();
  const supervisor: Supervisor = createSupervisor({
    clock: systemClock,
    random: Math.random,
    onEvent: () => {},
  });
  const config: DeskConfig = {
    journalDir: `${folder}/journal`,
    emergencyDir: `${folder}/emergency`,
    accounts: accounts.map((account) => ({ account, storedTrades: 0 })),
    heldReason: null,
    venue: {
      ...VENUE,
      endpoint: server.url,
      silence: new SharedArrayBuffer(8),
      isLiveArmed: true,
      keySecretPath: "",
    },
  };
  await supervisor.start({
    id: DESK,
    kind: "desk",
    createHost: () =>
      createWorkerHost({
        entry: new URL("distant_venue/worker.ts", import.meta.url),
        name: DESK,
        permissions: {
          ...NO_PERMISSIONS,
          read: [folder],
          write: [folder],
          net: ["127.0.0.1"],
        },
      }),
    loadInit: () => Promise.resolve({ config, snapshot: null }),
    restart: "permanent",
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  try {
    return await measure({
      lever,
      server,
      ask: (query) =>
        supervisor.ask(DESK, query) as Promise<EmergencyDeskState>,
    });
  } finally {
    await supervisor.drain({ deadlineMs: 5_000 });
  }
}

/** A start reads what there is; a stop in the midst of that waits its turn for the rate budget behind nothing. */
const SETTLE_MS = 1_500;

async function measure(
  { ask, lever, server }: {
    ask(query: EmergencyQuery): Promise<EmergencyDeskState>;
    lever: Lever;
    server: Server;
  },
): Promise<Took> {
  const beganAt = performance.now();
  const stop = latch({ lever, withdrawAll: lever === "cancel" });
  let state = await ask({ type: "emergency", op: "latch", latch: stop });
  const block = performance.now() - beganAt;
  check(state, lever === "block" ? 1 : null);
  if (lever === "block") return { block };
  while (state.latches[0]!.isWorking) {
    // deno-lint-ignore no-await-in-loop -- asked until it is done
    await new Promise((resolve) => setTimeout(resolve, 10));
    // deno-lint-ignore no-await-in-loop -- as above
    state = await ask({ type: "emergency", op: "state" });
  }
  const gone = performance.now() - beganAt;
  check(state, 0);
  if (server.cancels.length < AGENTS * ORDERS_EACH) {
    throw new Error(`${server.cancels.length} withdrawals reached the venue`);
  }
  return { sent: Math.max(...server.cancels) - beganAt, gone };
}

/** @param left Orders that each account has left; null where that is not looked at. */
function check(
  { latches, fileProblem }: EmergencyDeskState,
  left: number | null,
) {
  const { progress } = latches[0]!;
  const isRight = progress.length === AGENTS && fileProblem === null &&
    (left === null || progress.every(({ ordersLeft }) => ordersLeft === left));
  if (!isRight) throw new Error(JSON.stringify(progress.slice(0, 2)));
}

function print(name: string, times: readonly (number | undefined)[]): void {
  const sorted = times.filter((time) => time !== undefined)
    .toSorted((a, b) => a - b);
  const at = (fraction: number) =>
    Number(sorted[Math.floor(fraction * (sorted.length - 1))]!.toFixed(1));
  console.log(JSON.stringify({
    name,
    unit: "ms",
    n: sorted.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }));
}

await withTempDir(async (seeded) => {
  const accounts = await seed(seeded);
  const rounds = async (lever: Lever): Promise<Took[]> => {
    const took: Took[] = [];
    for (let count = 0; count < ROUNDS; count++) {
      // deno-lint-ignore no-await-in-loop -- one round after the other
      await withTempDir(async (folder) => {
        await Deno.mkdir(`${folder}/journal`);
        for await (const { name } of Deno.readDir(seeded)) {
          await Deno.copyFile(`${seeded}/${name}`, `${folder}/journal/${name}`);
        }
        took.push(await round(folder, { accounts, lever }));
      });
    }
    return took;
  };
  print(
    "emergency.block.venue",
    (await rounds("block")).map(({ block }) => block),
  );
  const cancels = await rounds("cancel");
  print("emergency.cancel.venue.sent", cancels.map(({ sent }) => sent));
  print("emergency.cancel.venue.gone", cancels.map(({ gone }) => gone));
});
