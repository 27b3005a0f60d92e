import assert from "node:assert/strict";
import fc from "fast-check";
import { ITEMS_PER_DELIVERY } from "../../../lib/contracts/alerts/delivery.ts";
import {
  COLLECT_MS,
  GROUP_WINDOW_MS,
  WAITING_PER_CHANNEL_MAX,
} from "../../../lib/alerts/limits.ts";
import { Outbox } from "../../../lib/alerts/outbox.ts";
import type { AlertEvent } from "../../../lib/contracts/alerts/delivery.ts";
import { eventOf } from "./samples.ts";

function createPlacer() {
  const outbox = new Outbox([]);
  let n = 0;
  const place = (
    event: AlertEvent,
    at: number,
    quietUntil: number | null = null,
  ) =>
    outbox.place(event, {
      channelId: "chn_1",
      ownerId: "usr_a",
      at,
      quietUntil,
      newId: () => `alr_${String(n++).padStart(6, "0")}`,
    });
  /** Sends what is due, as if it all arrived. */
  const sendDue = (at: number) => {
    const due = outbox.due(at);
    for (const delivery of due) {
      outbox.begin(delivery, at);
      outbox.end(delivery);
      outbox.put({
        ...delivery,
        state: "delivered",
        attempts: 1,
        lastAttemptAt: at,
        nextAttemptAt: null,
        endedAt: at,
      });
      outbox.takeOldEnded("chn_1");
    }
    return due;
  };
  return { outbox, place, sendDue };
}

Deno.test("Outbox makes two messages of a crash loop of 500 within five minutes", () => {
  const { place, sendDue } = createPlacer();
  const sent = [];
  for (let n = 0; n < 500; n++) {
    const at = n * 500;
    place(eventOf(), at);
    sent.push(...sendDue(at));
  }
  sent.push(...sendDue(GROUP_WINDOW_MS + COLLECT_MS));
  assert.equal(sent.length, 2);
  assert.equal(sent[0]!.count + sent[1]!.count, 500);
  assert.equal(sent[1]!.items.length, ITEMS_PER_DELIVERY);
});

Deno.test("Outbox lets nothing join a message that is under way or was tried", () => {
  const { outbox, place } = createPlacer();
  const { saved } = place(eventOf(), 0);
  outbox.begin(saved, COLLECT_MS);
  const second = place(eventOf(), COLLECT_MS + 1).saved;
  assert.notEqual(second.id, saved.id);
  outbox.end(saved);
  outbox.put({ ...saved, attempts: 1, nextAttemptAt: 90_000 });
  assert.equal(place(eventOf(), COLLECT_MS + 2).saved.id, second.id);
});

Deno.test("Outbox gathers everything of quiet hours into one message at their end", () => {
  const { outbox, place, sendDue } = createPlacer();
  const end = 8 * 3_600_000;
  place(eventOf(), 0, end);
  place(eventOf({ class: "storage_trouble", agentId: null }), 60_000, end);
  assert.deepEqual(sendDue(end - 1), []);
  assert.equal(outbox.nextDueAt(), end);
  const [digest] = sendDue(end);
  assert.equal(digest!.kind, "digest");
  assert.equal(digest!.count, 2);
});

Deno.test("Outbox loses no alert without counting it, and holds its bounds", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          agent: fc.nat(300),
          severity: fc.constantFrom("info", "warning", "critical"),
          pauseMs: fc.nat(20_000),
          isQuiet: fc.boolean(),
          sends: fc.boolean(),
        }),
        { minLength: 200, maxLength: 600 },
      ),
      (steps) => {
        const { outbox, place, sendDue } = createPlacer();
        let at = 0;
        let dropped = 0;
        let sent = 0;
        const ids = new Set<string>();
        const take = (moment: number) => {
          for (const { id, count } of sendDue(moment)) {
            assert.ok(!ids.has(id), "an id goes out once");
            ids.add(id);
            sent += count;
          }
        };
        for (const { agent, severity, pauseMs, isQuiet, sends } of steps) {
          at += pauseMs;
          const id = `agt_${agent}`;
          const event = eventOf({
            agentId: id,
            severity,
            groupKey: `agent_failed ${id}`,
          });
          const quiet = isQuiet && severity !== "critical" ? at + 60_000 : null;
          dropped += place(event, at, quiet).dropped;
          assert.ok(outbox.waiting("chn_1") <= WAITING_PER_CHANNEL_MAX);
          if (sends) take(at);
        }
        for (let n = 0; outbox.waiting("chn_1") > 0; n++) {
          assert.ok(n < 2_000, "everything goes out in the end");
          at = Math.max(at, outbox.nextDueAt()!);
          take(at);
        }
        assert.equal(sent + dropped, steps.length);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("Outbox gives up mild messages before critical ones", () => {
  const { outbox, place } = createPlacer();
  for (let n = 0; n <= WAITING_PER_CHANNEL_MAX; n++) {
    place(
      eventOf({
        groupKey: `agent ${n}`,
        severity: n === 0 ? "critical" : "info",
      }),
      0,
    );
  }
  assert.ok(outbox.of("chn_1").some(({ severity }) => severity === "critical"));
  assert.equal(outbox.waiting("chn_1"), WAITING_PER_CHANNEL_MAX);
});
