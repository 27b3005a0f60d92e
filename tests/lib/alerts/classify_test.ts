import assert from "node:assert/strict";
import { toDeskLine } from "../../../agents/agent_report.ts";
import { classifyAudit } from "../../../lib/alerts/classify_audit.ts";
import { classifyEvent } from "../../../lib/alerts/classify_event.ts";
import {
  VENUE_ALERTS,
  type VenueAlertCode,
} from "../../../lib/contracts/account.ts";
import {
  ALERT_CLASS_NAMES,
  ALERT_CLASSES,
  type AlertClass,
} from "../../../lib/contracts/alerts/classes.ts";
import type { AuditRecord } from "../../../lib/contracts/audit_trail.ts";
import { OBSERVED_STATES } from "../../../lib/contracts/lifecycle.ts";
import type {
  StreamEnvelope,
  SystemEvent,
} from "../../../lib/contracts/stream.ts";
import {
  beginSentence,
  endSentence,
  releaseSentence,
} from "../../../lib/fleet/emergency/words.ts";
import { latch } from "../desk/emergency_world.ts";
import { AGENT } from "./samples.ts";

function systemEvent(more: Partial<SystemEvent>): StreamEnvelope {
  return {
    v: 1,
    seq: 1,
    topic: "system:event",
    type: "system.event",
    at: "2026-09-01T00:00:00.000Z",
    data: {
      kind: "host",
      severity: "warning",
      agentId: AGENT,
      agentName: "one",
      message: "something",
      ...more,
    },
  };
}

function classOf(event: StreamEnvelope): [AlertClass, string] | null {
  const found = classifyEvent(event);
  if (found === null) return null;
  const { severities } = ALERT_CLASSES[found.class];
  assert.ok(
    (severities as readonly string[]).includes(found.severity),
    `${found.class} says that it is never ${found.severity}`,
  );
  return [found.class, found.severity];
}

Deno.test("classifyEvent() makes alerts of states that may want somebody to act, and of no others", () => {
  const found = OBSERVED_STATES.flatMap((to) => {
    const change = {
      id: AGENT,
      from: "running",
      to,
      event: "failed",
      epoch: 1,
      cause: "",
      restarts: 0,
      restartBudget: 5,
      retryAt: null,
      at: 0,
    } as const;
    const event = systemEvent({ kind: "lifecycle", change });
    const alert = classOf(event);
    return alert === null ? [] : [[to, ...alert].join(" ")];
  });
  assert.deepEqual(found, [
    "degraded agent_degraded warning",
    "backing_off agent_failed warning",
    "quarantined agent_quarantined critical",
    "killed agent_quarantined critical",
  ]);
});

Deno.test("classifyEvent() knows every code of a venue by its words, also when it is over", () => {
  for (const [code, words] of Object.entries(VENUE_ALERTS)) {
    const begun = classOf(
      systemEvent({
        kind: "venue",
        severity: code === "ORDER_ADOPTED" ? "warning" : "error",
        message: `${words}: why`,
      }),
    );
    const over = classOf(
      systemEvent({
        kind: "venue",
        severity: "info",
        message: `Over: ${words}`,
      }),
    );
    assert.equal(begun![0], over![0]);
    const expected: Partial<Record<VenueAlertCode, AlertClass>> = {
      ORDER_UNPROVEN: "order_unknown",
      POSITION_DRIFT: "reconcile_drift",
      ORDER_ADOPTED: "reconcile_drift",
    };
    assert.equal(
      begun![0],
      expected[code as VenueAlertCode] ?? "venue_trouble",
    );
  }
});

