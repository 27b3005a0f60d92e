import assert from "node:assert/strict";
import {
  MARKET_KINDS,
  PROFILED_EXCHANGES,
} from "../../../../lib/contracts/venue.ts";
import { dialectOf } from "../../../../lib/exchange/ccxt/profiles.ts";
import { ALL_ANSWERS } from "./all_answers.ts";
import { stopOrder } from "./support.ts";
import { openWire } from "./wire.ts";

Deno.test("CcxtGateway rests a protective stop at every profiled exchange, which only reduces a perpetual", async () => {
  for (const exchange of PROFILED_EXCHANGES) {
    for (const market of MARKET_KINDS) {
      const { stopFields, profile } = dialectOf({ exchange, market });
      const isSwap = market === "swap";
      const where = `${exchange} ${market}`;
      assert.equal(profile.hasReduceOnly, isSwap, where);
      // deno-lint-ignore no-await-in-loop -- one exchange after the other
      await using wire = await openWire({ exchange, market }, ALL_ANSWERS);
      // deno-lint-ignore no-await-in-loop -- as above
      const said = await wire.said(async () => {
        const outcome = await wire.gateway.create(stopOrder({
          symbol: exchange === "kraken" && isSwap ? "BTC/USD" : "BTC/USDT",
          triggerPrice: "24000",
          reduceOnly: isSwap,
        }));
        assert.equal(outcome.kind, "accepted", where);
      });
      assert.equal(said.length, 1, where);
      const fields = said[0]![1] as Record<string, unknown>;
      for (const [name, value] of Object.entries(stopFields ?? {})) {
        assert.equal(String(fields[name]), value, `${where} ${name}`);
      }
      assert.ok(Object.values(fields).includes("24000"), where);
      assert.equal(
        String(fields.reduceOnly ?? false),
        String(isSwap),
        where,
      );
    }
  }
});
