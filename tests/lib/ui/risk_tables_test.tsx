import assert from "node:assert/strict";
import { render } from "preact-render-to-string";
import {
  ExposureTable,
  LadderTable,
  LossTable,
  RuleTable,
  StressTable,
} from "../../../lib/ui/agent/RiskTables.tsx";
import { MIXED_LOSSES } from "../../../lib/contracts/guard.ts";
import { RiskOf } from "../../../lib/ui/agent/RiskTab.tsx";
import { whyNot } from "../../../lib/ui/fleet/actions.ts";
import { totalsByCurrency } from "../../../lib/ui/fleet/kpis.ts";
import { GuardWorld, longOf } from "../../agents/guard/guard_world.ts";
import { account, agent } from "./fixtures.ts";

function words(html: string): string {
  return html.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

Deno.test("RiskTables show rules, losses, exposure and stress in words, and why something is unknown", () => {
  const world = new GuardWorld({
    measure: "gross_exposure_pct",
    action: "halted",
    latched: true,
  }, ["one", "two"]);
  world.tell([
    { agentId: "one", positions: [longOf(5_000)] },
    { agentId: "two", positions: [longOf(1_000, "ETH/USDT")] },
  ]);
  const risk = world.view!;
  const rules = words(render(<RuleTable rules={risk.rules} />));
  assert.match(rules, /gross exposure Acting, until released 30\.0%/);
  const losses = words(render(<LossTable risk={risk} />));
  assert.match(losses, /historical 95% — unknown: 0 returns are known/);
  const exposure = words(render(<ExposureTable exposure={risk.exposure} />));
  assert.match(exposure, /BTC\/USDT 5,000\.00 0\.00 5,000\.00/);
  assert.match(
    words(render(<StressTable stress={risk.stress} />)),
    /All markets fall by 10 % −600\.00 −3\.0%/,
  );
  assert.equal(render(<LadderTable ladder={risk.ladder} />), "");
});

Deno.test("RiskOf has no figure over live and paper accounts together, as the risk page has none, and keeps the rules that act", () => {
  const world = new GuardWorld({ measure: "gross_exposure_pct" }, [
    "one",
    "two",
  ]);
  world.tell([
    { agentId: "one", positions: [longOf(5_000)] },
    { agentId: "two", positions: [longOf(1_000, "ETH/USDT")] },
  ]);
  const risk = world.view!;
  const shown = (...modes: ("live" | "paper")[]) => {
    const guarded = modes.map((mode, index) => ({
      agentId: `agt_${index}`,
      name: `agent ${index}`,
      mode,
    }));
    const answer = { agentId: "agt_g", toldAt: 0, guarded, risk };
    return words(render(<RiskOf answer={answer} risk={risk} />));
  };
  const sums = /Value at risk|Equity of all|Exposure|Stress/;
  for (const one of [shown("live", "live"), shown("paper")]) {
    assert.match(one, sums);
    assert(!one.includes(MIXED_LOSSES));
  }
  const mixed = shown("live", "paper");
  assert(mixed.includes(MIXED_LOSSES));
  assert.doesNotMatch(mixed, sums);
  assert.match(mixed, /Rules.*gross exposure/);
});

Deno.test("a risk manager is re-armed without an account, and no total waits for one", () => {
  const guard = agent({ type: "risk_manager", account: null });
  assert.equal(whyNot(guard, "rearm", { id: "usr_1", role: "admin" }), null);
  const [total] = totalsByCurrency([agent({ account: account({}) }), guard]);
  assert.equal(total!.known, total!.agents);
});