Deno.test("classifyEvent() tells the release of an emergency stop from the stop, whatever people wrote", () => {
  const free =
    "the one before was released by Eve: Release of the emergency stop of everything";
  const stop = {
    ...latch({ scope: { kind: "account", id: free }, reason: free }),
    isWorking: false,
    progress: [],
    residue: [],
  };
  const told = (severity: SystemEvent["severity"], message: string) =>
    classOf(systemEvent({ kind: "emergency", severity, message }));
  const nameOf = () => "one";
  assert.deepEqual(told("error", beginSentence(stop, nameOf)), [
    "emergency_stop",
    "critical",
  ]);
  assert.deepEqual(told("warning", endSentence(stop, nameOf)), [
    "emergency_stop",
    "warning",
  ]);
  const release = {
    by: stop.by,
    reason:
      "Emergency stop of the feed is over; it is done on 1 account and holds",
    at: 1,
  };
  assert.deepEqual(
    told("warning", releaseSentence({ ...stop, release }, nameOf)),
    ["emergency_released", "warning"],
  );
});

Deno.test("classifyEvent() reads the desk's lines as agents write them", () => {
  const lineOf = (event: Parameters<typeof toDeskLine>[0]) => {
    const line = toDeskLine(event, 0)!;
    const data = {
      ...line,
      seq: 1,
      agentId: AGENT,
      agentName: "one",
      at: 0,
    };
    return { ...systemEvent({}), type: "log.added", data } as StreamEnvelope;
  };
  const changed = (to: string) =>
    lineOf(
      {
        type: "TradingStateChanged",
        from: "active",
        to,
        code: "DRAWDOWN_LIMIT",
        reason: "too deep",
      } as unknown as Parameters<typeof toDeskLine>[0],
    );
  assert.deepEqual(classOf(changed("halted")), ["trading_state", "critical"]);
  assert.deepEqual(classOf(changed("reducing")), ["trading_state", "warning"]);
  assert.deepEqual(classOf(changed("active")), ["trading_state", "info"]);
  const denied = lineOf(
    {
      type: "OrderDenied",
      intentId: "int_1",
      code: "VENUE_UNAVAILABLE",
      detail: "closed",
    } as unknown as Parameters<typeof toDeskLine>[0],
  );
  assert.deepEqual(classOf(denied), ["order_refused", "warning"]);
});

const ENTRY: AuditRecord = {
  stream: "commands",
  n: 1,
  prev: null,
  hash: null,
  at: 0,
  actor: { kind: "user", id: "usr_a", name: "a@example.com" },
  via: "panel",
  action: "",
  target: "",
  outcome: "ok",
  reason: "",
  detail: {},
};

Deno.test("classifyAudit() makes alerts of changed factors, failed key tests and logins", () => {
  for (
    const action of [
      "account.password",
      "factor.confirm",
      "factor.remove",
      "factor.recover",
      "passkey.add",
      "passkey.remove",
      "users.reset",
    ]
  ) {
    const found = classifyAudit({ ...ENTRY, action });
    assert.equal(found?.class, "factor_changed", action);
    assert.equal(found?.ownerId, "usr_a");
    assert.equal(classifyAudit({ ...ENTRY, action, outcome: "refused" }), null);
  }
  const login = {
    ...ENTRY,
    action: "auth.login",
    detail: { address: "192.0.2.1" },
  };
  assert.equal(classifyAudit(login)?.newAddress, "192.0.2.1");
  const test = { ...ENTRY, action: "key.test" };
  const verified = { ...test, detail: { status: "verified" } };
  assert.equal(classifyAudit(verified), null);
  const unbound = { ...test, detail: { status: "unbound" } };
  assert.equal(classifyAudit(unbound)?.class, "key_test_failed");
  assert.equal(classifyAudit({ ...ENTRY, action: "agents.spawn" }), null);
});

Deno.test("classifyAudit() says of a password set by a link whether the second factor went with it", () => {
  const messageOf = (removesFactor: boolean) =>
    classifyAudit({
      ...ENTRY,
      action: "users.reset",
      detail: { removesFactor },
    })?.message;
  assert.equal(
    messageOf(false),
    "The password was set anew by a link: a@example.com",
  );
  assert.equal(
    messageOf(true),
    "The password was set anew by a link, and the second factor was removed: a@example.com",
  );
});

Deno.test("ALERT_CLASSES all have words and severities", () => {
  for (const name of ALERT_CLASS_NAMES) {
    const { label, when, severities } = ALERT_CLASSES[name];
    assert.ok(label.length > 3 && when.length > 10 && severities.length > 0);
  }
});
