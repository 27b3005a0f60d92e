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
import { systemClock } from "../../actors/mod.ts";
import type { DeskAccountConfig } from "../../lib/contracts/desk.ts";
import type { Lever } from "../../lib/contracts/emergency.ts";
import { Journal } from "../../lib/desk/journal/journal_file.ts";
import { DISK } from "../../lib/desk/journal/storage.ts";
import { latch } from "../lib/desk/emergency_world.ts";
import { VenueBench } from "../lib/desk/account/venue/bench.ts";
import { SPOT } from "../lib/desk/account/venue/profiles.ts";
import { withTempDir } from "../support/temp.ts";
import {
  check,
  pull,
  startDesk,
  type StopTarget,
  withJournals,
} from "./emergency_frame.ts";
import { printTimes } from "./print_times.ts";

const AGENTS = 125;
const ORDERS_EACH = 4;
const ROUND_TRIP_MS = 100;
const ROUNDS = Number(Deno.args[0] ?? 10);
const VENUE = { exchange: "binance", market: "spot" } as const;

/** The venue's address, and what reached it. */
interface Server {
  url: string;
  /** When cancels came, by `performance.now()`. */
  cancels: number[];
  /** Resolves when every account has read its trades and nothing more comes for a round trip. */
  settled: Promise<void>;
}

/** Takes its time, and says nothing but that it heard. */
function serve(): Server & AsyncDisposable {
  const settled = Promise.withResolvers<void>();
  const known: Server = { url: "", cancels: [], settled: settled.promise };
  let [trades, underWay] = [0, 0];
  let quiet: ReturnType<typeof setTimeout> | undefined;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      if (url.endsWith("/cancel")) known.cancels.push(performance.now());
      clearTimeout(quiet);
      underWay++;
      await new Promise((resolve) => setTimeout(resolve, ROUND_TRIP_MS));
      underWay--;
      if (url.endsWith("/trades")) trades++;
      // What an answer makes a desk ask comes at once.
      if (trades >= AGENTS && underWay === 0) {
        quiet = setTimeout(settled.resolve, ROUND_TRIP_MS);
      }
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
  const target = await startDesk({
    folder,
    accounts,
    entry: new URL("distant_venue/worker.ts", import.meta.url),
    venue: {
      ...VENUE,
      endpoint: server.url,
      silence: new SharedArrayBuffer(8),
      isLiveArmed: true,
      keySecretPath: "",
    },
    net: ["127.0.0.1"],
  });
  try {
    await server.settled;
    return await measure(target, { lever, server });
  } finally {
    await target.close();
  }
}

async function measure(
  target: StopTarget,
  { lever, server }: { lever: Lever; server: Server },
): Promise<Took> {
  const { beganAt, latched, latchedMs, done, doneMs } = await pull(target, {
    latch: latch({ lever, withdrawAll: lever === "cancel" }),
    pauseMs: 10,
  });
  if (lever === "block") {
    check(latched, { accounts: AGENTS, ordersLeft: 1 });
    return { block: latchedMs };
  }
  check(latched, { accounts: AGENTS, ordersLeft: null });
  check(done, { accounts: AGENTS, ordersLeft: 0 });
  if (server.cancels.length < AGENTS * ORDERS_EACH) {
    throw new Error(`${server.cancels.length} withdrawals reached the venue`);
  }
  return { sent: Math.max(...server.cancels) - beganAt, gone: doneMs };
}

await withTempDir(async (seeded) => {
  const accounts = await seed(seeded);
  const rounds = async (lever: Lever): Promise<Took[]> => {
    const took: Took[] = [];
    for (let count = 0; count < ROUNDS; count++) {
      // deno-lint-ignore no-await-in-loop -- one round after the other
      await withJournals(seeded, async (folder) => {
        took.push(await round(folder, { accounts, lever }));
      });
    }
    return took;
  };
  const blocks = await rounds("block");
  printTimes(
    "emergency.block.venue",
    blocks.flatMap(({ block }) => block ?? []),
    1,
  );
  const cancels = await rounds("cancel");
  printTimes(
    "emergency.cancel.venue.sent",
    cancels.flatMap(({ sent }) => sent ?? []),
    1,
  );
  printTimes(
    "emergency.cancel.venue.gone",
    cancels.flatMap(({ gone }) => gone ?? []),
    1,
  );
});
