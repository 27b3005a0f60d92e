/**
 * An emergency stop of a hundred agents with five resting orders each: time
 * from the question to the desk until every account lets nothing in, and until
 * every order is withdrawn, both with latch and journals on the disk. A market
 * at a venue is another {@link StopTarget}; the measuring stays the same.
 *
 *     deno run --allow-read --allow-write tests/bench/emergency_bench.ts
 *
 * @module
 */
import { systemClock } from "../../actors/mod.ts";
import type { ActorRuntime } from "../../actors/program.ts";
import type { DeskAccountConfig } from "../../lib/contracts/desk.ts";
import type { Lever } from "../../lib/contracts/emergency.ts";
import { DeskVenues } from "../../lib/desk/desk_venues.ts";
import { openAccount } from "../../lib/desk/open_account.ts";
import { DISK } from "../../lib/desk/journal/storage.ts";
import { latch } from "../lib/desk/emergency_world.ts";
import { accountConfig, candle, intent } from "../lib/desk/support.ts";
import { withTempDir } from "../support/temp.ts";
import {
  check,
  pull,
  startDesk,
  type StopTarget,
  withJournals,
} from "./emergency_frame.ts";
import { printTimes } from "./print_times.ts";

const AGENTS = 100;
const ORDERS_EACH = 5;
const ROUNDS = 20;

/** Starts a target with all its orders resting. */
type StartTarget = (folder: string) => Promise<StopTarget>;

const RUNTIME: ActorRuntime = {
  actorId: "desk",
  epoch: 1,
  config: null,
  snapshot: null,
  clock: systemClock,
  send: () => {},
  credits: () => 0,
  report: () => {},
};

/** Accounts on candles trade at no venue. */
const NO_VENUES = new DeskVenues({
  runtime: RUNTIME,
  venue: null,
  openGateway: null,
  random: () => 0.5,
  liveBlock: () => null,
});

const ACCOUNTS: readonly DeskAccountConfig[] = Array.from(
  { length: AGENTS },
  (_, index) => accountConfig({ agentId: `agt_${index}` }),
);

/** Writes the journals of accounts whose entries rest. */
async function seed(journalDir: string): Promise<void> {
  for (const account of ACCOUNTS) {
    const flow = openAccount({ account, storedTrades: 0 }, {
      runtime: RUNTIME,
      files: DISK,
      sizes: {},
      path: `${journalDir}/${account.agentId}.journal`,
      heldReason: null,
      venues: NO_VENUES,
    });
    flow.account.step(candle(0, { close: 100 }));
    flow.account.decide({
      type: "decided",
      seq: 0,
      actions: Array.from({ length: ORDERS_EACH }, (_, index) => ({
        kind: "submit",
        intent: intent(0, {
          intentId: `0.${index}`,
          entry: { type: "limit", price: 90 + index },
          stopPrice: 80,
          riskPct: 0.1,
        }),
      })),
    });
    flow.cancel();
    flow.reporter.cancel();
    // deno-lint-ignore no-await-in-loop -- before anything is measured
    await flow.journal.close();
  }
}

/** The paper desk in its worker, with its journals on the disk. */
const paperDesk: StartTarget = (folder) =>
  startDesk({
    folder,
    accounts: ACCOUNTS,
    entry: new URL("../../lib/desk/worker.ts", import.meta.url),
  });

/** Pulls a lever in each round; answers with how long it took until it had nothing left to do. */
async function bench(
  start: StartTarget,
  { seeded, lever }: { seeded: string; lever: Lever },
): Promise<number[]> {
  const times: number[] = [];
  const ordersLeft = lever === "block" ? ORDERS_EACH : 0;
  for (let round = 0; round < ROUNDS; round++) {
    // deno-lint-ignore no-await-in-loop -- one round after the other
    await withJournals(seeded, async (folder) => {
      const target = await start(folder);
      const { done, doneMs } = await pull(target, { latch: latch({ lever }) });
      check(done, { accounts: AGENTS, ordersLeft });
      times.push(doneMs);
      await target.close();
    });
  }
  return times;
}

await withTempDir(async (seeded) => {
  await seed(seeded);
  for (const lever of ["block", "cancel"] as const) {
    // deno-lint-ignore no-await-in-loop -- they must not disturb each other
    printTimes(
      `emergency.${lever}`,
      await bench(paperDesk, { seeded, lever }),
      1,
    );
  }
});
