// deno-lint-ignore-file no-console -- a benchmark prints
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
import type { ActorRuntime } from "../../actors/program.ts";
import { DeskVenues } from "../../lib/desk/desk_venues.ts";
import { openAccount } from "../../lib/desk/open_account.ts";
import { DISK } from "../../lib/desk/journal/storage.ts";
import { latch } from "../lib/desk/emergency_world.ts";
import { accountConfig, candle, intent } from "../lib/desk/support.ts";
import { withTempDir } from "../support/temp.ts";

const AGENTS = 100;
const ORDERS_EACH = 5;
const ROUNDS = 20;
const DESK = "desk";

/** Agents with resting orders, and whoever can stop them. */
interface StopTarget {
  ask(query: EmergencyQuery): Promise<EmergencyDeskState>;
  close(): Promise<void>;
}

/** Starts a target with all its orders resting. */
type StartTarget = (folder: string) => Promise<StopTarget>;

const RUNTIME: ActorRuntime = {
  actorId: DESK,
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
const paperDesk: StartTarget = async (folder) => {
  const supervisor: Supervisor = createSupervisor({
    clock: systemClock,
    random: Math.random,
    onEvent: () => {},
  });
  const config: DeskConfig = {
    journalDir: `${folder}/journal`,
    emergencyDir: `${folder}/emergency`,
    accounts: ACCOUNTS.map((account) => ({ account, storedTrades: 0 })),
    heldReason: null,
  };
  await supervisor.start({
    id: DESK,
    kind: "desk",
    createHost: () =>
      createWorkerHost({
        entry: new URL("../../lib/desk/worker.ts", import.meta.url),
        name: DESK,
        permissions: { ...NO_PERMISSIONS, read: [folder], write: [folder] },
      }),
    loadInit: () => Promise.resolve({ config, snapshot: null }),
    restart: "permanent",
  });
  return {
    ask: (query) => supervisor.ask(DESK, query) as Promise<EmergencyDeskState>,
    close: () => supervisor.drain({ deadlineMs: 5_000 }),
  };
};

/** Pulls a lever; answers with how long it took until it had nothing left to do. */
async function measure(target: StopTarget, lever: Lever): Promise<number> {
  const beganAt = performance.now();
  const query = { type: "emergency", op: "latch" } as const;
  let state = await target.ask({ ...query, latch: latch({ lever }) });
  while (state.latches[0]!.isWorking) {
    // deno-lint-ignore no-await-in-loop -- asked until it is done
    state = await target.ask({ type: "emergency", op: "state" });
  }
  const tookMs = performance.now() - beganAt;
  check(state, lever);
  return tookMs;
}

function check({ latches, fileProblem }: EmergencyDeskState, lever: Lever) {
  const [stop] = latches;
  const left = stop!.progress.reduce(
    (sum, { ordersLeft }) => sum + (ordersLeft ?? 0),
    0,
  );
  const expected = lever === "block" ? AGENTS * ORDERS_EACH : 0;
  const isRight = stop!.progress.length === AGENTS && left === expected &&
    stop!.residue.length === 0 && fileProblem === null;
  if (!isRight) {
    throw new Error(`${left} orders are left, ${expected} were expected`);
  }
}

async function bench(
  start: StartTarget,
  { seeded, lever }: { seeded: string; lever: Lever },
): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // deno-lint-ignore no-await-in-loop -- one round after the other
    await withTempDir(async (folder) => {
      await Deno.mkdir(`${folder}/journal`);
      for await (const { name } of Deno.readDir(seeded)) {
        await Deno.copyFile(`${seeded}/${name}`, `${folder}/journal/${name}`);
      }
      const target = await start(folder);
      times.push(await measure(target, lever));
      await target.close();
    });
  }
  return times;
}

function print(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
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
  await seed(seeded);
  for (const lever of ["block", "cancel"] as const) {
    // deno-lint-ignore no-await-in-loop -- they must not disturb each other
    print(`emergency.${lever}`, await bench(paperDesk, { seeded, lever }));
  }
});
