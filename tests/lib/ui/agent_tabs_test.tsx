import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { render } from "preact-render-to-string";
import type { AgentDetail } from "../../../lib/contracts/agent.ts";
import type { DecisionsResponse } from "../../../lib/contracts/decisions.ts";
import type { DeskRecord } from "../../../lib/contracts/desk_record.ts";
import type { LifecycleChanged } from "../../../lib/contracts/lifecycle.ts";
import type { Role } from "../../../lib/contracts/policy.ts";
import { ConfigTab } from "../../../lib/ui/agent/ConfigTab.tsx";
import { DecisionsTab } from "../../../lib/ui/agent/DecisionsTab.tsx";
import { OrdersTab } from "../../../lib/ui/agent/OrdersTab.tsx";
import { RemovalFacts } from "../../../lib/ui/agent/RemoveAgent.tsx";
import { SupervisionTab } from "../../../lib/ui/agent/SupervisionTab.tsx";
import {
  MAX_TRACE,
  traceVitals,
  type VitalsPoint,
} from "../../../lib/ui/agent/vitals_trace.ts";
import { createApiClient } from "../../../lib/ui/client/api_client.ts";
import { Commands } from "../../../lib/ui/fleet/commands.ts";
import { sampleConfig, viewOf } from "../api/samples.ts";
import { account } from "./fixtures.ts";

const NOW = Date.UTC(2026, 0, 2, 12);

function agentWith(change: Partial<AgentDetail> = {}): AgentDetail {
  return { ...viewOf("agt_1", sampleConfig(), { now: NOW }), ...change };
}

function commandsOf(role: Role): Commands {
  return new Commands({
    api: createApiClient({ fetch: () => Promise.reject(new Error("none")) }),
    user: { id: "usr_1", role },
    onView: () => {},
  });
}

const RECORD: DeskRecord = {
  seq: 4,
  at: NOW,
  marketAt: null,
  kind: "denied",
  message: "Order denied: the drawdown is 11 %",
  intentId: "7.0",
  denial: {
    code: "DRAWDOWN_LIMIT",
    meaning: "The drawdown limit is reached",
    cause: "permission",
  },
  fill: null,
  reasons: [],
};

Deno.test("OrdersTab explains the code of a denial and leads to older entries without script", () => {
  const html = render(
    <OrdersTab
      agent={agentWith()}
      user={{ id: "usr_1", role: "viewer" }}
      start={{ items: [RECORD], nextCursor: "abc" }}
    />,
  );
  assert.match(html, /DRAWDOWN_LIMIT<\/code> The drawdown limit is reached/);
  assert.match(html, /href="\?tab=orders&(amp;)?cursor=abc"/);
  // The account is not known: that is no list of no orders.
  assert.doesNotMatch(html, /No open order/);
});

Deno.test("DecisionsTab shows votes, failures of models, inputs and the desk's verdict", () => {
  const answer: DecisionsResponse = {
    agentId: "agt_1",
    decisions: [{
      seq: 7,
      at: NOW,
      strategy: "ensemble",
      intentId: "7.0",
      side: "buy",
      entryPrice: null,
      stopPrice: 95,
      targetPrice: null,
      reasons: ["Models expect a rise"],
      outcome: "denied",
      detail: "The drawdown is 11 %",
    }],
    engine: [{
      seq: 7,
      at: NOW,
      outcome: "entry",
      bias: 1,
      confidence: 0.61,
      disagreement: null,
      expectedMovePct: 0.4,
      votes: [
        {
          model: "lstm-1h",
          probabilities: { up: 0.61, flat: 0.3, down: 0.09 },
          failure: null,
        },
        { model: "ppo-1h", probabilities: null, failure: "is still loading" },
      ],
      reason: null,
      unusual: [{ feature: "rsi", z: -2.5 }],
    }],
  };
  const html = render(
    <DecisionsTab
      agentId="agt_1"
      decided={7}
      start={answer}
      onCandle={() => {}}
    />,
  );
  for (
    const text of [
      "Models expect a rise",
      "Desk: The drawdown is 11 %",
      "lstm-1h",
      "61",
      "is still loading",
      "rsi −2.5",
      "unknown: The models were not counted",
    ]
  ) assert.ok(html.includes(text), `${text} is missing in ${html}`);
});

