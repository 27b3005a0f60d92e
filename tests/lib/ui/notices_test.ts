import assert from "node:assert/strict";
import type { SystemEvent } from "../../../lib/contracts/stream.ts";
import {
  addNotice,
  addSystemEvent,
  clearNotices,
  markRead,
  notices,
} from "../../../lib/ui/client/notices.ts";

const event = (severity: SystemEvent["severity"]): SystemEvent => ({
  kind: "store",
  severity,
  agentId: null,
  agentName: "btc",
  message: `a ${severity}`,
});

Deno.test("notices keep the newest hundred and count what nobody has read", () => {
  try {
    for (let at = 0; at < 130; at++) {
      addNotice({ at, tone: "ok", text: `message ${at}`, detail: null });
    }
    assert.equal(notices.value.items.length, 100);
    assert.equal(notices.value.items[0]!.text, "message 129");
    assert.equal(notices.value.unread, 100);
    markRead();
    assert.equal(notices.value.unread, 0);
    assert.equal(notices.value.items.length, 100);
  } finally {
    clearNotices();
  }
});

Deno.test("notices keep warnings and errors of the platform, and not what goes its way", () => {
  try {
    for (const severity of ["info", "warning", "error"] as const) {
      addSystemEvent(event(severity), 1);
    }
    assert.deepEqual(
      notices.value.items.map(({ tone, text }) => [tone, text]),
      [["danger", "btc: a error"], ["warn", "btc: a warning"]],
    );
  } finally {
    clearNotices();
  }
});
