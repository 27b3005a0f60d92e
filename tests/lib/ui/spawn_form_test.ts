import { deepEqual, equal, ok } from "node:assert/strict";
import type { AgentTemplate } from "../../../lib/contracts/template.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import {
  createForm,
  errorsOfStep,
  isDirty,
  readDraft,
  reduce,
  shownErrors,
  toConfigInput,
  validateForm,
} from "../../../lib/ui/spawn_form.ts";
import { edit, named } from "./spawn_forms.ts";

Deno.test("a blank form with a name is a valid configuration", () => {
  deepEqual(validateForm(named(), []), {});
  const config = agentConfigSchema.parse(toConfigInput(named().values));
  equal(config.mode, "paper");
  equal(config.risk.initialCapital, "10000");
  deepEqual(config.feed, { kind: "simulated" });
});

Deno.test("toConfigInput() gives the fields of the chosen kind of feed alone", () => {
  const blank = createForm(null).values;
  const feedOf = (kind: string) =>
    toConfigInput({ ...blank, "/feed/kind": kind, "/feed/file": "a.csv" })
      .feed;
  deepEqual(feedOf("simulated"), { kind: "simulated" });
  deepEqual(feedOf("replay"), { kind: "replay", file: "a.csv", speed: "max" });
  deepEqual(feedOf("exchange"), {
    kind: "exchange",
    exchange: "binance",
    market: "spot",
  });
});

Deno.test("toConfigInput() gives every number of the schema back as it was", () => {
  const config = agentConfigSchema.parse(toConfigInput(named().values));
  const template: AgentTemplate = {
    name: "t",
    title: "T",
    type: config.type,
    version: 1,
    origin: "built_in",
    purpose: "",
    whenItWorks: "",
    risk: "",
    results: [],
    patterns: [],
    riskLevel: "moderate",
    typicalLatency: "",
    config,
  };
  const again = edit(createForm(template), "/name", "btc");
  deepEqual(agentConfigSchema.parse(toConfigInput(again.values)), config);
});

Deno.test("validateForm() names the field and how to mend it", () => {
  const form = edit(
    edit(named(), "/risk/leverage", "500"),
    "/risk/dailyLossLimit",
    "5",
  );
  const errors = validateForm(form, []);
  equal(errors["/risk/leverage"], "Enter a whole number from 1 to 100 (times)");
  equal(
    errors["/risk/dailyLossLimit"],
    "Enter a number from 10 to 10000 in quote currency",
  );
  equal(errorsOfStep(errors, "risk").length, 2);
});

Deno.test("validateForm() takes no text for a number", () => {
  for (const text of ["", "abc", "1e3", "1,5"]) {
    const errors = validateForm(
      edit(named(), "/risk/maxDrawdownPct", text),
      [],
    );
    ok(errors["/risk/maxDrawdownPct"], `"${text}" must be refused`);
  }
});

Deno.test("validateForm() knows taken names", () => {
  const form = edit(createForm(null), "/name", "BTC");
  ok(validateForm(form, ["btc"])["/name"]?.includes("taken"));
});

Deno.test("errors show only for fields that were left or revealed", () => {
  let form = createForm(null);
  deepEqual(shownErrors(form, validateForm(form, [])), {});
  form = reduce(form, { type: "leave", pointer: "/name" });
  deepEqual(Object.keys(shownErrors(form, validateForm(form, []))), ["/name"]);
});

Deno.test("a replay needs a file, a simulated market does not send one", () => {
  const replay = edit(named(), "/feed/kind", "replay");
  ok(validateForm(replay, [])["/feed/file"]);
  const chosen = edit(
    edit(replay, "/feed/file", "btc.csv"),
    "/feed/speed",
    "60",
  );
  deepEqual(validateForm(chosen, []), {});
  deepEqual(toConfigInput(chosen.values)["feed"], {
    kind: "replay",
    file: "btc.csv",
    speed: 60,
  });
  const back = edit(chosen, "/feed/kind", "simulated");
  deepEqual(toConfigInput(back.values)["feed"], { kind: "simulated" });
});

Deno.test("a refused spawn keeps the form and puts each error at its field", () => {
  const before = reduce(named(), { type: "go", step: "review" });
  const form = reduce(before, {
    type: "refused",
    errors: [{
      pointer: "/config/risk/leverage",
      code: "X",
      detail: "too much",
    }],
  });
  deepEqual(form.values, before.values);
  equal(form.step, "risk");
  equal(
    shownErrors(form, validateForm(form, []))["/risk/leverage"],
    "too much",
  );
  const mended = edit(form, "/risk/leverage", "3");
  deepEqual(validateForm(mended, []), {});
});

Deno.test("an edit takes the acknowledgement back", () => {
  const ticked = reduce(named(), { type: "acknowledge", value: true });
  equal(ticked.acknowledged, true);
  equal(edit(ticked, "/risk/leverage", "3").acknowledged, false);
});

Deno.test("a draft survives its way through storage; anything else is none", () => {
  const form = named();
  equal(isDirty(form), true);
  deepEqual(readDraft(JSON.stringify(form))?.values, form.values);
  equal(readDraft("{"), null);
  equal(readDraft('{"values":3}'), null);
  equal(readDraft(null), null);
});

Deno.test("readDraft() gives a draft of an older build the settings that it does not know", () => {
  const { "/sizing/method": _, ...values } = named().values;
  const draft = readDraft(JSON.stringify({ step: "risk", values }));
  equal(draft?.values["/sizing/method"], "fixed_fractional");
  equal(draft?.values["/name"], "btc");
});
