import assert from "node:assert/strict";
import fc from "fast-check";
import type { AgentConfig } from "../../../lib/contracts/agent_config.ts";
import { jsonDiff } from "../../../lib/core/json_diff.ts";
import {
  mergeConfigs,
  mergeRows,
  presetSide,
} from "../../../lib/ui/agent/config_merge.ts";
import { sampleConfig } from "../api/samples.ts";

type Change = Partial<AgentConfig["risk"]>;

const BASE = sampleConfig();
const withRisk = (change: Change): AgentConfig => ({
  ...BASE,
  risk: { ...BASE.risk, ...change },
});

Deno.test("mergeRows() tells who changed what, and leaves out what both came to", () => {
  const rows = mergeRows({
    base: BASE,
    theirs: withRisk({ leverage: 2, maxDrawdownPct: 8, riskPerTradePct: 2 }),
    yours: withRisk({ leverage: 3, dailyLossLimit: "60", riskPerTradePct: 2 }),
  });
  assert.deepEqual(
    rows.map(({ pointer, changedBy }) => [pointer, changedBy]),
    [
      ["/risk/leverage", "both"],
      ["/risk/maxDrawdownPct", "theirs"],
      ["/risk/dailyLossLimit", "yours"],
    ],
  );
  assert.deepEqual(rows.map(presetSide), [null, "theirs", "yours"]);
});

Deno.test("mergeConfigs() keeps every change that nobody gave up, and what was chosen", () => {
  const change = fc.record({
    leverage: fc.integer({ min: 1, max: 4 }),
    maxDrawdownPct: fc.integer({ min: 1, max: 4 }),
    dailyLossLimit: fc.constantFrom("50", "60", "70"),
  }, { requiredKeys: [] });
  fc.assert(
    fc.property(
      change,
      change,
      fc.constantFrom("theirs" as const, "yours" as const),
      (them, you, side) => {
        const input = {
          base: BASE,
          theirs: withRisk(them as Change),
          yours: withRisk(you as Change),
        };
        const rows = mergeRows(input);
        const choices = Object.fromEntries(
          rows.filter((row) => presetSide(row) === null)
            .map(({ pointer }) => [pointer, side]),
        );
        const merged = mergeConfigs(input, rows, choices) as AgentConfig;
        for (const row of rows) {
          const wanted = presetSide(row) ?? side;
          const from = input[wanted];
          const key = row.pointer.split("/")[2] as keyof AgentConfig["risk"];
          assert.equal(merged.risk[key], from.risk[key]);
        }
        // Nothing else has moved.
        const moved = jsonDiff(input.theirs, merged).map((one) => one.pointer);
        assert.ok(
          moved.every((pointer) => rows.some((row) => row.pointer === pointer)),
        );
      },
    ),
  );
});
