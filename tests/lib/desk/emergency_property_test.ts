import assert from "node:assert/strict";
import fc from "fast-check";
import { EMERGENCY_LOOK_MS } from "../../../lib/desk/emergency/limits.ts";
import { LEVERS } from "../../../lib/contracts/emergency.ts";
import { MemoryEmergencyFiles, pull, release } from "./emergency_world.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { attached, type Bench } from "./program_world.ts";
import { submit } from "./support.ts";

/** What may happen to a desk, in any order. */
type Happening =
  | { kind: "candle"; close: number }
  | { kind: "decide"; isMarket: boolean; late: number }
  | { kind: "latch"; lever: (typeof LEVERS)[number] }
  | { kind: "request" }
  | { kind: "release" }
  | { kind: "crash" }
  | { kind: "disk"; isReadOnly: boolean }
  | { kind: "hold"; isHeld: boolean };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("candle" as const),
      close: fc.integer({ min: 85, max: 112 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("decide" as const),
      isMarket: fc.boolean(),
      late: fc.integer({ min: 0, max: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("latch" as const),
      lever: fc.constantFrom(...LEVERS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("request" as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("release" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("disk" as const),
      isReadOnly: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("hold" as const),
      isHeld: fc.boolean(),
    }),
  },
);

/** A desk, what it is told, and whether a stop is in force by what was asked of it. */
class World {
  readonly files = new MemoryEmergencyFiles();
  readonly storage = new MemoryStorage();
  bench: Bench;
  seq = -1;
  stops = 0;
  /** Ids of stops in force. */
  inForce: string[] = [];

  constructor(readonly pacing: "lockstep" | "realtime") {
    this.bench = this.#start();
  }

  async entries(): Promise<Set<string>> {
    const { account } = await this.bench.ask({ type: "account" });
    return new Set(
      account.openOrders.filter(({ role }) => role === "entry").map((
        { orderId },
      ) => orderId),
    );
  }

  async take(what: Happening): Promise<void> {
    switch (what.kind) {
      case "candle":
        return this.bench.candle(++this.seq, what.close);
      case "decide":
        return this.#decide(what);
      case "latch": {
        const id = `stop_0000000${++this.stops}`;
        this.inForce.push(id);
        await pull(this.bench, { id, lever: what.lever, deadlineMs: 1_000 });
        return;
      }
      case "request": {
        const name = `number00${++this.stops}`;
        this.inForce.push(`stop_${name}`);
        this.files.inbox.set(`halt-${name}.json`, "");
        return await this.bench.clock.advance(EMERGENCY_LOOK_MS);
      }
      case "release":
        return await this.#release();
      case "crash":
        // What was in memory only is gone; a request that is still there is taken again.
        this.bench = this.#start();
        this.seq = (await this.bench.ask({ type: "account" })).account.seq;
        return;
      case "disk":
        this.files.isReadOnly = what.isReadOnly;
        return await this.bench.clock.advance(EMERGENCY_LOOK_MS);
      case "hold":
        await this.bench.ask({
          type: "hold",
          reason: what.isHeld ? "The store fails" : null,
        });
    }
  }

  #decide({ isMarket, late }: { isMarket: boolean; late: number }): void {
    const seq = this.seq - late;
    this.bench.agent(submit(seq, {
      entry: isMarket ? { type: "market" } : { type: "limit", price: 90 },
      stopPrice: 80,
      targetPrice: 130,
    }));
  }

  async #release(): Promise<void> {
    for (const id of this.inForce) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await release(this.bench, id).then(
        () => this.inForce = this.inForce.filter((one) => one !== id),
        // The file cannot be written, or a crash has lost it: it is in force or gone.
        () => {},
      );
    }
  }

  #start(): Bench {
    const bench = attached({ pacing: this.pacing }, {
      emergencyFiles: this.files,
      storage: this.storage,
    });
    bench.agent({ type: "attached", decidedSeq: this.seq - 1 });
    return bench;
  }
}

Deno.test("from the latch on no entry is accepted, whatever comes between", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("lockstep" as const, "realtime" as const),
      fc.array(happening, { minLength: 5, maxLength: 40 }),
      async (pacing, happenings) => {
        const world = new World(pacing);
        for (const what of happenings) {
          // deno-lint-ignore no-await-in-loop -- one after the other is the point
          const before = await world.entries();
          const wasStopped = world.inForce.length > 0;
          const isLost = what.kind === "crash" && world.files.isReadOnly;
          // deno-lint-ignore no-await-in-loop -- as above
          await world.take(what);
          if (isLost) world.inForce = [];
          if (!wasStopped || world.inForce.length === 0) continue;
          // deno-lint-ignore no-await-in-loop -- as above
          for (const id of await world.entries()) {
            assert.ok(before.has(id), `${id} was accepted by ${what.kind}`);
          }
        }
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("without a latch the same happenings accept entries", async () => {
  const world = new World("lockstep");
  await world.take({ kind: "candle", close: 100 });
  await world.take({ kind: "decide", isMarket: false, late: 0 });
  assert.equal((await world.entries()).size, 1);
});
