import assert from "node:assert/strict";
import { breakersOf } from "../../../../lib/fleet/risk/breakers.ts";
import { fact, measure } from "./support.ts";

Deno.test("breakersOf tells each breaker of a venue once, open ones first", () => {
  const feed = { kind: "exchange", exchange: "kraken", market: "spot" };
  const facts = ["one", "two"].map((id) => fact(id, { config: { feed } }));
  const breakers = [{
    operation: "create" as const,
    status: "open" as const,
    reason: "five failures",
    failures: 5,
    openUntil: 9_000,
  }];
  const found = breakersOf(facts, {
    measures: facts.map(({ record }) => measure(record.id, { breakers })),
    silences: [{ venue: { exchange: "kraken", market: "spot" }, until: 7 }],
    trips: null,
  });
  assert.deepEqual(
    found.map(({ kind, state, resetAt }) => [kind, state, resetAt]),
    [["silence", "open", 7], ["venue", "open", 9_000]],
  );
});

Deno.test("breakersOf counts the trips of each agent", () => {
  const one = fact("one", {
    account: { breaker: { lossesInARow: 5, reason: "lost" } },
  });
  const trip = {
    seq: 1,
    at: 1,
    agentId: "one",
    agentName: "one",
    code: "BREAKER_OPEN" as const,
    detail: "",
  };
  const trips = [trip, { ...trip, agentId: "two" }];
  const [breaker] = breakersOf([one], { measures: [], silences: [], trips });
  assert.deepEqual(
    [breaker!.state, breaker!.cause, breaker!.trips, breaker!.resetAt],
    ["open", "lost", 1, null],
  );
});

Deno.test("breakersOf has an executor's own breaker, in candles, and what closes it", () => {
  const entryBreaker = {
    state: "open",
    cause: "five refusals",
    failures: 0,
    openings: 1,
    candlesLeft: 7,
  } as const;
  const facts = { measures: [], silences: [], trips: null };
  const config = { type: "executor" };
  const ofState = (change: object) =>
    breakersOf([
      fact("one", { config, entryBreaker: { ...entryBreaker, ...change } }),
    ], facts).find(({ kind }) => kind === "entries")!;
  const open = ofState({});
  assert.deepEqual([open.state, open.cause, open.resetAt], [
    "open",
    "five refusals",
    null,
  ]);
  assert.match(open.reset, /^7 candles/);
  const latched = ofState({ state: "latched", candlesLeft: null });
  assert.equal(latched.state, "open");
  assert.match(latched.reset, /A person/);
  assert.equal(
    ofState({ state: "half_open", candlesLeft: null }).state,
    "half_open",
  );
  assert.equal(
    breakersOf([fact("one")], facts).some(({ kind }) => kind === "entries"),
    false,
  );
});
