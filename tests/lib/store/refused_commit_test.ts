import assert from "node:assert/strict";
import { createStore } from "../../../lib/store/open_store.ts";
import { openFaultKv } from "./fault_kv.ts";
import { systemDraft, systemTime } from "./support.ts";

Deno.test("append() stores an event once when a late write meets a refusal without a reason", async () => {
  const fault = await openFaultKv();
  const store = await createStore(fault.kv, { time: systemTime });
  let late: (() => Promise<unknown>) | null = null;
  let sent = 0;
  fault.fault = async (_write, send) => {
    sent++;
    if (sent === 1) {
      // Its answer is lost, and it is still on its way.
      late = send;
      throw new Error("connection reset");
    }
    if (sent === 2) return { ok: false };
    if (sent === 3) await late!();
    return await send();
  };
  await store.events.append({ events: [systemDraft("once")] });
  fault.fault = null;
  const { events } = await store.events.after(0, 10);
  assert.deepEqual(events.map(({ seq }) => seq), [1]);
  assert.ok(sent >= 3);
  await store.close();
});
