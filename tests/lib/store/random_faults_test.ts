import assert from "node:assert/strict";
import fc from "fast-check";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { createRng } from "../../../lib/core/rng.ts";
import type {
  KvCall,
  KvFault,
  KvOutcome,
} from "../../../lib/store/kv/faults.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../lib/store/open_store.ts";
import { auditOf, recordOf, systemDraft } from "./support.ts";

const WRITE_FAULTS: readonly KvOutcome[] = [
  "fail",
  "lost_ack",
  "hang",
  "hang_done",
  "conflict",
  "conflict_done",
];
const READ_FAULTS: readonly KvOutcome[] = ["fail", "hang"];
// Past the deadline of a call, so that a write lands after it was given up.
const LATE_MS = [100, 2_500, 6_000];

/** A store on a link that fails at random, from a seed. */
async function createWorld(seed: number) {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const rng = createRng(seed);
  const random = () => rng.next();
  const link = { faultPct: 0 };
  const pick = <T>(items: readonly T[]) =>
    items[Math.floor(random() * items.length)]!;
  const late = () =>
    new Promise<void>((resolve) => void clock.after(pick(LATE_MS), resolve));
  const onCall = ({ kind }: KvCall): KvFault => {
    if (random() * 100 >= link.faultPct) return { outcome: "ok" };
    if (kind === "write" && random() < 0.3) {
      return { outcome: "ok", delay: late() };
    }
    return { outcome: pick(kind === "write" ? WRITE_FAULTS : READ_FAULTS) };
  };
  const database = createMemoryDatabase();
  const connection = database.connect({ faults: { onCall } });
  const store = await createStore(connection, { time: clock, random });
  return { clock, database, link, store };
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** Sends commands while the link fails; tells what each was answered. */
async function command(
  { store }: World,
  name: string,
): Promise<"stored" | "nothing stored" | "unknown"> {
  try {
    const audit = auditOf(name);
    const isStored = await store.agents.save(recordOf(name), {
      expected: null,
      audit,
    });
    return isStored ? "stored" : "nothing stored";
  } catch (error) {
    const isNothing = /nothing of it was stored/.test((error as Error).message);
    return isNothing ? "nothing stored" : "unknown";
  }
}

async function checkEvents({ store }: World, texts: readonly string[]) {
  const { events } = await store.events.after(0, 10_000);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, place) => place + 1),
    "numbers without holes",
  );
  assert.deepEqual(
    events.map(({ data }) => (data as { message: string }).message),
    texts,
    "each event once, in order",
  );
}

async function checkCommands(
  { store }: World,
  answers: ReadonlyMap<string, string>,
) {
  const records = (await store.agents.list()).map(({ id }) => id);
  const { items } = await store.auditPage({ limit: 500, cursor: null });
  assert.deepEqual(
    items.map(({ n }) => n),
    items.map((_, place) => items.length - place),
    "audit numbers without holes",
  );
  const audited = items.map(({ action }) => action);
  assert.deepEqual(
    audited.toSorted(),
    records.toSorted(),
    "a change and its audit entry are stored together",
  );
  for (const [name, answer] of answers) {
    if (answer === "unknown") continue;
    assert.equal(records.includes(name), answer === "stored", name);
  }
}

Deno.test("nothing is stored twice and nothing that was acknowledged is lost, whatever the link does", async () => {
  const property = fc.asyncProperty(
    fc.record({
      seed: fc.nat(),
      faultPct: fc.constantFrom(5, 20, 50),
      rounds: fc.integer({ min: 5, max: 30 }),
    }),
    async ({ seed, faultPct, rounds }) => {
      const world = await createWorld(seed);
      const { clock, link, store } = world;
      link.faultPct = faultPct;
      const texts: string[] = [];
      const appends: Promise<void>[] = [];
      const answers = new Map<string, string>();
      const commands: Promise<unknown>[] = [];
      for (let round = 0; round < rounds; round++) {
        const text = `event ${round}`;
        texts.push(text);
        appends.push(store.events.append({ events: [systemDraft(text)] }));
        const name = `agt_${round}`;
        commands.push(
          command(world, name).then((answer) => answers.set(name, answer)),
        );
        // deno-lint-ignore no-await-in-loop -- rounds follow each other
        await clock.advance(round % 3 === 0 ? 4_000 : 50);
      }
      link.faultPct = 0;
      // The last late writes land, and the writer's longest pause passes.
      await clock.advance(30_000);
      await Promise.all([...appends, ...commands]);
      await checkEvents(world, texts);
      await checkCommands(world, answers);
      assert.equal(await store.probe(), true);
      assert.equal(store.health().ok, true);
      await store.close();
    },
  );
  await fc.assert(property, { numRuns: 25 });
});

Deno.test("the same seed gives the same faults and the same store", async () => {
  const run = async () => {
    const world = await createWorld(7);
    world.link.faultPct = 30;
    const commands = Array.from(
      { length: 10 },
      (_, n) => command(world, `agt_${n}`),
    );
    const done = world.store.events.append({ events: [systemDraft("one")] });
    await world.clock.advance(60_000);
    const answers = await Promise.all(commands);
    await done;
    const all = await world.database.connect().list(
      { prefix: [] },
      { limit: 1_000 },
    );
    world.link.faultPct = 0;
    await world.store.close();
    return { answers, all };
  };
  assert.deepEqual(await run(), await run());
});
