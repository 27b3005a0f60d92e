import assert from "node:assert/strict";
import { systemClock } from "../../../../actors/mod.ts";
import {
  type AnswerFacts,
  newCallRecord,
  Transport,
} from "../../../../lib/exchange/ccxt/transport.ts";
import { startVenueServer } from "./venue_server.ts";

function createTransport(
  onlyOrigin: string | null = null,
  onAnswer: (facts: AnswerFacts) => void = () => {},
): Transport {
  return new Transport({ clock: systemClock, hooks: { onAnswer }, onlyOrigin });
}

function post(transport: Transport, url: string, body = "symbol=BTCUSDT") {
  return transport.fetch(url, {
    method: "POST",
    headers: {},
    body,
    signal: new AbortController().signal,
  });
}

/** A server that keeps a connection, and breaks it off instead of answering `/cut`. */
async function serveRaw(listener: Deno.TcpListener, heard: string[]) {
  for await (const connection of listener) {
    serveConnection(connection, heard).catch(() => {});
  }
}

async function serveConnection(connection: Deno.Conn, heard: string[]) {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- bytes come in order
    const count = await connection.read(buffer);
    if (count === null) return connection.close();
    text += new TextDecoder().decode(buffer.subarray(0, count));
    if (!text.includes("0\r\n\r\n")) continue;
    heard.push(text.split(" ")[1]!);
    text = "";
    if (heard.at(-1) === "/cut") return connection.close();
    const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    // deno-lint-ignore no-await-in-loop -- one answer after the other
    await connection.write(new TextEncoder().encode(answer));
  }
}

Deno.test("Transport sends a request once, also where a connection in use breaks off", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const heard: string[] = [];
  const served = serveRaw(listener, heard);
  const url = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  const transport = createTransport();
  await post(transport, `${url}/first`);
  await assert.rejects(post(transport, `${url}/cut`), TypeError);
  assert.deepEqual(heard, ["/first", "/cut"]);
  transport.close();
  listener.close();
  await served;
});

Deno.test("Transport refuses a second sending within one call", async () => {
  await using server = startVenueServer({ "POST /order": () => ({}) });
  const transport = createTransport();
  const record = newCallRecord(true);
  await transport.run(record, async () => {
    await post(transport, `${server.url}/order`);
    await assert.rejects(post(transport, `${server.url}/order`), TypeError);
  });
  assert.equal(server.seen.length, 1);
  assert.equal(record.isSent, true);
  assert.equal(record.status, 200);
  transport.close();
});

Deno.test("Transport sends to no other origin than the endpoint", async () => {
  await using server = startVenueServer({ "POST /order": () => ({}) });
  await using other = startVenueServer({ "POST /order": () => ({}) });
  const transport = createTransport(server.url);
  await assert.rejects(post(transport, `${other.url}/order`), TypeError);
  await post(transport, `${server.url}/order`);
  assert.deepEqual([server.seen.length, other.seen.length], [1, 0]);
  transport.close();
});

Deno.test("Transport tells what an answer says of the rate limit", async () => {
  await using server = startVenueServer({
    "POST /order": () =>
      new Response("{}", {
        status: 429,
        headers: { "retry-after": "3", "x-mbx-used-weight-1m": "5990" },
      }),
  });
  const facts: AnswerFacts[] = [];
  const transport = createTransport(null, (one) => facts.push(one));
  await post(transport, `${server.url}/order`);
  assert.deepEqual(facts, [{
    host: new URL(server.url).host,
    status: 429,
    retryAfterMs: 3_000,
    usedWeight: 5_990,
  }]);
  transport.close();
});

Deno.test("Transport keeps what was sent apart for calls at once", async () => {
  await using server = startVenueServer({
    "POST /good": () => ({ is: "good" }),
    "POST /bad": () => Response.json({ is: "bad" }, { status: 400 }),
  });
  const transport = createTransport();
  const records = ["/good", "/bad"].map(() => newCallRecord());
  await Promise.all(records.map((record, index) =>
    transport.run(
      record,
      () => post(transport, server.url + ["/good", "/bad"][index]),
    )
  ));
  assert.deepEqual(
    records.map(({ status, body }) => [status, body]),
    [[200, '{"is":"good"}'], [400, '{"is":"bad"}']],
  );
  transport.close();
});
