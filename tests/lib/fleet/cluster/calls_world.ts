import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import { createIdFactory } from "../../../../lib/core/ids.ts";
import { createRng } from "../../../../lib/core/rng.ts";
import { PeerCalls } from "../../../../lib/fleet/cluster/calls.ts";
import type { KvCall, KvFault } from "../../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../../lib/store/open_store.ts";

/** Processes over one database in memory. */
export function createWorld(seed = 1) {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const rng = createRng(seed);
  const random = () => rng.next();
  const database = createMemoryDatabase();
  const closes: (() => Promise<void>)[] = [];
  /** The newest start of each host, until it ends. */
  const sessions = new Map<string, string>();
  let starts = 0;
  return {
    clock,
    rng,
    sessions,
    async process(
      processId: string,
      { takesQuestions = true, onCall }: {
        takesQuestions?: boolean;
        onCall?: (call: KvCall) => KvFault;
      } = {},
    ) {
      const connection = database.connect(
        onCall === undefined ? {} : { faults: { onCall } },
      );
      const store = await createStore(connection, { time: clock, random });
      const session = `boot_${++starts}`;
      if (takesQuestions) sessions.set(processId, session);
      const calls = new PeerCalls({
        processId,
        session,
        sessionOf: (hostId) => sessions.get(hostId) ?? null,
        mail: store.hostMail,
        clock,
        ids: createIdFactory({ nowMs: () => clock.nowMs(), random }),
        onError: () => {},
      });
      closes.push(async () => {
        await calls.close();
        await store.close();
      });
      calls.start({ takesQuestions });
      return calls;
    },
    close: () => Promise.all(closes.map((close) => close())),
  };
}

/** Settles `work` while time passes. */
export async function within<T>(
  world: ReturnType<typeof createWorld>,
  work: Promise<T>,
): Promise<T> {
  let isOver = false;
  const watched = work.finally(() => isOver = true);
  watched.catch(() => {});
  for (let step = 0; step < 200 && !isOver; step++) {
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await world.clock.advance(100);
  }
  return await watched;
}
