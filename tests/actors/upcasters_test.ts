import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import {
  type Behavior,
  behaviorProgram,
  type CellSnapshot,
} from "../../actors/mod.ts";
import { createHarness, rejection } from "./harness.ts";

/** State of the current version; the older ones are only known to their upcasters. */
interface Book {
  fills: { price: string; side: "buy" | "sell" }[];
  openedAt: number | null;
}

/** A behaviour whose snapshots changed twice, as one that lives on does. */
const book: Behavior<unknown, Book> = {
  name: "book",
  snapshotVersion: 3,
  upcasters: {
    // Sides came with version 2; before, only purchases were known.
    1: (state) => ({
      fills: (state as { prices: string[] }).prices
        .map((price) => ({ price, side: "buy" })),
    }),
    // The time of opening was not kept before version 3, so it is unknown.
    2: (state) => ({ ...state as object, openedAt: null }),
  },
  start({ snapshot }) {
    const state = snapshot ?? { fills: [], openedAt: 0 };
    return {
      linkOpened: () => [],
      receive: () => [],
      pause: () => [],
      resume: () => [],
      configure: () => "applied",
      snapshot: () => state,
      inspect: () => state,
    };
  },
};

/** Snapshots as each version stored them. They never change: what is stored stays as it is. */
const FIXTURES: Readonly<Record<number, unknown>> = {
  1: { behavior: "book", version: 1, state: { prices: ["1.5", "2"] } },
  2: {
    behavior: "book",
    version: 2,
    state: {
      fills: [{ price: "1.5", side: "buy" }, { price: "2", side: "buy" }],
    },
  },
  3: {
    v: 2,
    state: {
      behavior: "book",
      version: 3,
      state: {
        fills: [{ price: "1.5", side: "buy" }, { price: "2", side: "buy" }],
        openedAt: null,
      },
    },
    commandIds: [],
  },
};

async function restore(
  behavior: Behavior<unknown, Book>,
  snapshot: unknown,
): Promise<CellSnapshot> {
  const { start, supervisor } = createHarness();
  await start({
    id: "a",
    program: behaviorProgram(behavior),
    loadInit: () => Promise.resolve({ config: {}, snapshot }),
  });
  return await supervisor.requestSnapshot("a") as CellSnapshot;
}

for (const [version, fixture] of Object.entries(FIXTURES)) {
  Deno.test(`a behaviour starts from a stored snapshot of version ${version}, and stores the current one`, async () => {
    assert.deepEqual(await restore(book, fixture), FIXTURES[3]);
  });
}

const broken: Record<string, Behavior<unknown, Book>> = {
  'no upcaster from version "1"': {
    ...book,
    upcasters: { 2: book.upcasters[2]! },
  },
  'no upcaster from version "2"': {
    ...book,
    upcasters: { 1: book.upcasters[1]! },
  },
  "it was made by newer code": { ...book, snapshotVersion: 0 },
  'the upcaster from version "1" failed: Error: Cannot convert': {
    ...book,
    upcasters: {
      ...book.upcasters,
      1: () => {
        throw new Error("Cannot convert");
      },
    },
  },
};

for (const [why, behavior] of Object.entries(broken)) {
  Deno.test(`a snapshot that cannot be brought up to date quarantines the actor at once (${why})`, async () => {
    const { start, log } = createHarness();
    const error = await rejection(start({
      id: "a",
      program: behaviorProgram(behavior),
      loadInit: () => Promise.resolve({ config: {}, snapshot: FIXTURES[1] }),
    })) as AppError;
    assert.equal(error.code, "ACTOR_START_FAILED");
    assert.ok(error.message.includes(why), error.message);
    assert.deepEqual(log.states("a"), [
      "starting",
      "reconciling",
      "quarantined",
    ]);
  });
}

Deno.test("a snapshot whose version is no integer is never upcast", async () => {
  for (const version of [undefined, "1", 1.5, NaN]) {
    const error = await rejection(
      restore(book, { behavior: "book", version, state: {} }),
    ) as AppError;
    assert.match(error.message, /its version is no integer/);
  }
});
