import assert from "node:assert/strict";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import {
  checkHost,
  projectZombieThreads,
  SOUND_HOST,
} from "../../../lib/fleet/host_health.ts";
import type { EventDraft } from "../../../lib/store/port.ts";

function createWorld() {
  const events: EventDraft[] = [];
  const wishes: (string | null)[] = [];
  const context = {
    host: SOUND_HOST,
    clock: { nowMs: () => 1 },
    track: () => {},
    store: {
      events: {
        append: (batch: { events: EventDraft[] }) => {
          events.push(...batch.events);
          return Promise.resolve();
        },
      },
    },
    onRecycleWanted: (detail: string | null) => void wishes.push(detail),
  } as unknown as FleetContext;
  return { context, events, wishes };
}

Deno.test("projectZombieThreads() degrades the host, tells it, and wishes a fresh process until the threads are gone", () => {
  const { context, events, wishes } = createWorld();
  const tell = (count: number) =>
    projectZombieThreads(context, {
      type: "zombie_threads",
      count,
      detail: "agt_1",
    });
  assert.equal(checkHost(context.host).ok, true);
  tell(2);
  tell(2);
  assert.equal(checkHost(context.host).ok, false);
  assert.match(checkHost(context.host).detail, /2 threads burn on.*\(agt_1\)/);
  tell(0);
  assert.equal(checkHost(context.host).ok, true);
  assert.deepEqual(
    events.map(({ type, data }) => [type, "kind" in data && data.kind]),
    [["system.event", "host"], ["system.event", "host"]],
  );
  assert.equal(wishes.length, 2);
  assert.match(wishes[0]!, /burn on/);
  assert.equal(wishes[1], null);
});
