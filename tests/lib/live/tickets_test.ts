import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  MAX_TICKETS_PER_USER,
  MAX_WAITING_PER_ADDRESS,
  TICKET_MS,
  TICKET_WAIT_MS,
} from "../../../lib/live/limits.ts";
import { createTickets } from "../../../lib/live/tickets.ts";
import { logDraft, ManualTime, systemDraft } from "../store/support.ts";
import { SocketClient, withHub } from "./support.ts";

const holder = (userId: string, isAllowed = true) => ({
  userId,
  isStillAllowed: () => Promise.resolve(isAllowed),
});

Deno.test("createTickets gives a ticket that is good once, for 30 s and no longer than its login", async () => {
  const clock = { now: 0 };
  const tickets = createTickets({ now: () => clock.now });
  const { ticket, expiresAt } = tickets.issue(holder("usr_1"));
  assert.equal(expiresAt, TICKET_MS);
  assert.match(ticket, /^[\w-]{43}=?$/);
  const [one, other] = await Promise.all([
    tickets.redeem(ticket),
    tickets.redeem(ticket),
  ]);
  assert.equal(one?.userId, "usr_1");
  assert.equal(other, null);
  const late = tickets.issue(holder("usr_1"));
  clock.now += TICKET_MS;
  assert.equal(await tickets.redeem(late.ticket), null);
  const ended = tickets.issue(holder("usr_1", false));
  assert.equal(await tickets.redeem(ended.ticket), null);
  assert.equal(await tickets.redeem("made up"), null);
});

Deno.test("createTickets keeps the newest of each user, and gives none to anybody twice", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(3), fc.nat(20_000)), { maxLength: 60 }),
      async (asks) => {
        const clock = { now: 0 };
        const tickets = createTickets({ now: () => clock.now });
        const all = asks.map(([user, waitMs]) => {
          clock.now += waitMs;
          return {
            user: `usr_${user}`,
            ...tickets.issue(holder(`usr_${user}`)),
          };
        });
        for (const { user, ticket, expiresAt } of all.toReversed()) {
          const newer = all.filter((one) =>
            one.user === user && all.indexOf(one) >
              all.findIndex((own) => own.ticket === ticket)
          );
          const isGood = expiresAt > clock.now &&
            newer.length < MAX_TICKETS_PER_USER;
          assert.equal(
            (await tickets.redeem(ticket))?.userId ?? null,
            isGood ? user : null,
          );
          assert.equal(await tickets.redeem(ticket), null);
        }
      },
    ),
  );
});

Deno.test("socketByTicket() serves the holder of the ticket in the first frame", () =>
  withHub(async ({ store, hub, url }) => {
    const looking = Promise.withResolvers<boolean>();
    const { ticket } = hub.issueTicket({
      userId: "usr_1",
      isStillAllowed: () => looking.promise,
    });
    await store.events.append({
      events: [systemDraft("one"), logDraft("two")],
    });
    const client = await SocketClient.open(url, "", "ticket");
    client.send({ type: "ticket", ticket });
    // What comes while the ticket is looked at counts.
    client.send({ type: "subscribe", topics: ["logs:all"], after: 0 });
    client.send({ type: "ping" });
    assert.equal(hub.stats().clients, 0);
    looking.resolve(true);
    assert.deepEqual(await client.next(), {
      v: 1,
      type: "hello",
      seq: 0,
      heartbeatMs: 15_000,
    });
    const later = [(await client.next())!.type, (await client.next())!.type];
    assert.deepEqual(later.toSorted(), ["heartbeat", "log.added"]);
    assert.equal(hub.stats().clients, 1);
    await client.close();
  }));

Deno.test("socketByTicket() closes with 4401 on a used ticket, another frame and silence", async () => {
  const time = new ManualTime();
  await withHub(async ({ hub, url }) => {
    const { ticket } = hub.issueTicket(holder("usr_1"));
    const first = await SocketClient.open(url, "", "ticket");
    first.send({ type: "ticket", ticket });
    first.send({ type: "subscribe", topics: [] });
    await first.next();
    const frames = [
      { type: "ticket", ticket },
      { type: "subscribe", topics: [] },
      "no JSON",
    ];
    for (const frame of frames) {
      // deno-lint-ignore no-await-in-loop -- each for itself
      const client = await SocketClient.open(url, "", "ticket");
      client.send(frame);
      // deno-lint-ignore no-await-in-loop -- each for itself
      const { code, reason } = await client.closed;
      assert.equal(code, 4401);
      assert.match(reason, /ticket is not valid/);
    }
    const silent = await SocketClient.open(url, "", "ticket");
    time.advance(TICKET_WAIT_MS);
    assert.match((await silent.closed).reason, /No ticket came/);
    assert.equal(hub.stats().clients, 1);
    await first.close();
  }, { time });
});

Deno.test("close() ends the sockets that still wait for their ticket", () =>
  withHub(async ({ hub, url }) => {
    const client = await SocketClient.open(url, "", "ticket");
    await hub.close("The server stops");
    const { code, reason } = await client.closed;
    assert.deepEqual([code, reason], [1001, "The server stops"]);
    assert.equal((await fetch(`http://${url}/ticket`)).status, 503);
  }));

Deno.test("socketByTicket() lets few sockets of one address wait", () =>
  withHub(async ({ url }) => {
    const waiting = await Promise.all(
      Array.from(
        { length: MAX_WAITING_PER_ADDRESS },
        () => SocketClient.open(url, "", "ticket"),
      ),
    );
    const answer = await fetch(`http://${url}/ticket`);
    assert.equal(answer.status, 429);
    assert.match(await answer.text(), /have not sent their ticket/);
    for (const client of waiting) {
      // deno-lint-ignore no-await-in-loop -- one after the other
      await client.close();
    }
  }));
