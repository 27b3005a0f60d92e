import assert from "node:assert/strict";
import type { CreateOutcome } from "../../../../lib/exchange/gateway/port.ts";
import { ALL_ANSWERS } from "./all_answers.ts";
import { limitOrder, openGateway } from "./support.ts";
import { startVenueServer } from "./venue_server.ts";

const BINANCE = {
  exchange: "binance",
  market: "spot",
  route: "POST /api/v3/order",
} as const;
const BYBIT = {
  exchange: "bybit",
  market: "swap",
  route: "POST /v5/order/create",
} as const;
const OKX = {
  exchange: "okx",
  market: "swap",
  route: "POST /api/v5/trade/order",
} as const;
const KRAKEN = {
  exchange: "kraken",
  market: "spot",
  route: "POST /0/private/AddOrder",
} as const;
const FUTURES = {
  exchange: "kraken",
  market: "swap",
  route: "POST /derivatives/api/v3/sendorder",
} as const;

type Venue =
  | typeof BINANCE
  | typeof BYBIT
  | typeof OKX
  | typeof KRAKEN
  | typeof FUTURES;

/** What an order came to, in short: `unknown`, or the kind of the rejection. */
function shortOf(outcome: CreateOutcome): string {
  return outcome.kind === "rejected" ? outcome.errorKind : outcome.kind;
}

/** Sends one order for each answer. */
async function outcomesOf(
  venue: Venue,
  responses: readonly (() => Response)[],
): Promise<CreateOutcome[]> {
  await using server = startVenueServer(ALL_ANSWERS);
  const gateway = await openGateway(server.url, venue);
  const order = limitOrder({
    price: "25000",
    symbol: venue === FUTURES ? "BTC/USD" : "BTC/USDT",
  });
  const outcomes: CreateOutcome[] = [];
  for (const response of responses) {
    server.answers[venue.route] = response;
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    outcomes.push(await gateway.create(order));
  }
  assert.equal(server.at(venue.route).length, responses.length, "sent once");
  await gateway.close();
  return outcomes;
}

/** A table of answers and what has to come of each. */
async function check(
  venue: Venue,
  table: readonly (readonly [status: number, body: unknown, want: string])[],
): Promise<void> {
  const outcomes = await outcomesOf(
    venue,
    table.map(([status, body]) => () =>
      typeof body === "string"
        ? new Response(body, { status })
        : Response.json(body, { status })
    ),
  );
  assert.deepEqual(
    outcomes.map((outcome, index) => [table[index]![1], shortOf(outcome)]),
    table.map(([, body, want]) => [body, want]),
  );
}

Deno.test("create() at Binance is rejected only by what the venue decoded", async () => {
  const code = (code: number, msg = "said so") => ({ code, msg });
  await check(BINANCE, [
    [400, code(-1021, "Timestamp outside of the recvWindow."), "clock"],
    [400, code(-2010, "Account has insufficient balance."), "refused"],
    [400, code(-2010, "Duplicate order sent."), "unknown"],
    [400, code(-1013, "Filter failure: NOTIONAL"), "refused"],
    [400, code(-1121, "Invalid symbol."), "refused"],
    [401, code(-2014), "auth"],
    [401, code(-2015), "auth"],
    [400, code(-1022), "auth"],
    [429, code(-1003), "rate_limited"],
    [429, code(-1015), "rate_limited"],
    [418, code(-1003), "rate_limited"],
    [429, "<html>slow down</html>", "rate_limited"],
    // The engine may have it.
    [408, code(-1007), "unknown"],
    [400, code(-1006), "unknown"],
    [500, code(-1000), "unknown"],
    [400, code(-1001), "unknown"],
    [503, code(-1008), "unknown"],
    [503, code(-2010), "unknown"],
    [400, code(-9999), "unknown"],
    // The library's class for these statuses says nothing.
    [403, "<html>forbidden</html>", "unknown"],
    [404, "<html>not here</html>", "unknown"],
    [502, "<html>bad gateway</html>", "unknown"],
    [200, "no JSON at all", "unknown"],
    [200, '{"orderId": 28, "cl', "unknown"],
    [200, {}, "unknown"],
  ]);
});

