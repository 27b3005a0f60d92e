import assert from "node:assert/strict";
import type { SimulatedClock } from "../../../../actors/mod.ts";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import type { AgentRecord } from "../../../../lib/contracts/agent.ts";
import { createRng, type Rng } from "../../../../lib/core/rng.ts";
import type {
  KvCall,
  KvFault,
  KvOutcome,
} from "../../../../lib/store/kv/faults.ts";
import {
  createMemoryDatabase,
  type MemoryDatabase,
} from "../../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../../lib/store/open_store.ts";
import { runs } from "../../../support/thorough.ts";
import { auditOf } from "../../store/support.ts";
import { agentOf, type Line, SimulatedHost } from "./world.ts";

/** More by hand: CLUSTER_RUNS=1000. */
const RUNS = Number(
  Deno.env.get("CLUSTER_RUNS") ?? runs({ gate: 10, whole: 25 }),
);
const HOSTS = 3;
const AGENTS = 6;
const TROUBLE_S = 60;
/** After the last fault everything is in order again within so long. */
const CALM_S = 30;

const WRITE_FAULTS: readonly KvOutcome[] = [
  "fail",
  "lost_ack",
  "hang",
  "hang_done",
  "conflict",
  "conflict_done",
];

interface Link {
  isCut: boolean;
  faultPct: number;
}

/** What becomes of a call over a link; a write may land long after it was given up. */
function faultOf(
  { kind }: KvCall,
  { link, rng, late }: { link: Link; rng: Rng; late: () => Promise<void> },
): KvFault {
  const isWrite = kind === "write";
  if (link.isCut) {
    return isWrite && rng.next() < 0.2
      ? { outcome: "ok", delay: late() }
      : { outcome: rng.next() < 0.5 ? "hang" : "fail" };
  }
  if (rng.next() * 100 >= link.faultPct) return { outcome: "ok" };
  if (!isWrite) return { outcome: rng.next() < 0.5 ? "hang" : "fail" };
  if (rng.next() < 0.4) return { outcome: "ok", delay: late() };
  return {
    outcome: WRITE_FAULTS[Math.floor(rng.next() * WRITE_FAULTS.length)]!,
  };
}

/** A host takes only what is stored. */
async function saveAll(
  { clock, database, records }: {
    clock: SimulatedClock;
    database: MemoryDatabase;
    records: readonly AgentRecord[];
  },
): Promise<void> {
  const store = await createStore(database.connect(), { time: clock });
  const audit = auditOf("agent.spawn");
  const changes = records.map((record) => ({ record, expected: null }));
  assert.equal(await store.agents.saveAll(changes, { audit }), true);
  await store.close();
}

async function simulate(seed: number) {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const rng = createRng(seed);
  const database = createMemoryDatabase();
  const records = Array.from(
    { length: AGENTS },
    (_, place) =>
      agentOf(
        `agt_${place}`,
        place % 3 === 1 ? { sources: [`agt_${place - 1}`] } : {},
      ),
  );
  await saveAll({ clock, database, records });
  const late = () =>
    new Promise<void>((resolve) =>
      void clock.after(rng.next() * 25_000, resolve)
    );
  const links = Array.from({ length: HOSTS }, (): Link => ({
    isCut: false,
    faultPct: 0,
  }));
  let starts = 0;
  const start = (place: number) =>
    SimulatedHost.start({
      id: `h${place}`,
      clock,
      database,
      random: () => rng.next(),
      records,
      onCall: (call) => faultOf(call, { link: links[place]!, rng, late }),
    }, `boot_${++starts}`);
  const hosts = await Promise.all(links.map((_, place) => start(place)));
  const restarting = new Set<number>();
  const restart = async (place: number) => {
    if (restarting.has(place)) return;
    restarting.add(place);
    hosts[place]!.kill();
    for (;;) {
      try {
        // deno-lint-ignore no-await-in-loop -- until the store answers
        hosts[place] = await start(place);
        break;
      } catch {
        // Its link is cut.
      }
    }
    restarting.delete(place);
  };
  for (let second = 0; second < TROUBLE_S + CALM_S; second++) {
    if (second === TROUBLE_S) {
      for (const link of links) {
        Object.assign(link, { isCut: false, faultPct: 0 });
      }
      for (const host of hosts) host.isPaused = false;
    } else if (second < TROUBLE_S && second > 5 && rng.next() < 0.25) {
      const place = Math.floor(rng.next() * HOSTS);
      const what = rng.next();
      if (what < 0.2) void restart(place);
      else if (what < 0.5) hosts[place]!.isPaused = !hosts[place]!.isPaused;
      else if (what < 0.8) links[place]!.isCut = !links[place]!.isCut;
      else links[place]!.faultPct = rng.next() < 0.5 ? 0 : 20;
    }
    for (const [place, host] of hosts.entries()) {
      // Work first: one that was paused does not know yet what has become of it.
      host.work();
      host.tick();
      if (host.isFenced && !host.isPaused) void restart(place);
    }
    // deno-lint-ignore no-await-in-loop -- time passes second by second
    await clock.advance(1_000);
  }
  return { clock, database, hosts, records };
}

/** Every line in the order of the store. */
async function linesOf(
  { clock, database }: Awaited<ReturnType<typeof simulate>>,
): Promise<Line[]> {
  const store = await createStore(database.connect(), { time: clock });
  const { events } = await store.events.after(0, 100_000);
  await store.close();
  return events.flatMap(({ type, data }) =>
    type === "log.added"
      ? [JSON.parse((data as { message: string }).message) as Line]
      : []
  );
}

Deno.test(`Membership and Claims let no agent be written by two owners at a time, and bring every agent to an owner again, in ${RUNS} simulations of hosts that die, stand still and are cut off`, async () => {
  const base = Number(Deno.env.get("CLUSTER_SEED") ?? 1);
  let takeovers = 0;
  for (let run = 0; run < RUNS; run++) {
    const seed = base + run;
    // deno-lint-ignore no-await-in-loop -- one world after the other
    const world = await simulate(seed);
    // deno-lint-ignore no-await-in-loop -- as above
    const lines = await linesOf(world);
    const last = new Map<string, Line>();
    for (const line of lines) {
      const before = last.get(line.agentId);
      assert.ok(
        before === undefined || line.epoch >= before.epoch,
        `seed ${seed}: ${line.agentId} was written by epoch ${line.epoch} of ${line.host} after epoch ${before?.epoch}`,
      );
      if (before !== undefined && line.epoch === before.epoch) {
        assert.equal(
          line.session,
          before.session,
          `seed ${seed}: epoch ${line.epoch} of ${line.agentId} has two owners`,
        );
      }
      if (before !== undefined && line.epoch > before.epoch) takeovers++;
      last.set(line.agentId, line);
    }
    const owned = world.hosts.flatMap((host) => host.isUp ? host.owned : []);
    assert.deepEqual(
      owned.toSorted(),
      world.records.map(({ id }) => id),
      `seed ${seed}: every agent has one owner in the end`,
    );
    const [first, second] = ["agt_0", "agt_1"].map((id) =>
      world.hosts.find((host) => host.owned.includes(id))?.id
    );
    assert.equal(first, second, `seed ${seed}: who listens is with its source`);
    // deno-lint-ignore no-await-in-loop -- as above
    await Promise.all(world.hosts.map((host) => host.close()));
  }
  assert.ok(takeovers > RUNS, `only ${takeovers} agents changed their owner`);
});
