import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../../actors/mod.ts";
import type { FleetContext } from "../../../../lib/fleet/context.ts";
import { JOURNAL_ALERT_MS } from "../../../../lib/fleet/limits.ts";
import { AgentRegistry } from "../../../../lib/fleet/registry.ts";
import type { Alerts } from "../../../../lib/fleet/storage/alerts.ts";
import { JournalWatch } from "../../../../lib/fleet/storage/journal_watch.ts";
import { agentEntry } from "../../../support/record.ts";

const AGENTS = 20;

function createWorld() {
  const clock = createSimulatedClock();
  const agents = new AgentRegistry();
  const ids = Array.from({ length: AGENTS }, (_, index) => `agt_${index}`);
  for (const id of ids) {
    const entry = agentEntry({ name: `name-${id}` });
    entry.record = { ...entry.record, id };
    entry.isOpen = true;
    agents.add(entry);
  }
  const raised: { severity: string; message: string }[] = [];
  const watch = new JournalWatch(
    {
      agents,
      clock,
      settings: { dataDir: "/data" },
    } as unknown as FleetContext,
    {
      raise: (alert: (typeof raised)[number]) => void raised.push(alert),
    } as unknown as Alerts,
  );
  const report = (agentId: string, isFailing: boolean) =>
    watch.take({
      kind: "desk_journal",
      agentId,
      isFailing,
      detail: isFailing ? "No space left on device" : "",
    });
  return { clock, agents, ids, raised, watch, report };
}

Deno.test("JournalWatch tells of twenty journals on one disk once, and once that they are back", async () => {
  const { clock, ids, raised, watch, report } = createWorld();
  for (const id of ids) report(id, true);
  await clock.advance(JOURNAL_ALERT_MS);
  assert.equal(raised.length, 1);
  assert.equal(raised[0]!.severity, "error");
  assert.match(
    raised[0]!.message,
    /name-agt_0, name-agt_1, name-agt_2 and 17 more in \/data/,
  );
  assert.match(watch.problem!, /No space left on device/);
  await clock.advance(30_000);
  for (const id of ids) report(id, false);
  await clock.advance(JOURNAL_ALERT_MS);
  assert.equal(raised.length, 2);
  assert.match(raised[1]!.message, /took writes again after 31 s/);
  assert.equal(watch.problem, null);
});

Deno.test("JournalWatch says nothing of a hiccup that is over before anybody could read it", async () => {
  const { clock, ids, raised, report } = createWorld();
  report(ids[0]!, true);
  report(ids[0]!, false);
  await clock.advance(JOURNAL_ALERT_MS);
  assert.deepEqual(raised, []);
});

Deno.test("JournalWatch does not hold up the fleet for an agent that has stopped", () => {
  const { agents, ids, watch, report } = createWorld();
  report(ids[0]!, true);
  assert.notEqual(watch.problem, null);
  agents.require(ids[0]!).isOpen = false;
  assert.equal(watch.problem, null);
});

Deno.test("JournalWatch passes on what a journal that works has to say", async () => {
  const { clock, ids, raised, watch } = createWorld();
  watch.take({
    kind: "desk_journal",
    agentId: ids[0]!,
    isFailing: false,
    detail: "The journal holds 3 trades and the store 5",
  });
  await clock.advance(JOURNAL_ALERT_MS);
  assert.deepEqual(raised, [{
    severity: "warning",
    message: "name-agt_0: The journal holds 3 trades and the store 5",
  }]);
  assert.equal(watch.problem, null);
});
