import assert from "node:assert/strict";
import type {
  FairValueGapEvent,
  PatternEvent,
} from "../../../lib/contracts/pattern.ts";
import { OVERLAY_ITEMS_LIMIT } from "../../../agents/smc/limits.ts";
import { buildOverlay } from "../../../agents/smc/overlay.ts";
import { randomWalk } from "../fixtures/candles.ts";
import { detect } from "../fixtures/run_detectors.ts";

const OPTIONS = {
  fromSeq: 0,
  lastSeq: 100,
  maxZoneAgeCandles: 500,
  openAtOf: (seq: number) => seq * 10,
};

function gap(
  stage: "created" | "touched" | "filled" | "inverted",
  seq: number,
): FairValueGapEvent {
  return {
    kind: "fvg",
    stage,
    seq,
    at: seq * 10,
    refSeq: 4,
    refAt: 40,
    bias: 1,
    id: "fvg-4",
    top: 12,
    bottom: 11,
  };
}

Deno.test("buildOverlay() shows a zone with what became of it", () => {
  const stateAfter = (events: PatternEvent[]) => {
    const [zone] = buildOverlay(events, OPTIONS).zones;
    return [zone!.state, zone!.fromAt, zone!.toAt];
  };
  const created = gap("created", 5);
  const touched = gap("touched", 7);
  const filled = gap("filled", 8);
  assert.deepEqual(stateAfter([created]), ["fresh", 40, null]);
  assert.deepEqual(stateAfter([created, touched]), ["touched", 40, null]);
  assert.deepEqual(stateAfter([created, touched, filled]), ["ended", 40, 80]);
  assert.deepEqual(stateAfter([touched, filled, gap("inverted", 9)]), [
    "ended",
    40,
    80,
  ]);
});

Deno.test("buildOverlay() ends a zone where its age ran out and drops what ended before the chart", () => {
  const aged = { ...OPTIONS, maxZoneAgeCandles: 50 };
  const [zone] = buildOverlay([gap("created", 5)], aged).zones;
  assert.deepEqual([zone!.state, zone!.toAt], ["ended", 560]);
  const later = { ...aged, fromSeq: 57 };
  assert.deepEqual(buildOverlay([gap("created", 5)], later).zones, []);
  const filled = [gap("created", 5), gap("filled", 8)];
  assert.deepEqual(
    buildOverlay(filled, { ...OPTIONS, fromSeq: 9 }).zones,
    [],
  );
});

Deno.test("buildOverlay() says when a zone became known, was met and how it ended", () => {
  const of = (...events: PatternEvent[]) => {
    const [zone] = buildOverlay(events, OPTIONS).zones;
    return [zone!.createdAt, zone!.touchedAt, zone!.endedBy, zone!.displaced];
  };
  const events = [
    gap("created", 5),
    gap("touched", 7),
    gap("touched", 8),
    gap("filled", 9),
    gap("inverted", 9),
  ];
  assert.deepEqual(of(...events), [50, 70, "filled", null]);
  // Its creation is forgotten.
  assert.deepEqual(of(...events.slice(1, 3)), [null, 70, null, null]);
});

Deno.test("buildOverlay() of older candles knows what became of them, and nothing that came later", () => {
  const events: PatternEvent[] = [
    gap("created", 5),
    { ...gap("created", 20), id: "fvg-19", refSeq: 19, refAt: 190 },
    gap("filled", 30),
  ];
  const { zones } = buildOverlay(events, { ...OPTIONS, beforeSeq: 20 });
  assert.deepEqual(zones.map(({ id, toAt }) => [id, toAt]), [["fvg-4", 300]]);
});

Deno.test("buildOverlay() keeps a replaced swing off the chart", () => {
  const swing = (
    stage: "confirmed" | "replaced",
    seq: number,
  ): PatternEvent => ({
    kind: "swing",
    scale: "swing",
    stage,
    seq: seq + 5,
    at: seq * 10 + 50,
    refSeq: seq,
    refAt: seq * 10,
    bias: 1,
    price: seq,
  });
  const { swings } = buildOverlay([
    swing("confirmed", 3),
    swing("replaced", 3),
    swing("confirmed", 9),
  ], OPTIONS);
  assert.deepEqual(swings, [{ bias: 1, price: 9, at: 90 }]);
});

Deno.test("buildOverlay() stays bounded and within the chart on many events", () => {
  const { events, detectors } = detect(
    randomWalk({ seed: 5, count: 4000, tick: 0.05 }),
  );
  const lastSeq = detectors.series.lastSeq;
  const view = buildOverlay(events, {
    fromSeq: lastSeq - 599,
    lastSeq,
    maxZoneAgeCandles: 500,
    openAtOf: (seq) => detectors.series.candle(seq)?.openAt ?? null,
  });
  const fromAt = detectors.series.candle(lastSeq - 599)!.openAt;
  for (const list of Object.values(view)) {
    assert.ok(list.length > 0 && list.length <= OVERLAY_ITEMS_LIMIT);
  }
  assert.ok(view.structure.every((line) => line.toAt >= fromAt));
  assert.ok(view.sweeps.every((sweep) => sweep.at >= fromAt));
  assert.ok(
    view.zones.every((zone) => zone.toAt === null || zone.toAt >= fromAt),
  );
});
