import assert from "node:assert/strict";
import type {
  EmergencyDeskState,
  Latch,
} from "../../../lib/contracts/emergency.ts";
import type {
  EmergencyQuery,
  MeasureQuery,
} from "../../../lib/contracts/emergency_desk.ts";
import { LATCHES_MAX } from "../../../lib/desk/emergency/limits.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import { DeskStops } from "../../../lib/fleet/emergency/desk_stops.ts";
import { unreleased } from "../../../lib/fleet/emergency/stop_answers.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { latch } from "../desk/emergency_world.ts";

const PAPER = "desk:paper";
const SWAP = "desk:binance.swap";

/** Desks that remember latches, some of which may not answer. */
class Desks {
  readonly latches = new Map<string, Latch[]>();
  readonly released = new Map<string, Latch[]>();
  readonly silent = new Set<string>();
  readonly asked: string[] = [];
  readonly fullDisks = new Set<string>();
  readonly work: Promise<unknown>[] = [];
  /** What happens when the clock has run out. */
  endOfWait = () => {};
  readonly stops: DeskStops;
  readonly #desks = new Map<string, Promise<void>>();

  constructor(...ids: string[]) {
    for (const id of ids) this.start(id);
    this.stops = new DeskStops(
      {
        desks: this.#desks,
        supervisor: {
          ask: (id: string, query: EmergencyQuery | MeasureQuery) =>
            this.#answer(id, query),
          status: () => ({ state: "running" }),
        },
        track: (work: Promise<unknown>) => void this.work.push(work),
        clock: {
          after: (_: number, run: () => void) => {
            this.endOfWait = run;
            return { cancel: () => {} };
          },
        },
      } as unknown as FleetContext,
      { onChange: () => {} },
    );
  }

  start(id: string, started: Promise<void> = Promise.resolve()): void {
    this.#desks.set(id, started);
    this.latches.set(id, []);
    this.released.set(id, []);
  }

  state(id: string): EmergencyDeskState {
    return {
      latches: this.latches.get(id)!.map((one) => ({
        ...one,
        isWorking: one.endedAt === null,
        progress: [],
        residue: [],
      })),
      released: this.released.get(id)!,
      fileProblem: this.fullDisks.has(id) ? "The disk is full" : null,
    };
  }

  idsOf(id: string): string[] {
    return this.latches.get(id)!.map((one) => one.id);
  }

  async settle(): Promise<void> {
    while (this.work.length > 0) {
      // deno-lint-ignore no-await-in-loop -- one may begin the next
      await this.work.shift();
    }
  }

  #answer(
    id: string,
    query: EmergencyQuery | MeasureQuery,
  ): Promise<unknown> {
    this.asked.push(`${id} ${query.op}`);
    if (this.silent.has(id)) return Promise.reject(new Error("No answer"));
    if (query.op === "measure") {
      const account = { agentId: id, halfSpreadBp: 1, roundTripMs: 2 };
      return Promise.resolve({ accounts: [account] });
    }
    const known = this.latches.get(id)!;
    if (query.op === "latch" && !this.idsOf(id).includes(query.latch.id)) {
      known.push(query.latch);
    }
    if (query.op === "audited") {
      for (const one of known) {
        if (query.ids.includes(one.id)) one.isAudited = true;
      }
    }
    return Promise.resolve(this.state(id));
  }
}

Deno.test("DeskStops asks every desk at once and says which did not answer", async () => {
  const desks = new Desks(PAPER, SWAP);
  desks.silent.add(SWAP);
  const query = { type: "emergency", op: "latch", latch: latch() } as const;
  const { failures, asked } = await desks.stops.askAll(query);
  assert.equal(asked, 2);
  assert.deepEqual(failures.map(({ deskId }) => deskId), [SWAP]);
  assert.equal(desks.stops.isHeard(latch().id), false);
  assert.equal(desks.stops.state.latches.length, 1);
  const measures = await desks.stops.measure();
  assert.deepEqual(measures.map(({ agentId }) => agentId), [PAPER]);
});

