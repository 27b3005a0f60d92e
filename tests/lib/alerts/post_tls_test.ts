import assert from "node:assert/strict";
import { outcomeOf, post } from "../../../lib/alerts/delivery/post.ts";
import type { Target } from "../../../lib/alerts/delivery/target.ts";
import { createReceiver } from "./receivers.ts";

const FIXTURES = new URL("../../fixtures/tls/", import.meta.url);
/** Made for these tests, with a root that no system trusts and whose key is gone. */
const ROOT = await Deno.readTextFile(new URL("root.cert.pem", FIXTURES));
const CERT = await Deno.readTextFile(new URL("localhost.cert.pem", FIXTURES));
const KEY = await Deno.readTextFile(new URL("localhost.key.pem", FIXTURES));

const POST = { headers: { "X-Test": "1" }, body: "{}" };

function targetAt(port: number, hostname: string): Target {
  return {
    hostname,
    port,
    isEncrypted: true,
    isLoopbackAllowed: true,
    path: "/hook",
  };
}

function createTlsReceiver() {
  return createReceiver(() => new Response("ok"), { cert: CERT, key: KEY });
}

Deno.test("post() delivers encrypted to a receiver whose certificate is trusted", async () => {
  await using receiver = createTlsReceiver();
  const target = targetAt(receiver.port, "localhost");
  const answer = await post({ target, ...POST }, { caCerts: [ROOT] });
  assert.ok("status" in answer, JSON.stringify(answer));
  const told = { hostname: target.hostname, nowMs: 0 };
  assert.deepEqual(outcomeOf(answer, told), { ok: true });
  assert.equal(receiver.received[0]!.headers.get("x-test"), "1");
});

Deno.test("post() sends nothing to a receiver whose certificate nobody trusts, or that is of another name", async () => {
  await using receiver = createTlsReceiver();
  const unknown = targetAt(receiver.port, "localhost");
  const first = await post({ target: unknown, ...POST });
  assert.ok("ok" in first && !first.ok);
  assert.match(first.error, /localhost cannot be reached/);
  const other = targetAt(receiver.port, "127.0.0.1");
  const second = await post({ target: other, ...POST }, { caCerts: [ROOT] });
  assert.ok("ok" in second && !second.ok);
  assert.equal(receiver.received.length, 0);
});
