import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createMessageTimes } from "../../../lib/metrics/message_times.ts";
import { createMetrics } from "../../../lib/metrics/metrics.ts";
import {
  bucketsBetween,
  quantileOf,
  readExposition,
  valueOf,
} from "../../load/exposition.ts";
import { QUIET_SOURCES } from "./quiet_sources.ts";

Deno.test("readExposition() reads what the server writes, with labels of any text", () => {
  const samples = readExposition(
    '# HELP a b\na 1.5\nb_total{x="say \\"hi\\"",y="{} 2"} 7\n\nnothing at all\n',
  );
  assert.deepEqual(samples, [
    { name: "a", labels: {}, value: 1.5 },
    { name: "b_total", labels: { x: 'say \\"hi\\"', y: "{} 2" }, value: 7 },
  ]);
  assert.equal(valueOf(samples, "a"), 1.5);
  assert.equal(valueOf(samples, "c"), null);
});

Deno.test("quantileOf() of what came between two readings lies in the bucket of the true one", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.double({ min: 0, max: 4_000, noNaN: true }), { minLength: 1 }),
    fc.array(fc.double({ min: 0, max: 4_000, noNaN: true })),
    fc.constantFrom(0.5, 0.99),
    async (taken, earlier, share) => {
      const messageTimes = createMessageTimes();
      const metrics = createMetrics({ ...QUIET_SOURCES, messageTimes });
      messageTimes.take(earlier);
      const before = readExposition((await metrics.read()).text);
      messageTimes.take(taken);
      const after = readExposition((await metrics.read()).text);
      const buckets = bucketsBetween("smc_message_seconds", before, after);
      assert.equal(buckets.counts.reduce((a, b) => a + b), taken.length);
      const found = quantileOf(buckets, share)!;
      const rank = Math.max(1, Math.ceil(share * taken.length));
      const truth = taken.toSorted((a, b) => a - b)[rank - 1]! / 1_000;
      const place = buckets.edges.findIndex((edge) => truth <= edge);
      assert.ok(found <= buckets.edges[place]! + 1e-9);
      assert.ok(found >= (buckets.edges[place - 1] ?? 0) - 1e-9);
    },
  ));
});

Deno.test("quantileOf() of nothing is unknown", () => {
  assert.equal(quantileOf({ edges: [1, Infinity], counts: [0, 0] }, 0.5), null);
});
