import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ExchangeKeyView } from "../../../lib/contracts/exchange_key.ts";
import type { AgentTemplate } from "../../../lib/contracts/template.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import {
  configPointer,
  createForm,
  errorsOfStep,
  fieldName,
  isDirty,
  readDraft,
  reduce,
  shownErrors,
  type SpawnForm,
  stepOf,
  toConfigInput,
  validateForm,
} from "../../../lib/ui/spawn_form.ts";
import { keyRefusal, liveRefusal } from "../../../lib/ui/spawn/live_rules.ts";
import { parameterFields } from "../../../lib/ui/spawn/schema_fields.ts";
import type * as z from "zod";
import {
  liquiditySweepStrategySchema,
  orderBlockStrategySchema,
  pairsStrategySchema,
  sizingConfigSchema,
  strategiesConfigSchema,
} from "../../../lib/contracts/strategies.ts";
import {
  SIZING_WORDS,
  STRATEGY_WORDS,
} from "../../../lib/ui/strategy_words.ts";
import { fromPosition, toPosition } from "../../../lib/ui/spawn/inputs.tsx";

const edit = (form: SpawnForm, pointer: string, value: string | boolean) =>
  reduce(form, { type: "edit", pointer, value });
const named = () => edit(createForm(null), "/name", "btc");

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

Deno.test("a live form trades at an exchange and wants a key and the name once more", () => {
  const form = edit(named(), "/mode", "live");
  equal(form.values["/feed/kind"], "exchange");
  deepEqual(Object.keys(validateForm(form, [])), [
    "/exchangeKeyId",
    "/confirmName",
  ]);
  equal(stepOf("/exchangeKeyId"), "basics");
  equal(stepOf("/confirmName"), "review");
  const ready = edit(
    edit(form, "/exchangeKeyId", "key_1"),
    "/confirmName",
    " btc ",
  );
  deepEqual(validateForm(ready, []), {});
  const config = agentConfigSchema.parse(toConfigInput(ready.values));
  equal(config.mode, "live");
  equal(config.exchangeKeyId, "key_1");
  ok(validateForm(edit(ready, "/name", "eth"), [])["/confirmName"]);
});

Deno.test("a form that goes back to paper sends no key, and a draft forgets the typed name", () => {
  const live = edit(
    edit(edit(named(), "/mode", "live"), "/exchangeKeyId", "key_1"),
    "/confirmName",
    "btc",
  );
  equal(readDraft(JSON.stringify(live))?.values["/confirmName"], "");
  const paper = edit(live, "/mode", "paper");
  deepEqual(validateForm(paper, []), {});
  ok(!("exchangeKeyId" in toConfigInput(paper.values)));
});

Deno.test("typing the name keeps the tick under the warnings; another edit takes it away", () => {
  const ticked = reduce(named(), { type: "acknowledge", value: true });
  equal(edit(ticked, "/confirmName", "b").acknowledged, true);
  equal(edit(ticked, "/risk/leverage", "2").acknowledged, false);
});

