import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ExchangeKeyView } from "../../../lib/contracts/exchange_key.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import {
  readDraft,
  reduce,
  stepOf,
  toConfigInput,
  validateForm,
} from "../../../lib/ui/spawn_form.ts";
import { keyRefusal, liveRefusal } from "../../../lib/ui/spawn/live_rules.ts";
import { edit, named } from "./spawn_forms.ts";

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
