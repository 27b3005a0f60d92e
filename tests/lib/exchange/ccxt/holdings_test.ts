/** What is held, as the exchanges document it. */
import assert from "node:assert/strict";
import { KRAKEN_FUTURES_ANSWERS, OKX_ANSWERS } from "./other_answers.ts";
import { openWire } from "./wire.ts";

Deno.test("balances() of OKX's reads accounts with margin and without", async () => {
  await using wire = await openWire({ exchange: "okx", market: "spot" }, {
    ...OKX_ANSWERS,
    "GET /api/v5/account/balance": () => ({
      code: "0",
      msg: "",
      data: [{
        totalEq: "",
        details: [
          // With margin, what is free is told in equity.
          {
            ccy: "USDT",
            eq: "110.5",
            availEq: "90.5",
            cashBal: "100",
            availBal: "80",
            frozenBal: "20",
          },
          {
            ccy: "BTC",
            eq: "0.75",
            availEq: "",
            cashBal: "0.75",
            availBal: "0.5",
            frozenBal: "0.25",
          },
          { ccy: "ETH", eq: "0", availEq: "0", cashBal: "0", availBal: "0" },
        ],
      }],
    }),
  });
  assert.deepEqual(
    await wire.said(async () => {
      assert.deepEqual(await wire.gateway.balances(), [
        { currency: "USDT", total: "110.5", free: "90.5" },
        { currency: "BTC", total: "0.75", free: "0.5" },
      ]);
    }),
    [["GET /api/v5/account/balance", {}]],
  );
  assert.equal((await wire.gateway.position("BTC/USDT")).quantity, "0.75");
});

Deno.test("position() and balances() of Kraken's futures read the shared account", async () => {
  const api = "/derivatives/api/v3";
  await using wire = await openWire({ exchange: "kraken", market: "swap" }, {
    ...KRAKEN_FUTURES_ANSWERS,
    [`GET ${api}/openpositions`]: () => ({
      result: "success",
      openPositions: [
        { symbol: "PF_ETHUSD", side: "long", size: 1, price: 2_000 },
        {
          symbol: "PF_XBTUSD",
          side: "short",
          size: 0.03,
          price: 25_000.5,
          fillTime: "2023-11-14T22:13:20.000Z",
          unrealizedFunding: -0.001,
          maxFixedLeverage: 3,
        },
      ],
    }),
    [`GET ${api}/accounts`]: () => ({
      result: "success",
      accounts: {
        flex: {
          type: "multiCollateralMarginAccount",
          currencies: {
            USD: { quantity: 100.5, value: 100.5, available: 80.25 },
            EUR: { quantity: 0, value: 0, available: 0 },
          },
        },
      },
    }),
  });
  assert.deepEqual(await wire.gateway.position("BTC/USD"), {
    symbol: "BTC/USD",
    quantity: "-0.03",
    entryPrice: "25000.5",
    // The exchange does not tell it.
    liquidationPrice: null,
    leverage: 3,
  });
  assert.deepEqual(await wire.gateway.balances(), [
    { currency: "USD", total: "100.5", free: "80.25" },
  ]);
});
