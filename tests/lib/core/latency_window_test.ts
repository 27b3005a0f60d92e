import assert from "node:assert/strict";
import { LatencyWindow } from "../../../lib/core/latency_window.ts";

const MINUTE_MS = 60_000;

function bench(startMs = 0) {
  const clock = { ms: startMs };
  return { clock, times: new LatencyWindow(() => clock.ms) };
}

Deno.test("LatencyWindow tells of slowness that comes after days of speed", () => {
  const { clock, times } = bench();
  for (let n = 0; n < 100_000; n++) times.record(1);
  clock.ms += 10 * MINUTE_MS;
  for (let n = 0; n < 10; n++) times.record(900);
  assert.ok(times.figures()!.p50Ms >= 900);
  assert.equal(times.figures()!.n, 10);
  assert.equal(times.count, 100_010);
});

Deno.test("LatencyWindow remembers a value for three minutes at least and five at most, whenever it came", () => {
  for (let startMs = 0; startMs < 5 * MINUTE_MS; startMs += 7_000) {
    const { clock, times } = bench(startMs);
    times.record(3_000);
    clock.ms = startMs + 3 * MINUTE_MS;
    assert.equal(times.figures()?.maxMs, 3_000, `${startMs}`);
    clock.ms = startMs + 5 * MINUTE_MS;
    assert.equal(times.figures(), null, `${startMs}`);
  }
});

Deno.test("LatencyWindow goes on when its clock is set back", () => {
  const { clock, times } = bench(60 * MINUTE_MS);
  times.record(5);
  clock.ms = 0;
  assert.equal(times.figures(), null);
  times.record(7);
  assert.equal(times.figures()?.maxMs, 7);
});
