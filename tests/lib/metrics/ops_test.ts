/** What `ops/` offers must ask for figures that there are. */
import assert from "node:assert/strict";
import { METRIC_FACTS } from "../../../lib/metrics/metrics.ts";
import { withTempDir } from "../../support/temp.ts";

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

/** Prometheus' own tool, where this machine has it. */
const PROMTOOL = "/usr/bin/promtool";
const hasPromtool = await Deno.stat(PROMTOOL).then(() => true, () => false);

/** Two agents of one store, as each of two processes tells of them. */
const TOLD_BY_BOTH = [
  ["smc_agent_running", 'agent="a",name="x"', 1],
  ["smc_agent_running", 'agent="b",name="y"', 1],
  ["smc_agent_wanted", 'agent="a",name="x"', 1],
  ["smc_agent_wanted", 'agent="b",name="y"', 1],
  ["smc_agent_trading_state", 'agent="a",name="x",state="halted"', 1],
  ["smc_agent_trading_state", 'agent="b",name="y",state="halted"', 0],
  ["smc_agent_equity", 'agent="a",name="x"', 100],
  ["smc_agent_equity", 'agent="b",name="y"', 250],
  ["smc_agent_day_pnl", 'agent="a",name="x"', -5],
  ["smc_agent_day_pnl", 'agent="b",name="y"', 3],
  ["smc_agents", 'state="running",mode="paper"', 1],
  ["smc_agents", 'state="running",mode="live"', 1],
] as const;

/** What each panel must say of them, by its title. */
const SUMS: Readonly<Record<string, { labels: string; value: number }>> = {
  "Agents that run": { labels: "{}", value: 2 },
  "Wanted": { labels: "{}", value: 2 },
  "Trading halted": { labels: "{}", value: 1 },
  "Equity": { labels: "{}", value: 350 },
  "Day P&L": { labels: "{}", value: -2 },
  "Agents by state": { labels: '{state="running"}', value: 2 },
};

Deno.test({
  name:
    "ops/grafana/fleet.json counts every agent once, however many processes tell of it",
  ignore: !hasPromtool,
  fn: () =>
    withTempDir(async (folder) => {
      const { panels } = JSON.parse(
        await Deno.readTextFile(new URL("grafana/fleet.json", OPS)),
      ) as { panels: { title: string; targets: { expr: string }[] }[] };
      const asked = panels.filter(({ title }) => title in SUMS);
      assert.equal(asked.length, Object.keys(SUMS).length);
      const tests = {
        tests: [{
          interval: "1m",
          input_series: ["h1", "h2"].flatMap((instance) =>
            TOLD_BY_BOTH.map(([name, labels, value]) => ({
              series: `${name}{${labels},instance="${instance}"}`,
              values: `${value}x3`,
            }))
          ),
          promql_expr_test: asked.map(({ title, targets }) => ({
            expr: targets[0]!.expr,
            eval_time: "2m",
            exp_samples: [SUMS[title]],
          })),
        }],
      };
      const file = `${folder}/sums.yml`;
      // JSON is YAML.
      await Deno.writeTextFile(file, JSON.stringify(tests));
      const { success, stdout, stderr } = await new Deno.Command(PROMTOOL, {
        args: ["test", "rules", file],
      }).output();
      const text = new TextDecoder();
      assert.ok(success, text.decode(stdout) + text.decode(stderr));
    }),
});

Deno.test("ops/prometheus/rules.yml sums nothing that every process of a store tells of", async () => {
  const rules = await Deno.readTextFile(
    new URL("prometheus/rules.yml", OPS),
  );
  assert.doesNotMatch(rules, /\bsum\b[^(\n]*(\([^(\n]*\)\s*)?\(smc_agent/);
});
