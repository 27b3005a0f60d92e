import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { TextLineStream } from "../../../tasks/text_lines.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { withTempDir } from "../../support/temp.ts";
import { createReceiver } from "./receivers.ts";
import {
  addHook,
  type AlertWorld,
  auditEntry,
  CALLER,
  openAlertWorld,
} from "./service_world.ts";

async function withWorld(
  options: Omit<Parameters<typeof openAlertWorld>[0], "path">,
  run: (world: AlertWorld) => Promise<void>,
): Promise<void> {
  const world = await openAlertWorld({ path: ":memory:", ...options });
  try {
    await run(world);
  } finally {
    await world.close();
  }
}

/** Lets what is under way take its next step until something holds; the test's own deadline is that of the runner. */
async function until(holds: () => boolean): Promise<void> {
  // deno-lint-ignore no-await-in-loop -- each step may be the one
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

Deno.test("alerts go from an event to a receiver, signed", async () => {
  await using receiver = createReceiver();
  await withWorld({ ports: [receiver.port] }, async (world) => {
    const { signingSecret } = await addHook(world, receiver.port);
    await world.fail("one failed: it broke");
    await receiver.arrived(1);
    const [{ path, headers, body }] = receiver.received as [
      typeof receiver.received[0],
    ];
    assert.equal(path, "/hook?token=in-the-path");
    const message = JSON.parse(body);
    assert.equal(message.id, headers.get("x-fleet-alert-id"));
    assert.equal(message.alerts[0].message, "one failed: it broke");
    assert.equal(message.alerts[0].simulated, true);
    const timestamp = headers.get("x-fleet-timestamp");
    const expected = createHmac("sha256", signingSecret)
      .update(`${timestamp}.${body}`).digest("hex");
    assert.equal(headers.get("x-fleet-signature"), `v1=${expected}`);
    await until(() => world.alerts.figures().delivered === 1);
  });
});

Deno.test("alerts are tried again under the same id until the receiver takes them", async () => {
  await using receiver = createReceiver((_, n) =>
    new Response("", { status: n < 3 ? 503 : 200 })
  );
  const failing: string[] = [];
  const onFailing = (name: string) => void failing.push(name);
  await withWorld({ ports: [receiver.port], onFailing }, async (world) => {
    const { channelId } = await addHook(world, receiver.port);
    await world.fail("one failed");
    await receiver.arrived(3);
    await until(() => world.alerts.figures().delivered === 1);
    const ids = receiver.received.map(({ headers }) =>
      headers.get("x-fleet-alert-id")
    );
    assert.equal(new Set(ids).size, 1);
    const bodies = new Set(receiver.received.map(({ body }) => body));
    assert.equal(bodies.size, 1);
    const [delivery] = world.alerts.deliveries(channelId);
    assert.equal(delivery!.attempts, 3);
    assert.equal(delivery!.state, "delivered");
  });
  assert.deepEqual(failing, []);
});

Deno.test("a channel whose receiver refuses is marked, told once, and works again after a success", async () => {
  let status = 404;
  await using receiver = createReceiver(() => new Response("", { status }));
  const failing: string[] = [];
  const onFailing = (name: string) => void failing.push(name);
  await withWorld({ ports: [receiver.port], onFailing }, async (world) => {
    const { channelId } = await addHook(world, receiver.port);
    await world.fail("one failed");
    await until(() => world.alerts.figures().failed === 1);
    assert.deepEqual(failing, ["main"]);
    const [channel] = world.alerts.channels(null);
    assert.notEqual(channel!.health.failingSince, null);
    assert.match(channel!.health.lastError ?? "", /answered 404/);
    assert.doesNotMatch(channel!.health.lastError ?? "", /in-the-path/);
    assert.equal(world.alerts.figures().failingChannels, 1);
    status = 200;
    const test = await world.alerts.test(channelId, CALLER);
    assert.equal(test.state, "delivered");
    assert.equal(world.alerts.figures().failingChannels, 0);
    await assert.rejects(
      Promise.resolve().then(() => world.alerts.test(channelId, CALLER)),
      (error) => error instanceof AppError && error.code === "RATE_LIMITED",
    );
  });
});

Deno.test("a person who may not log in any more hears nothing", async () => {
  await using receiver = createReceiver();
  let isActive = true;
  const listener = () => ({ isActive, mayHearAll: false });
  await withWorld({ ports: [receiver.port], listener }, async (world) => {
    const { channelId } = await addHook(world, receiver.port);
    isActive = false;
    await world.fail("one failed");
    const { events, alerts } = world.store;
    let read = 0;
    while (read < events.headSeq()) read = (await alerts.load()).cursor!.seq;
    assert.deepEqual(world.alerts.deliveries(channelId), []);
    const { state } = await world.alerts.test(channelId, CALLER);
    assert.equal(state, "failed");
    assert.equal(receiver.received.length, 0);
  });
});

Deno.test("alerts tell of the audit trail: changed factors, and logins from new places alone", async () => {
  await using receiver = createReceiver();
  await withWorld({ ports: [receiver.port] }, async (world) => {
    const from = (address: string) =>
      world.store.audit(auditEntry("auth.login", { address }));
    await from("192.0.2.1");
    await addHook(world, receiver.port);
    await from("192.0.2.1");
    await from("198.51.100.9");
    await world.store.audit(auditEntry("factor.remove"));
    await receiver.arrived(2);
    const messages = receiver.received.map(({ body }) =>
      JSON.parse(body).alerts[0].message
    ).sort();
    assert.match(messages[0], /authenticator was removed/);
    assert.match(messages[1], /logged in from 198\.51\.100\.9/);
    assert.equal(receiver.received.length, 2);
  });
});

Deno.test("removing a channel takes its messages and rules that lead nowhere else with it", async () => {
  await using receiver = createReceiver();
  await withWorld({ ports: [receiver.port] }, async (world) => {
    const { channelId } = await addHook(world, receiver.port);
    await world.alerts.test(channelId, CALLER);
    await world.alerts.removeChannel(channelId, CALLER);
    assert.deepEqual(world.alerts.channels(null), []);
    assert.deepEqual(world.alerts.rules(null), []);
    const stored = await world.store.alerts.load();
    assert.deepEqual(
      [stored.channels, stored.rules, stored.healths, stored.deliveries],
      [[], [], [], []],
    );
  });
});

Deno.test("nothing secret of a channel is in its view, its messages or the audit trail", async () => {
  await withWorld({ ports: [4_000] }, async (world) => {
    const { signingSecret } = await addHook(world, 4_000);
    const { items } = await world.store.auditPage({ limit: 50, cursor: null });
    const stored = await world.store.alerts.load();
    const shown = JSON.stringify([
      world.alerts.channels(null),
      world.alerts.rules(null),
      items,
      stored,
    ]);
    assert.doesNotMatch(shown, /in-the-path/);
    assert.ok(!shown.includes(signingSecret));
  });
});

Deno.test("a process that may reach no receiver refuses a test and touches nothing that waits", async () => {
  await using receiver = createReceiver(() =>
    new Response("", { status: 503 })
  );
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const sending = await openAlertWorld({ path, ports: [receiver.port] });
    const { channelId } = await addHook(sending, receiver.port);
    await sending.fail("one failed");
    await receiver.arrived(1);
    await sending.close();
    const idle = await openAlertWorld({ path, ports: [], isIdle: true });
    try {
      const [channel] = idle.alerts.channels(null);
      assert.notEqual(channel!.blockedBy, null);
      const before = idle.alerts.deliveries(channelId);
      assert.deepEqual(before.map(({ state }) => state), ["waiting"]);
      await assert.rejects(
        idle.alerts.test(channelId, CALLER),
        (error) =>
          error instanceof AppError && error.code === "REQUEST_INVALID" &&
          error.message === channel!.blockedBy,
      );
      assert.deepEqual(idle.alerts.deliveries(channelId), before);
      const { deliveries } = await idle.store.alerts.load();
      assert.deepEqual(deliveries.map(({ state }) => state), ["waiting"]);
    } finally {
      await idle.close();
    }
  });
});

Deno.test("the outbox survives a kill: nothing is lost, and ids stay", async () => {
  await using receiver = createReceiver();
  await withTempDir(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        new URL("killed_outbox.ts", import.meta.url).pathname,
        path,
        String(receiver.port),
      ],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    const reader = lines.getReader();
    const { value: firstId } = await reader.read();
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const world = await openAlertWorld({ path, ports: [receiver.port] });
    try {
      await receiver.arrived(1);
      assert.equal(
        receiver.received[0]!.headers.get("x-fleet-alert-id"),
        firstId,
      );
      assert.match(receiver.received[0]!.body, /one failed: first/);
      await until(() => world.alerts.figures().delivered >= 1);
      // What happened while nobody ran is read from where the cursor stood.
      await world.fail("one failed: third");
      await until(() =>
        receiver.received.some(({ body }) => body.includes("third"))
      );
    } finally {
      await world.close();
    }
  });
});
