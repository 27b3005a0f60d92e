import assert from "node:assert/strict";
import fc from "fast-check";
import { VenueError } from "../../../../lib/exchange/gateway/port.ts";
import { SPOT_ANSWERS as ANSWERS } from "./binance_answers.ts";
import { CREDENTIALS, limitOrder, openGateway } from "./support.ts";
import { startVenueServer } from "./venue_server.ts";

const BINANCE = { exchange: "binance", market: "spot" } as const;

Deno.test("reads fail by kind, and an order that is not known is not found", async () => {
  await using server = startVenueServer(ANSWERS);
  const gateway = await openGateway(server.url, BINANCE);
  const ref = {
    symbol: "BTC/USDT",
    clientOrderId: "sf0000001",
    venueOrderId: null,
    isStop: false,
  };
  const kindOf = async (status: number, body: unknown) => {
    server.answers["GET /api/v3/order"] = () => Response.json(body, { status });
    const error = await gateway.order(ref).then(() => null, (error) => error);
    assert.ok(error instanceof VenueError);
    return error.kind;
  };
  const unknown = { code: -2013, msg: "Order does not exist." };
  assert.equal(await kindOf(400, unknown), "not_found");
  assert.equal(await kindOf(400, { code: -1021, msg: "late" }), "clock");
  assert.equal(await kindOf(418, {}), "rate_limited");
  assert.equal(await kindOf(503, {}), "unknown");
  assert.equal(
    await kindOf(400, { code: -1016, msg: "closed" }),
    "maintenance",
  );
  await gateway.close();
});

Deno.test("cancel() of an order that is over tells its end", async () => {
  await using server = startVenueServer(ANSWERS);
  const gateway = await openGateway(server.url, BINANCE);
  const ref = {
    symbol: "BTC/USDT",
    clientOrderId: "sf0000001",
    venueOrderId: null,
    isStop: false,
  };
  server.answers["DELETE /api/v3/order"] = () =>
    Response.json({ code: -2011, msg: "Unknown order sent." }, { status: 400 });
  await assert.rejects(gateway.cancel(ref), { kind: "unknown" });
  const open = server.answers["GET /api/v3/order"]!;
  server.answers["GET /api/v3/order"] = async (request) => ({
    ...await open(request) as object,
    status: "FILLED",
    executedQty: "0.01",
  });
  assert.equal((await gateway.cancel(ref))?.status, "filled");
  server.answers["GET /api/v3/order"] = () =>
    Response.json({ code: -2013, msg: "Order does not exist." }, {
      status: 400,
    });
  await assert.rejects(gateway.cancel(ref), { kind: "not_found" });
  await gateway.close();
});

Deno.test("sentences of failures hold no key and no signature, whatever the venue echoes", async () => {
  await using server = startVenueServer(ANSWERS);
  const gateway = await openGateway(server.url, BINANCE);
  const canaries = Object.values(CREDENTIALS);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(200, 400, 401, 403, 418, 429, 500, 503),
      fc.array(fc.constantFrom(...canaries, " ", "signature=", "x"), {
        maxLength: 8,
      }),
      fc.boolean(),
      async (status, parts, isJson) => {
        let signature = "";
        const text = parts.join("");
        server.answers["POST /api/v3/order"] = ({ body }) => {
          signature = new URLSearchParams(body).get("signature")!;
          const echo = `${text} ${body}`;
          return isJson
            ? Response.json({ code: -2010, msg: echo }, { status })
            : new Response(echo, { status });
        };
        const outcome = await gateway.create(limitOrder());
        const said = JSON.stringify(outcome);
        for (const canary of [...canaries, signature]) {
          assert.ok(!said.includes(canary), said);
        }
      },
    ),
    { numRuns: 60 },
  );
  await gateway.close();
});

Deno.test("create() that reaches nobody is unknown, and its sentence holds no address", async () => {
  const server = startVenueServer(ANSWERS);
  const gateway = await openGateway(server.url, BINANCE);
  await server[Symbol.asyncDispose]();
  const outcome = await gateway.create(limitOrder());
  assert.equal(outcome.kind, "unknown");
  assert.ok(!JSON.stringify(outcome).includes("signature"));
  assert.ok(!JSON.stringify(outcome).includes("127.0.0.1"));
  await gateway.close();
});
