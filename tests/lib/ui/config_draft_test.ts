import assert from "node:assert/strict";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { readPointer } from "../../../lib/core/json_pointer.ts";
import {
  checkDraft,
  type ConfigDraft,
  draftChanges,
  editField,
  editJson,
  errorsByField,
  fieldValues,
  placed,
  startDraft,
} from "../../../lib/ui/agent/config_draft.ts";
import { valueText } from "../../../lib/ui/agent/value_text.ts";
import { guardConfig } from "../../support/config.ts";
import { sampleConfig } from "../api/samples.ts";

const BASE = { configVersion: 3, config: sampleConfig() };

function configOf(draft: ConfigDraft) {
  const checked = checkDraft(draft);
  assert.ok("config" in checked, JSON.stringify(checked));
  return checked.config;
}

Deno.test("checkDraft() gives back what a draft begins with, whatever the type", () => {
  const guard = agentConfigSchema.parse(
    guardConfig("warden", { measure: "drawdown_pct" }),
  );
  for (const config of [BASE.config, guard]) {
    const draft = startDraft({ configVersion: 1, config });
    assert.deepEqual(configOf(draft), config);
    assert.deepEqual(draftChanges(draft), []);
  }
});

Deno.test("editField() changes one field of the JSON and keeps what was typed", () => {
  let draft = startDraft(BASE);
  // On the way to 1.05 nothing that was typed is lost.
  for (const text of ["1.", "1.0", "1.05"]) {
    draft = editField(draft, "/risk/riskPerTradePct", text);
    assert.equal(fieldValues(draft)["/risk/riskPerTradePct"], text);
  }
  assert.deepEqual(draftChanges(draft), [
    { pointer: "/risk/riskPerTradePct", before: 1, after: 1.05 },
  ]);
  assert.equal(configOf(draft).risk.riskPerTradePct, 1.05);
  assert.match(draft.json, /"riskPerTradePct": 1.05/);
});

Deno.test("editField() takes an empty limit, a list and a tick", () => {
  let draft = editField(startDraft(BASE), "/safety/maxOrderNotional", "500");
  draft = editField(draft, "/signalsOnly", true);
  draft = editField(draft, "/sources", "one, two");
  const config = configOf(draft);
  assert.equal(config.safety.maxOrderNotional, "500");
  assert.equal(config.signalsOnly, true);
  assert.deepEqual(config.sources, ["one", "two"]);
  const emptied = editField(draft, "/safety/maxOrderNotional", "");
  assert.equal(configOf(emptied).safety.maxOrderNotional, null);
});

Deno.test("checkDraft() names the field that cannot be taken, and its line", () => {
  const draft = editField(startDraft(BASE), "/risk/maxDrawdownPct", "much");
  const checked = checkDraft(draft);
  assert.ok("errors" in checked);
  const [error] = checked.errors;
  assert.equal(error!.pointer, "/risk/maxDrawdownPct");
  assert.match(draft.json.split("\n")[error!.line! - 1]!, /maxDrawdownPct/);
  assert.match(errorsByField(checked.errors)["/risk/maxDrawdownPct"]!, /1/);
});

Deno.test("editJson() says on which line a text stops being JSON, and keeps the last value", () => {
  const draft = startDraft(BASE);
  const broken = editJson(draft, draft.json.replace('"risk": {', '"risk": '));
  const checked = checkDraft(broken);
  assert.ok("errors" in checked);
  assert.ok(checked.errors[0]!.line! > 1);
  assert.equal(broken.value, draft.value);
  const mended = editJson(broken, draft.json.replace("btc-ob", "btc-two"));
  assert.equal(configOf(mended).name, "btc-two");
  assert.equal(fieldValues(mended)["/name"], "btc-two");
});

Deno.test("editJson() takes any JSON, and a wrong kind or an unknown name is told", () => {
  for (const json of ["null", "[]", "3", '"text"', '{"x": 1}']) {
    const draft = editJson(startDraft(BASE), json);
    assert.ok("errors" in checkDraft(draft), json);
    fieldValues(draft);
    draftChanges(draft);
  }
});

Deno.test("placed() finds the line of what is missing at what it is missing from", () => {
  const json = '{\n  "risk": {\n    "leverage": 1\n  }\n}';
  const lines = placed([
    { pointer: "/config/risk/maxDrawdownPct", detail: "Enter a number" },
    { pointer: "/name", detail: "Enter a name" },
    { pointer: "/risk/leverage", detail: "Lower it" },
  ], json).map(({ line }) => line);
  assert.deepEqual(lines, [2, 1, 3]);
});

Deno.test("valueText() has a text for every value", () => {
  const texts = [null, undefined, true, 3, "", ["a", "b"], [], { a: 1 }]
    .map(valueText);
  assert.deepEqual(texts, [
    "none",
    "none",
    "yes",
    "3",
    "(empty)",
    "a, b",
    "none",
    '{"a":1}',
  ]);
  assert.equal(readPointer(BASE.config, "/risk/leverage"), 1);
});
