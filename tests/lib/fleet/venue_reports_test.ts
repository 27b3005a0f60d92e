import assert from "node:assert/strict";
import type { EventDraft } from "../../../lib/store/port.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import { projectVenueReport } from "../../../lib/fleet/venue_reports.ts";
import { venueProblemOf } from "../../../lib/fleet/venue_problem.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import { agentEntry } from "../../support/record.ts";

function world() {
  const entry = agentEntry({
    name: "Money",
    mode: "live",
    exchangeKeyId: "key_1",
    feed: { kind: "exchange", exchange: "binance", market: "swap" },
  });
  entry.isOpen = true;
  const events: EventDraft[] = [];
  const context = {
    clock: createSimulatedClock(),
    agents: {
      all: () => [entry],
      find: (id: string) => id === entry.record.id ? entry : undefined,
    },
    store: {
      events: {
        append: (batch: { events?: readonly EventDraft[] }) => {
          events.push(...batch.events ?? []);
          return Promise.resolve();
        },
      },
    },
    track: () => {},
    storage: { heldReason: null },
    settings: { exchanges: ["binance"], exchangeEndpoints: {} },
  } as unknown as FleetContext;
  const told = () =>
    events.filter(({ type }) => type === "log.added").map((event) =>
      event.type === "log.added" ? event.data.message : ""
    );
  return { entry, context, told };
}

Deno.test("projectVenueReport shows what lasts until the desk takes it back, and tells each once", () => {
  const { entry, context, told } = world();
  const report = (detail: string) =>
    projectVenueReport(context, "desk:binance.swap", {
      kind: "desk_venue",
      code: "VENUE_AUTH",
      agentId: null,
      detail,
    });
  report("-2015: the key is gone");
  assert.equal(venueProblemOf(entry), "-2015: the key is gone");
  report("");
  report("");
  assert.equal(venueProblemOf(entry), null);
  assert.deepEqual(told(), [
    "The venue does not take the key any more: -2015: the key is gone",
    "Over: The venue does not take the key any more",
  ]);
});

Deno.test("projectVenueReport tells what passes without showing it for ever, and nothing to agents elsewhere", () => {
  const { entry, context, told } = world();
  projectVenueReport(context, "desk:binance.swap", {
    kind: "desk_venue",
    code: "ORDER_ADOPTED",
    agentId: entry.record.id,
    detail: "It was withdrawn",
  });
  projectVenueReport(context, "desk:okx.spot", {
    kind: "desk_venue",
    code: "VENUE_MAINTENANCE",
    agentId: null,
    detail: "Until 12:00",
  });
  assert.equal(venueProblemOf(entry), null);
  assert.equal(told().length, 1);
});
