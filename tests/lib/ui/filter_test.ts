import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { OBSERVED_STATES } from "../../../lib/contracts/lifecycle.ts";
import { countStates, STATE_PILLS } from "../../../lib/ui/fleet/kpis.ts";
import {
  type Filterable,
  matchesFilter,
  parseFilter,
  withQualifier,
} from "../../../lib/ui/fleet/filter.ts";
import {
  NO_FILTER,
  passes,
  readFilter,
  toQuery,
} from "../../../lib/ui/logs/log_filter.ts";
import { agent as view } from "./fixtures.ts";

const agent: Filterable = {
  name: "btc order blocks",
  type: "pattern_detector",
  symbol: "BTC/USDT",
  timeframe: "15m",
  mode: "paper",
  desired: "running",
  observed: "running",
  observedSince: 0,
  restarts: 0,
  restartBudget: 5,
  lastError: null,
  templateName: null,
};

const matches = (text: string) => matchesFilter(agent, parseFilter(text));

Deno.test("parseFilter() tells qualifiers, quoted words and unknown names apart", () => {
  deepEqual(parseFilter('state:running,paused "order block" x colour:red'), {
    qualifiers: [{ name: "state", values: ["running", "paused"] }],
    words: ["order block", "x"],
    unknown: ["colour"],
  });
});

Deno.test("parseFilter() never fails", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    parseFilter(text);
    matchesFilter(agent, parseFilter(text));
  }));
});

Deno.test("matchesFilter() wants every part and one of several values", () => {
  equal(matches(""), true);
  equal(matches("state:paused,running symbol:BTC"), true);
  equal(matches("symbol:btcusdt mode:paper type:detector"), true);
  equal(matches('"order blocks" timeframe:15m'), true);
  equal(matches("state:running mode:live"), false);
  equal(matches("symbol:ETH"), false);
});

Deno.test("matchesFilter() knows an agent by its owner", () => {
  const owner = { id: "usr_1", email: "Ada@example.com" };
  equal(matchesFilter({ ...agent, owner }, parseFilter("owner:ada")), true);
  equal(matchesFilter({ ...agent, owner }, parseFilter("owner:bob")), false);
  equal(matches("owner:ada"), false);
});

Deno.test("matchesFilter() knows a state by the word that is shown", () => {
  const faulted = { ...agent, observed: "quarantined" as const };
  equal(matchesFilter(faulted, parseFilter("state:faulted")), true);
  const stopping = { ...agent, desired: "stopped" as const };
  equal(matchesFilter(stopping, parseFilter("state:stopping")), true);
});

Deno.test("STATE_PILLS let through as many agents as they count, whatever the states", () => {
  for (const observed of OBSERVED_STATES) {
    const agents = [view({ observed })];
    const counts = countStates(agents);
    for (const { value, count } of STATE_PILLS) {
      const filter = parseFilter(`state:${value}`);
      equal(
        agents.filter((one) => matchesFilter(one, filter)).length,
        counts[count],
        `${value} of one that is ${observed}`,
      );
    }
  }
});

Deno.test("withQualifier() replaces one qualifier and keeps the rest", () => {
  equal(
    withQualifier('"a b" state:paused x', "state", "running"),
    '"a b" x state:running',
  );
  equal(withQualifier("state:paused", "state", null), "");
});

Deno.test("readFilter() and toQuery() agree, and drop what does not exist", () => {
  const query = new URLSearchParams(
    "level=warning,error,loud&category=risk&agentId=agt_1&q=stop&from=2026-09-01T12:00&to=soon",
  );
  const filter = readFilter(query);
  deepEqual(filter, {
    levels: ["warning", "error"],
    categories: ["risk"],
    agentId: "agt_1",
    text: "stop",
    from: Date.UTC(2026, 8, 1, 12),
    to: null,
  });
  deepEqual(readFilter(toQuery(filter)), filter);
});

Deno.test("passes() filters streamed lines as the server filters stored ones", () => {
  const entry = {
    seq: 1,
    level: "warning" as const,
    category: "risk" as const,
    agentId: "agt_1",
    agentName: "a name",
    message: "Stop reached",
    at: 0,
    marketAt: null,
  };
  const none = NO_FILTER;
  equal(passes(entry, none), true);
  equal(passes(entry, { ...none, text: "STOP" }), true);
  equal(passes(entry, { ...none, levels: ["error"] }), false);
  equal(passes(entry, { ...none, agentId: "agt_2" }), false);
  equal(passes(entry, { ...none, from: 0, to: 0 }), true);
  equal(passes(entry, { ...none, from: 1 }), false);
  equal(passes(entry, { ...none, to: -1 }), false);
  // The server looks into the message alone.
  equal(passes(entry, { ...none, text: "a name" }), false);
});