Deno.test("keyRefusal() lets a verified and allowed key of the exchange alone pass", () => {
  const key: ExchangeKeyView = {
    id: "key_1",
    ownerId: "u",
    label: "main",
    exchange: "binance",
    apiKeyEnd: "1234",
    status: "verified",
    statusDetail: "It may withdraw",
    rights: null,
    verifiedAt: 1,
    isLiveAllowed: true,
    createdAt: 1,
    lastUsedAt: null,
  };
  equal(keyRefusal(key, " Binance"), null);
  equal(keyRefusal(key, "kraken"), "Is a key of binance");
  equal(
    keyRefusal({ ...key, status: "refused" }, "binance"),
    "It may withdraw",
  );
  match(keyRefusal({ ...key, isLiveAllowed: false }, "binance")!, /allowed/);
  equal(liveRefusal({ id: "usr_1", role: "trader" }, true), null);
  match(
    liveRefusal({ id: "usr_1", role: "trader" }, false)!,
    /TRADING_MODE=live/,
  );
  match(liveRefusal({ id: "usr_1", role: "viewer" }, true)!, /role/);
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

Deno.test("stepOf(), fieldName() and configPointer() know every field", () => {
  equal(stepOf("/name"), "basics");
  equal(stepOf("/feed/file"), "basics");
  equal(stepOf("/strategies/fvg/targetR"), "strategies");
  equal(stepOf("/detector/swingLength"), "strategies");
  equal(stepOf("/sizing/method"), "strategies");
  equal(stepOf("/safety/maxOpenOrders"), "safety");
  equal(stepOf(""), "review");
  equal(fieldName("/risk/initialCapital"), "initialCapital");
  equal(fieldName("/strategies/orderBlock/targetR"), "orderBlock-targetR");
  equal(configPointer("/config/name"), "/name");
});

Deno.test("a limit that is not set is an empty field, and an empty field sets none", () => {
  const limit = "/safety/maxOrderNotional";
  const form = named();
  const parsed = (values: typeof form.values) =>
    agentConfigSchema.parse(toConfigInput(values)).safety.maxOrderNotional;
  equal(form.values[limit], "");
  deepEqual(validateForm(form, []), {});
  equal(parsed(form.values), null);
  equal(parsed(edit(form, limit, "3000.10").values), "3000.10");
  equal(
    validateForm(edit(form, limit, "much"), [])[limit],
    "Enter a number from 1 to 1000000000 in quote currency, or leave it empty",
  );
});

Deno.test("parameterFields() shows what the schema allows", () => {
  const fields = parameterFields(orderBlockStrategySchema);
  deepEqual(fields.map(({ key }) => key), [
    "entryAt",
    "maxAgeCandles",
    "stopBufferAtr",
    "minRewardRisk",
    "targetR",
  ]);
  const wait = fields[1];
  ok(wait?.kind === "number" && wait.min === 5 && wait.max === 500);
  // Every setting but the switch has words, whatever its kind.
  for (const schema of Object.values(strategiesConfigSchema.shape)) {
    const inner = (schema as z.ZodPrefault<z.ZodObject>).unwrap();
    const shown = parameterFields(inner).map(({ key }) => key);
    deepEqual(["enabled", ...shown], Object.keys(inner.shape));
  }
  deepEqual(
    parameterFields(sizingConfigSchema).map(({ key }) => key),
    Object.keys(sizingConfigSchema.shape),
  );
});

Deno.test("parameterFields() shows a switch within a strategy as a tick", () => {
  const fields = parameterFields(liquiditySweepStrategySchema);
  const pool = fields.find(({ key }) => key === "useSession");
  deepEqual([pool?.kind, pool?.label], ["tick", "Session"]);
});

Deno.test("STRATEGY_WORDS has every strategy of the configuration, in its order", () => {
  const known = Object.keys(strategiesConfigSchema.shape);
  deepEqual(STRATEGY_WORDS.map(({ key }) => key), known);
  deepEqual(
    Object.keys(SIZING_WORDS),
    sizingConfigSchema.shape.method.unwrap().options,
  );
});

Deno.test("readDraft() gives a draft of an older build the settings that it does not know", () => {
  const { "/sizing/method": _, ...values } = named().values;
  const draft = readDraft(JSON.stringify({ step: "risk", values }));
  equal(draft?.values["/sizing/method"], "fixed_fractional");
  equal(draft?.values["/name"], "btc");
});

Deno.test("slider positions cover the range and stay inside it", () => {
  const range = { min: 100, max: 100_000, step: 1, log: true };
  equal(fromPosition(0, range), "100");
  equal(fromPosition(200, range), "100000");
  equal(toPosition(10_000, range), 133);
  equal(toPosition(1, range), 0);
  equal(toPosition(NaN, range), 0);
  equal(fromPosition(7, { min: 0.05, max: 5, step: 0.05, log: false }), "0.2");
});

Deno.test("parameterFields() shows the second market of pairs as text, and the form sends it as such", () => {
  const [first] = parameterFields(pairsStrategySchema);
  deepEqual([first?.kind, first?.key], ["text", "hedgeSymbol"]);
  const values = {
    ...createForm(null).values,
    "/strategies/pairs/hedgeSymbol": "solusdt",
    "/strategies/pairs/enabled": true,
    "/feed/kind": "replay",
    "/feed/file": "a.csv",
  };
  const single = toConfigInput(values) as { feed: object };
  equal("hedgeFile" in single.feed, false);
  const input = toConfigInput({ ...values, "/feed/hedgeFile": "b.csv" });
  const config = agentConfigSchema.parse({ ...input, name: "Pairs" });
  equal(config.strategies.pairs.hedgeSymbol, "SOL/USDT");
  equal(config.feed.kind === "replay" && config.feed.hedgeFile, "b.csv");
});

Deno.test("toConfigInput() writes the models of a decision engine as a list, and errors of one come to the field", () => {
  const form = createForm(null);
  equal(
    form.values["/decision/models"],
    "lstm-1h, transformer-1h, ppo-1h",
  );
  const edited = (value: string) =>
    reduce(form, { type: "edit", pointer: "/decision/models", value });
  const input = toConfigInput(edited("one,  two").values);
  deepEqual((input["decision"] as { models: unknown }).models, [
    "one",
    "two",
  ]);
  match(
    validateForm(edited("one, Two"), [])["/decision/models"]!,
    /lower-case letters/,
  );
  equal(
    validateForm(edited(" "), [])["/decision/models"],
    "Name at least one model",
  );
  equal(configPointer("/config/decision/models/1"), "/decision/models");
});
