import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { outcomeOf, post } from "../../../lib/alerts/delivery/post.ts";
import type { SendOutcome } from "../../../lib/alerts/delivery/outcome.ts";
import { signBody } from "../../../lib/alerts/signature.ts";
import type { Target } from "../../../lib/alerts/delivery/target.ts";
import { sendTelegram } from "../../../lib/alerts/delivery/telegram.ts";
import { createRawReceiver, createReceiver } from "./receivers.ts";

function target(port: number, more: Partial<Target> = {}): Target {
  return {
    hostname: "127.0.0.1",
    port,
    isEncrypted: false,
    isLoopbackAllowed: true,
    path: "/hook?key=secret-path",
    ...more,
  };
}

async function sendTo(
  to: Target,
  options: Parameters<typeof post>[1] = {},
): Promise<SendOutcome> {
  const answer = await post(
    { target: to, headers: { "X-Test": "1" }, body: '{"a":"ü"}' },
    options,
  );
  return "ok" in answer
    ? answer
    : outcomeOf(answer, { hostname: to.hostname, nowMs: 0 });
}

function failure(outcome: SendOutcome) {
  assert.equal(outcome.ok, false);
  return outcome as Extract<SendOutcome, { ok: false }>;
}

Deno.test("post() sends path, headers and body as they are", async () => {
  await using receiver = createReceiver();
  assert.deepEqual(await sendTo(target(receiver.port)), { ok: true });
  const [received] = receiver.received;
  assert.equal(received!.path, "/hook?key=secret-path");
  assert.equal(received!.headers.get("x-test"), "1");
  assert.equal(received!.headers.get("content-type"), "application/json");
  assert.equal(received!.body, '{"a":"ü"}');
});

Deno.test("post() sends no byte to an address that is not public", async () => {
  let bytes = 0;
  using receiver = createRawReceiver(async (connection) => {
    const read = await connection.read(new Uint8Array(100));
    bytes += read ?? 0;
  });
  // A name that leads to this machine although nobody allowed that: what rebinding comes to.
  const outcome = failure(
    await sendTo(
      target(receiver.port, {
        hostname: "localhost",
        isLoopbackAllowed: false,
      }),
    ),
  );
  assert.equal(outcome.isFinal, true);
  assert.match(outcome.error, /leads to 127\.0\.0\.1|leads to ::1/);
  assert.equal(bytes, 0);
});

Deno.test("post() follows no redirect", async () => {
  await using other = createReceiver();
  await using receiver = createReceiver(() =>
    Response.redirect(`http://127.0.0.1:${other.port}/`, 307)
  );
  const outcome = failure(await sendTo(target(receiver.port)));
  assert.equal(outcome.isFinal, true);
  assert.match(outcome.error, /redirects are not followed/);
  assert.equal(other.received.length, 0);
});

Deno.test("outcomeOf() lets 408, 429 and 5xx be tried again, and no other 4xx", async () => {
  for (
    const [status, isFinal] of [
      [400, true],
      [401, true],
      [404, true],
      [410, true],
      [408, false],
      [429, false],
      [500, false],
      [503, false],
    ] as const
  ) {
    await using receiver = createReceiver(() =>
      new Response("no", { status, headers: { "Retry-After": "120" } })
    );
    const outcome = failure(await sendTo(target(receiver.port)));
    assert.equal(outcome.isFinal, isFinal, String(status));
    assert.equal(outcome.retryAfterMs, isFinal ? null : 120_000);
    assert.doesNotMatch(outcome.error, /secret-path/);
  }
});

Deno.test("post() gives a receiver up that is silent", async () => {
  using receiver = createRawReceiver(() => new Promise(() => {}));
  const outcome = failure(
    await sendTo(target(receiver.port), { deadlineMs: 150 }),
  );
  assert.equal(outcome.isFinal, false);
  assert.match(outcome.error, /did not answer within/);
});

Deno.test("post() reads a few kB of a huge answer and takes its word", async () => {
  let written = 0;
  const ended = Promise.withResolvers<void>();
  using receiver = createRawReceiver(async (connection) => {
    try {
      await connection.read(new Uint8Array(4_096));
      await connection.write(
        new TextEncoder().encode(
          "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n",
        ),
      );
      const chunk = new Uint8Array(65_536).fill(97);
      for (;;) written += await connection.write(chunk);
    } finally {
      ended.resolve();
    }
  });
  assert.deepEqual(await sendTo(target(receiver.port)), { ok: true });
  await ended.promise;
  // What the system's buffers take, not the gigabyte.
  assert.ok(written < 50_000_000, String(written));
});

Deno.test("post() says that it was no HTTP, or that nobody listens", async () => {
  const receiver = createRawReceiver(async (connection) => {
    await connection.write(new TextEncoder().encode("SSH-2.0-x\r\n"));
    connection.close();
  });
  assert.match(
    failure(await sendTo(target(receiver.port))).error,
    /did not answer in HTTP|cannot be reached/,
  );
  const { port } = receiver;
  receiver[Symbol.dispose]();
  assert.match(failure(await sendTo(target(port))).error, /cannot be reached/);
});

Deno.test("signBody() is what a receiver computes by the docs", async () => {
  const timestamp = "1790000000";
  const expected = createHmac("sha256", "top")
    .update(`${timestamp}.{"v":1}`).digest("hex");
  assert.equal(
    await signBody('{"v":1}', { secret: "top", timestamp }),
    expected,
  );
});

Deno.test("sendTelegram() posts to the bot and reads its refusals", async () => {
  await using bot = createReceiver((_, n) =>
    n === 1
      ? Response.json({ ok: true, result: {} })
      : n === 2
      ? Response.json({
        ok: false,
        description: "Too Many Requests",
        parameters: { retry_after: 7 },
      }, { status: 429 })
      : Response.json({ ok: false, description: "chat not found" }, {
        status: 400,
      })
  );
  const { path: _, ...api } = target(bot.port);
  const message = { token: "1:abc", chatId: "-5", text: "hello", api };
  assert.deepEqual(await sendTelegram(message, 0), { ok: true });
  assert.equal(bot.received[0]!.path, "/bot1:abc/sendMessage");
  assert.equal(JSON.parse(bot.received[0]!.body).chat_id, "-5");
  const slow = failure(await sendTelegram(message, 0));
  assert.equal(slow.retryAfterMs, 7_000);
  const wrong = failure(await sendTelegram(message, 0));
  assert.equal(wrong.isFinal, true);
  assert.match(wrong.error, /chat not found/);
  assert.doesNotMatch(wrong.error + slow.error, /1:abc/);
});