Deno.test("create() at Bybit is rejected only by what the venue decoded", async () => {
  const code = (retCode: number) => ({
    retCode,
    retMsg: "said so",
    result: {},
  });
  await check(BYBIT, [
    [200, code(10002), "clock"],
    [200, code(10003), "auth"],
    [200, code(10005), "auth"],
    [200, code(10006), "rate_limited"],
    [200, code(110007), "refused"],
    [200, code(110017), "refused"],
    [200, code(110072), "unknown"],
    [200, code(170141), "unknown"],
    [200, code(10000), "unknown"],
    [200, code(10016), "unknown"],
    [200, code(170007), "unknown"],
    [200, code(999999), "unknown"],
    [502, "bad gateway", "unknown"],
    [429, "too many", "unknown"],
  ]);
});

Deno.test("create() at OKX is rejected only by what the venue decoded", async () => {
  const request = (code: string) => ({ code, msg: "said so", data: [] });
  const order = (sCode: string) => ({
    code: "1",
    msg: "All operations failed",
    data: [{ ordId: "", clOrdId: "sf0000001", sCode, sMsg: "said so" }],
  });
  await check(OKX, [
    [200, order("51008"), "refused"],
    [200, order("51000"), "refused"],
    [200, order("51016"), "unknown"],
    [200, order("50004"), "unknown"],
    [401, request("50111"), "auth"],
    [401, request("50102"), "clock"],
    [429, request("50011"), "rate_limited"],
    [200, request("50013"), "unknown"],
    [503, request("50001"), "unknown"],
    [200, request("50001"), "unknown"],
  ]);
});

Deno.test("create() at Kraken is rejected only by what the venue decoded", async () => {
  const error = (text: string) => ({ error: [text] });
  await check(KRAKEN, [
    [200, error("EOrder:Insufficient funds"), "refused"],
    [200, error("EOrder:Rate limit exceeded"), "rate_limited"],
    [200, error("EAPI:Rate limit exceeded"), "rate_limited"],
    [200, error("EAPI:Invalid nonce"), "clock"],
    [200, error("EAPI:Invalid key"), "auth"],
    [200, error("EGeneral:Permission denied"), "auth"],
    [200, error("EService:Deadline elapsed"), "refused"],
    [200, error("EGeneral:Invalid arguments:volume"), "refused"],
    [200, error("EService:Unavailable"), "unknown"],
    [200, error("EService:Busy"), "unknown"],
    [200, error("EGeneral:Internal error"), "unknown"],
    [520, "", "unknown"],
  ]);
  const status = (status: string) => ({
    result: "success",
    sendStatus: { status },
  });
  await check(FUTURES, [
    [200, status("insufficientAvailableFunds"), "refused"],
    [200, status("postWouldExecute"), "refused"],
    [200, status("clientOrderIdAlreadyExist"), "unknown"],
    [200, { result: "error", error: "apiLimitExceeded" }, "rate_limited"],
    [200, { result: "error", error: "authenticationError" }, "auth"],
    [200, { result: "error", error: "Server Error" }, "unknown"],
  ]);
});

Deno.test("create() keeps how long the venue wants silence", async () => {
  const wait = (value: string) => () =>
    Response.json({ code: -1003, msg: "Too many requests." }, {
      status: 429,
      headers: { "retry-after": value },
    });
  const outcomes = await outcomesOf(BINANCE, [wait("7"), wait("soon")]);
  assert.deepEqual(
    outcomes.map((outcome) =>
      outcome.kind === "rejected" ? outcome.retryAfterMs : outcome.kind
    ),
    [7_000, null],
  );
});

Deno.test("create() follows no redirect", async () => {
  const [outcome] = await outcomesOf(BINANCE, [
    () =>
      new Response(null, {
        status: 307,
        headers: { location: "http://127.0.0.1:9/elsewhere" },
      }),
  ]);
  assert.equal(outcome!.kind, "unknown");
});
