import assert from "node:assert/strict";
import { serialize } from "node:v8";
import type {
  EmergencyDeskState,
  Latch,
  StopProgress,
  StopView,
} from "../../../../lib/contracts/emergency.ts";
import {
  LATCHES_MAX,
  LATCHES_READ_MAX,
  RELEASED_KEPT,
} from "../../../../lib/desk/emergency/limits.ts";
import { unheardView } from "../../../../lib/fleet/emergency/stop_answers.ts";
import { MAX_TOLD_STOP_BYTES } from "../../../../lib/fleet/cluster/limits.ts";
import { stopsToTell } from "../../../../lib/fleet/cluster/told_stops.ts";
import { createMemoryDatabase } from "../../../../lib/store/kv/memory_database.ts";
import { createStore } from "../../../../lib/store/open_store.ts";
import { latch } from "../../desk/emergency_world.ts";
import { hostOf } from "../../store/host_support.ts";
import { systemTime } from "../../store/support.ts";

/** Two bytes each, where they are stored. */
const wide = (characters: number) => "漢".repeat(characters);

const idOf = (place: number) => `stop_${String(place).padStart(64, "0")}`;

/** As long as the schema lets its texts be. */
function largest(place: number, change: Partial<Latch> = {}): Latch {
  return latch({
    id: idOf(place),
    scope: { kind: "agent", id: `agt_${String(place).padStart(26, "0")}` },
    lever: "flatten",
    reason: wide(400),
    by: { userId: `usr_${"0".repeat(26)}`, name: wide(254), via: "system" },
    ...change,
  });
}

function stateOf(
  latches: readonly Latch[],
  progress: readonly StopProgress[] = [],
): EmergencyDeskState {
  const release = {
    by: largest(0).by,
    reason: wide(400),
    at: 1_800_000_000_000,
  };
  return {
    latches: latches.map((one) => ({ ...unheardView(one), progress })),
    released: Array.from(
      { length: RELEASED_KEPT },
      (_, place) => largest(1_000 + place, { release }),
    ),
    fileProblem: wide(1_000),
  };
}

function many(count: number, change: Partial<Latch> = {}): Latch[] {
  return Array.from({ length: count }, (_, place) => largest(place, change));
}

const ofIds = (stops: readonly Pick<StopView, "id" | "scope" | "lever">[]) =>
  stops.map(({ id, scope, lever }) => ({ id, scope, lever }));

const bytesOf = (state: EmergencyDeskState) => serialize(state).byteLength;

Deno.test("stopsToTell() tells all of a few stops", () => {
  const state = stateOf([latch()]);
  const small = { ...state, released: [], fileProblem: null };
  assert.equal(stopsToTell(small), small);
});

Deno.test("stopsToTell() leaves out the accounts first, and tells every text while there is room", () => {
  const progress = Array.from({ length: 100 }, (): StopProgress => ({
    agentId: "agt_1",
    state: "working",
    blockedAt: null,
    ordersLeft: null,
    positionLeft: null,
    orders: [],
    error: wide(300),
  }));
  const state = { ...stateOf([latch()], progress), released: [] };
  const told = stopsToTell(state);
  assert.deepEqual(told.latches[0]!.progress, []);
  assert.equal(told.fileProblem, state.fileProblem);
});

Deno.test("stopsToTell() tells who stopped what of all stops that there may be, whatever their texts hold", () => {
  const state = stateOf(many(LATCHES_MAX));
  const told = stopsToTell(state);
  assert.ok(bytesOf(told) <= MAX_TOLD_STOP_BYTES);
  assert.deepEqual(ofIds(told.latches), ofIds(state.latches));
  assert.deepEqual(ofIds(told.released), ofIds(state.released));
});

Deno.test("stopsToTell() tells one of everything in place of stops that do not fit, and a host lives on with it", async () => {
  const scope = { kind: "account", id: wide(254) } as const;
  const state = stateOf(many(LATCHES_READ_MAX, { scope }));
  const told = stopsToTell(state);
  assert.ok(bytesOf(told) <= MAX_TOLD_STOP_BYTES);
  const last = told.latches.at(-1)!;
  assert.equal(last.id, state.latches.at(-1)!.id);
  assert.deepEqual(last.scope, { kind: "all" });
  assert.equal(last.lever, "block");
  const kept = told.latches.slice(0, -1);
  assert.deepEqual(ofIds(kept), ofIds(state.latches.slice(0, kept.length)));
  assert.ok(kept.length > 0);
  const store = await createStore(createMemoryDatabase().connect(), {
    time: systemTime,
  });
  const host = { ...hostOf("a", "boot_a"), emergency: told };
  await store.hosts.enter(host, { onLost: () => {} });
  await store.hosts.beat({ ...host, beat: 1 });
  const [known] = await store.hosts.list();
  assert.equal(known!.record.beat, 1);
  await store.close();
});
