/** What `ops/` offers must ask for figures that there are. */
import assert from "node:assert/strict";
import { METRIC_FACTS } from "../../../lib/metrics/metrics.ts";

const OPS = new URL("../../../ops/", import.meta.url);
const NAMES = new Set(
  METRIC_FACTS.flatMap(({ name, type }) =>
    type === "histogram"
      ? [`${name}_bucket`, `${name}_sum`, `${name}_count`]
      : [name]
  ),
);
const LABELS = new Map(METRIC_FACTS.map(({ name, labels }) => [name, labels]));

for (const file of ["grafana/fleet.json", "prometheus/rules.yml"]) {
  Deno.test(`ops/${file} asks for figures and labels that there are`, async () => {
    const text = (await Deno.readTextFile(new URL(file, OPS)))
      .replaceAll('\\"', '"');
    const asked = [...text.matchAll(/\b(smc_[a-z_]+)(?:\{([^}]*)\})?/g)];
    assert.ok(asked.length > 10);
    for (const [, name, selector = ""] of asked) {
      assert.ok(NAMES.has(name!), `There is no figure "${name}"`);
      const labels = LABELS.get(name!.replace(/_(bucket|sum|count)$/, "")) ??
        LABELS.get(name!)!;
      for (const [, label] of selector.matchAll(/([a-z]+)\s*[=!]/g)) {
        assert.ok(
          labels.includes(label!) || label === "job",
          `"${name}" has no label "${label}"`,
        );
      }
    }
  });
}

Deno.test("ops/grafana/fleet.json is a dashboard whose panels do not overlap", async () => {
  const { panels } = JSON.parse(
    await Deno.readTextFile(new URL("grafana/fleet.json", OPS)),
  ) as { panels: { gridPos: Record<"x" | "y" | "w" | "h", number> }[] };
  const taken = new Set<string>();
  for (const { gridPos: { x, y, w, h } } of panels) {
    assert.ok(x + w <= 24);
    for (let column = x; column < x + w; column++) {
      for (let row = y; row < y + h; row++) {
        assert.ok(!taken.has(`${column} ${row}`));
        taken.add(`${column} ${row}`);
      }
    }
  }
});
