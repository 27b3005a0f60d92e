import type * as z from "zod";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import {
  configPointer,
  createForm,
  fieldName,
  reduce,
  stepOf,
  toConfigInput,
  validateForm,
} from "../../../lib/ui/spawn_form.ts";
import { parameterFields } from "../../../lib/ui/spawn/schema_fields.ts";
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
import { edit, named } from "./spawn_forms.ts";

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
