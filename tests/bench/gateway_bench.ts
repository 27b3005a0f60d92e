// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * Orders through the gateway to an exchange on loopback: from the call to the
 * hand-over of the request to the socket, and until the answer is understood.
 *
 *     deno run --allow-net=127.0.0.1 --allow-env=WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE tests/bench/gateway_bench.ts
 *
 * @module
 */
import { LatencyHistogram } from "../../lib/core/histogram.ts";
import { SWAP_ANSWERS } from "../lib/exchange/ccxt/binance_answers.ts";
import { limitOrder, openGateway } from "../lib/exchange/ccxt/support.ts";
import { startVenueServer } from "../lib/exchange/ccxt/venue_server.ts";

const WARM_UP_ORDERS = 2_000;
const ORDERS = 3_000;

await using server = startVenueServer(SWAP_ANSWERS);
let sentAtMs = 0;
const gateway = await openGateway(
  server.url,
  { exchange: "binance", market: "swap" },
  { hooks: { onSend: () => sentAtMs = performance.now() } },
);
const toWire = new LatencyHistogram();
const toAnswer = new LatencyHistogram();
for (let index = 0; index < WARM_UP_ORDERS + ORDERS; index++) {
  const order = limitOrder({ clientOrderId: `sf${index}` });
  const calledAtMs = performance.now();
  // deno-lint-ignore no-await-in-loop -- one order after the other
  const outcome = await gateway.create(order);
  const answeredAtMs = performance.now();
  if (outcome.kind !== "accepted") throw new Error(JSON.stringify(outcome));
  server.seen.length = 0;
  if (index < WARM_UP_ORDERS) continue;
  toWire.record(sentAtMs - calledAtMs);
  toAnswer.record(answeredAtMs - calledAtMs);
}
await gateway.close();
print("gateway.create_to_wire", toWire);
print("gateway.create_to_answer", toAnswer);

function print(name: string, histogram: LatencyHistogram): void {
  const inMs = (value: number | null) => Number(value!.toFixed(3));
  console.log(JSON.stringify({
    name,
    unit: "ms",
    n: histogram.count,
    p50: inMs(histogram.percentile(0.5)),
    p99: inMs(histogram.percentile(0.99)),
    max: inMs(histogram.maxMs),
  }));
}
