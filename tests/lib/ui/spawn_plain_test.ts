import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { TEMPLATES } from "../../../agents/mod.ts";
import { safeNext } from "../../../routes/(_shared)/guard.ts";
import { toConfigInput } from "../../../lib/ui/spawn_form.ts";
import {
  errorsByField,
  fieldTitle,
  plainForm,
  postedForm,
} from "../../../lib/ui/spawn/plain/posted_form.ts";

const sentOf = (fields: Readonly<Record<string, string>>) => (name: string) =>
  fields[name] ?? null;

Deno.test("postedForm() of nothing but a name is every template as it is, on paper", () => {
  for (const template of TEMPLATES) {
    const parsed = {
      ...template,
      config: agentConfigSchema.parse({ ...template.config, name: "btc" }),
    };
    const given = { ...parsed, origin: "built_in", results: [] } as never;
    const form = postedForm(sentOf({ "/name": "btc" }), given);
    const config = agentConfigSchema.parse(toConfigInput(form.values));
    deepEqual(config, { ...parsed.config, mode: "paper" });
  }
});

Deno.test("postedForm() takes what was typed, ticks and choices, and never live trading", () => {
  const form = postedForm(
    sentOf({
      "/name": "btc",
      "/risk/leverage": "",
      "/record": "on",
      "/strategies/orderBlock/enabled": "off",
      "type": "decision_engine",
      "feed": "replay",
      "/feed/file": "a.csv",
      "/mode": "live",
      "/exchangeKeyId": "key_1",
      "acknowledge": "on",
    }),
    null,
  );
  const config = toConfigInput(form.values);
  equal(config["type"], "decision_engine");
  equal(config["mode"], "paper");
  equal(config["record"], true);
  ok(!("exchangeKeyId" in config));
  deepEqual(config["feed"], { kind: "replay", file: "a.csv", speed: "max" });
  equal(form.values["/risk/leverage"], "");
  equal(form.values["/strategies/orderBlock/enabled"], false);
  ok(form.acknowledged);
  ok(!plainForm(null).acknowledged);
});

Deno.test("errorsByField() keeps the first complaint about a field", () => {
  const of = (pointer: string, detail: string) => ({
    pointer,
    detail,
    code: "X",
  });
  deepEqual(
    errorsByField([
      of("/config/risk/leverage", "one"),
      of("/risk/leverage", "two"),
    ]),
    { "/risk/leverage": "one" },
  );
  equal(fieldTitle("/risk/maxDrawdownPct"), "Max drawdown");
});

Deno.test("safeNext() gives a path of this site, whatever it is given", () => {
  equal(safeNext("/logs?level=warning#last"), "/logs?level=warning#last");
  for (
    const other of [
      "//evil.example",
      "/\\evil.example",
      "/\t/evil.example",
      "/\n\\evil.example",
      "/.//evil.example",
      "https://evil.example/",
      "javascript:alert(1)",
      "/logout",
      "/login?next=/",
    ]
  ) equal(safeNext(other), "/");
  const part = fc.constantFrom("/", "\\", "\t", ".", "evil.example", "@", ":");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const next = safeNext(parts.join(""));
      const site = "http://panel.example";
      equal(new URL(next, site).origin, site);
      ok(!/^\/[/\\]/.test(next));
    }),
  );
});
