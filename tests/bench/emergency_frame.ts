/**
 * What the benchmarks of an emergency stop have in common: a desk in its worker
 * with journals of its own, and a lever that is pulled.
 *
 * @module
 */
import {
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  systemClock,
} from "../../actors/mod.ts";
import type {
  DeskAccountConfig,
  DeskConfig,
} from "../../lib/contracts/desk.ts";
import type {
  EmergencyDeskState,
  Latch,
} from "../../lib/contracts/emergency.ts";
import type { EmergencyQuery } from "../../lib/contracts/emergency_desk.ts";
import { withTempDir } from "../support/temp.ts";

const DESK = "desk";

/** Agents with resting orders, and whoever can stop them. */
export interface StopTarget {
  ask(query: EmergencyQuery): Promise<EmergencyDeskState>;
  close(): Promise<void>;
}

/** Calls `use` with a folder of its own that holds the journals of `seeded`. */
export async function withJournals(
  seeded: string,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (folder) => {
    await Deno.mkdir(`${folder}/journal`);
    for await (const { name } of Deno.readDir(seeded)) {
      await Deno.copyFile(`${seeded}/${name}`, `${folder}/journal/${name}`);
    }
    await use(folder);
  });
}

/** Starts a desk in its worker on the journals of a folder. */
export async function startDesk(
  options: {
    folder: string;
    accounts: readonly DeskAccountConfig[];
    /** Module of the worker. */
    entry: URL;
    /** Left out: a market of candles. */
    venue?: DeskConfig["venue"];
    /** Hosts that the worker may reach. */
    net?: string[];
  },
): Promise<StopTarget> {
  const { folder, accounts, entry, venue, net } = options;
  const supervisor = createSupervisor({
    clock: systemClock,
    random: Math.random,
    onEvent: () => {},
  });
  const config: DeskConfig = {
    journalDir: `${folder}/journal`,
    emergencyDir: `${folder}/emergency`,
    accounts: accounts.map((account) => ({ account, storedTrades: 0 })),
    heldReason: null,
    ...(venue === undefined ? {} : { venue }),
  };
  await supervisor.start({
    id: DESK,
    kind: "desk",
    createHost: () =>
      createWorkerHost({
        entry,
        name: DESK,
        permissions: {
          ...NO_PERMISSIONS,
          read: [folder],
          write: [folder],
          ...(net === undefined ? {} : { net }),
        },
      }),
    loadInit: () => Promise.resolve({ config, snapshot: null }),
    restart: "permanent",
  });
  return {
    ask: (query) => supervisor.ask(DESK, query) as Promise<EmergencyDeskState>,
    close: () => supervisor.drain({ deadlineMs: 5_000 }),
  };
}

/** A stop that was carried out: what the desk said of it, and after how long, in ms by `performance.now()`. */
export interface Pulled {
  beganAt: number;
  /** Every account lets nothing in. */
  latched: EmergencyDeskState;
  latchedMs: number;
  /** There is nothing left to do. */
  done: EmergencyDeskState;
  doneMs: number;
}

/** Pulls a lever and asks until there is nothing left to do, with a pause between two questions. */
export async function pull(
  { ask }: Pick<StopTarget, "ask">,
  { latch, pauseMs = 0 }: { latch: Latch; pauseMs?: number },
): Promise<Pulled> {
  const beganAt = performance.now();
  const latched = await ask({ type: "emergency", op: "latch", latch });
  const latchedMs = performance.now() - beganAt;
  let done = latched;
  while (done.latches[0]!.isWorking) {
    if (pauseMs > 0) {
      // deno-lint-ignore no-await-in-loop -- asked until it is done
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    // deno-lint-ignore no-await-in-loop -- as above
    done = await ask({ type: "emergency", op: "state" });
  }
  const doneMs = performance.now() - beganAt;
  return { beganAt, latched, latchedMs, done, doneMs };
}

/**
 * Checks that the stop reached every account and was written to the disk.
 *
 * @param expected Accounts, and orders that each of them has left; null where that is not looked at.
 * @throws {Error}
 */
export function check(
  { latches, fileProblem }: EmergencyDeskState,
  expected: { accounts: number; ordersLeft: number | null },
): void {
  const [stop] = latches;
  const { accounts, ordersLeft } = expected;
  const isRight = stop!.progress.length === accounts &&
    stop!.residue.length === 0 && fileProblem === null &&
    (ordersLeft === null ||
      stop!.progress.every((account) => account.ordersLeft === ordersLeft));
  if (isRight) return;
  const seen = JSON.stringify({
    ...stop,
    progress: stop!.progress.slice(0, 2),
  });
  throw new Error(
    `${accounts} accounts with ${
      ordersLeft ?? "any"
    } orders left were expected; ${stop!.progress.length} say: ${seen}`,
  );
}