Deno.test("DeskStops gives a desk that starts later what others hold, with its levers to pull, and who is on record", async () => {
  const desks = new Desks(PAPER);
  const ended = latch({ lever: "cancel", endedAt: 9, isAudited: true });
  desks.latches.get(PAPER)!.push(ended);
  desks.stops.take(PAPER, desks.state(PAPER));
  assert.equal(desks.stops.forDesk(PAPER, ended).endedAt, 9);
  assert.equal(desks.stops.forDesk(SWAP, ended).endedAt, null);
  desks.start(SWAP);
  desks.latches.get(SWAP)!.push(
    latch({ id: "stop_00000002", isAudited: true }),
  );
  desks.stops.take(SWAP, desks.state(SWAP));
  await desks.settle();
  assert.deepEqual(desks.idsOf(SWAP).sort(), [
    "stop_00000001",
    "stop_00000002",
  ]);
  assert.deepEqual(desks.idsOf(PAPER), ["stop_00000001", "stop_00000002"]);
  assert.equal(desks.latches.get(SWAP)![1]!.endedAt, null);
});

Deno.test("DeskStops does not give back what a desk has released", async () => {
  const desks = new Desks(PAPER, SWAP);
  desks.latches.get(PAPER)!.push(latch());
  desks.released.get(SWAP)!.push(latch());
  desks.stops.take(SWAP, desks.state(SWAP));
  desks.stops.take(PAPER, desks.state(PAPER));
  await desks.settle();
  assert.deepEqual(desks.idsOf(SWAP), []);
  assert.equal(desks.stops.state.latches.length, 1, "it is still in force");
});

Deno.test("DeskStops gives nothing more to a desk without room, which is stopped altogether", async () => {
  const desks = new Desks(PAPER, SWAP);
  for (let count = 0; count < LATCHES_MAX; count++) {
    const id = `stop_number${String(count).padStart(4, "0")}`;
    const isLast = count === LATCHES_MAX - 1;
    const scope = isLast
      ? { kind: "all" } as const
      : { kind: "agent", id: `agt_${count}` } as const;
    desks.latches.get(SWAP)!.push(latch({ id, scope, isAudited: true }));
  }
  desks.latches.get(PAPER)!.push(latch({ isAudited: true }));
  desks.stops.take(SWAP, desks.state(SWAP));
  desks.stops.take(PAPER, desks.state(PAPER));
  await desks.settle();
  assert.equal(desks.idsOf(SWAP).length, LATCHES_MAX);
});

Deno.test("a stop because of one desk's unreadable file stays that desk's", async () => {
  const desks = new Desks(PAPER, SWAP);
  const unreadable = latch({ id: "stop_unreadable1" });
  desks.latches.get(SWAP)!.push(unreadable);
  desks.stops.take(PAPER, desks.state(PAPER));
  desks.stops.take(SWAP, desks.state(SWAP));
  await desks.settle();
  assert.deepEqual(desks.idsOf(PAPER), []);
  assert.equal(desks.stops.concerns(SWAP, unreadable), true);
  assert.equal(desks.stops.concerns(PAPER, unreadable), false);
});

Deno.test("a stop is everywhere when each started desk has it in its file", async () => {
  const desks = new Desks(PAPER, SWAP);
  const query = { type: "emergency", op: "latch", latch: latch() } as const;
  desks.fullDisks.add(SWAP);
  await desks.stops.askAll(query);
  assert.equal(desks.stops.isHeard(latch().id), true);
  assert.equal(desks.stops.isEverywhere(latch().id), false);
  desks.fullDisks.clear();
  desks.stops.take(SWAP, desks.state(SWAP));
  assert.equal(desks.stops.isEverywhere(latch().id), true);
});

Deno.test("DeskStops waits for a desk that is just starting, or until the time is over", async () => {
  for (const isStarted of [true, false]) {
    const desks = new Desks(PAPER);
    const start = Promise.withResolvers<void>();
    desks.start(SWAP, start.promise);
    let isOver = false;
    const waited = desks.stops.waitForStarts().then(() => isOver = true);
    // deno-lint-ignore no-await-in-loop -- one case after the other
    await Promise.resolve();
    assert.equal(isOver, false);
    if (isStarted) start.resolve();
    else desks.endOfWait();
    // deno-lint-ignore no-await-in-loop -- one case after the other
    await waited;
  }
});

Deno.test("unreleased says that a desk that takes no command holds the stop still, and passes on what a desk refuses", () => {
  const busy = new AppError("ACTOR_STATE_REFUSED", "starting", { status: 409 });
  const told = unreleased({ deskId: SWAP, error: busy }) as AppError;
  assert.equal(told.code, "AGENT_UNREACHABLE");
  assert.equal(told.status, 503);
  assert.match(told.message, /still in force/);
  const full = new AppError("EMERGENCY_FILE", "full", { status: 503 });
  assert.equal(unreleased({ deskId: SWAP, error: full }), full);
});