const FAILED: LifecycleChanged = {
  id: "agt_1",
  from: "running",
  to: "backing_off",
  event: "failed",
  epoch: 1,
  cause: "Error: it broke\n    at step (worker.ts:3)",
  restarts: 2,
  restartBudget: 5,
  retryAt: NOW + 1_000,
  at: NOW,
};

Deno.test("SupervisionTab tells attempt, backoff and duration, and opens a stack", () => {
  const agent = agentWith({
    restarts: 2,
    lastError: FAILED.cause,
    history: [FAILED, {
      ...FAILED,
      from: "backing_off",
      to: "starting",
      event: "start_requested",
      cause: "Next attempt",
      retryAt: null,
      at: NOW + 1_500,
    }],
  });
  const page = (role: Role) =>
    render(
      <SupervisionTab
        agent={agent}
        trace={signal<readonly VitalsPoint[]>([])}
        commands={commandsOf(role)}
      />,
    );
  const html = page("risk");
  assert.match(html, /2 of 5 in 1 min/);
  assert.match(html, /<summary>Error: it broke<\/summary>/);
  assert.ok(html.includes("2/5"));
  assert.match(page("operator"), /Needs role risk/);
});

Deno.test("ConfigTab keeps what a role may not do in view, with the reason", () => {
  const html = render(
    <ConfigTab
      barred={null}
      agent={agentWith()}
      user={{ id: "usr_2", role: "viewer" }}
      history={{
        items: [
          {
            configVersion: 2,
            config: sampleConfig(),
            at: NOW,
            by: { kind: "user", id: "usr_1", name: "ada@example.com" },
            via: "cli",
            changes: [{ pointer: "/risk/leverage", before: 1, after: 2 }],
          },
        ],
        nextCursor: null,
      }}
      onSaved={() => {}}
    />,
  );
  assert.match(html, /ada@example.com/);
  assert.match(html, /via cli/);
  assert.match(html, /risk\/leverage/);
  assert.match(html, /Needs role trader/);
});

Deno.test("RemovalFacts says what becomes of an open position, and that real money is at work", () => {
  const position = {
    direction: "long",
    quantity: "2",
    entryPrice: "100",
    entryAt: NOW,
    markPrice: null,
    unrealizedPnl: null,
    stopPrice: "90",
    targetPrice: null,
    strategy: "orderBlock",
    isProtected: true,
  } as const;
  const html = (change: Partial<AgentDetail>) =>
    render(
      <RemovalFacts
        agent={agentWith({ account: account({ position }), ...change })}
      />,
    );
  assert.match(html({}), /closed at the last market price/);
  assert.match(html({}), /1 open position/);
  assert.doesNotMatch(html({}), /LIVE/);
  assert.match(html({ mode: "live" }), /at the market with a real order/);
  assert.match(html({ mode: "live" }), /LIVE.*real money/);
  assert.doesNotMatch(html({ type: "risk_manager" }), /position/);
});

Deno.test("traceVitals() takes each heartbeat once and forgets the oldest", () => {
  const beat = (heartbeatAt: number | null) => ({
    heartbeatAt,
    heapMiB: null,
    mailboxDepth: 1,
    candleMsP50: null,
    candleMsP99: null,
    messagesPerSecond: null,
  });
  let trace = traceVitals([], beat(null));
  assert.deepEqual(trace, []);
  for (let at = 1; at <= MAX_TRACE + 5; at++) {
    trace = traceVitals(traceVitals(trace, beat(at * 10)), beat(at * 10));
  }
  assert.equal(trace.length, MAX_TRACE);
  assert.deepEqual(trace.at(-1), {
    at: (MAX_TRACE + 5) * 10,
    gapMs: 10,
    mailboxDepth: 1,
  });
});
