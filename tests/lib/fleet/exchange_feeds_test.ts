import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import { ExchangeFeeds } from "../../../lib/fleet/feeds.ts";
import { FEED_IDLE_MS } from "../../../lib/fleet/limits.ts";
import { agentEntry } from "../../support/record.ts";

const SPOT = { kind: "exchange", exchange: "binance", market: "spot" } as const;
const SWAP = { ...SPOT, market: "swap" } as const;

/** Feeds over a supervisor that writes down what it is told. */
function world() {
  const clock = createSimulatedClock();
  const calls: string[] = [];
  const up = new Set<string>();
  const entries: ReturnType<typeof agentEntry>[] = [];
  const context = {
    clock,
    isDraining: false,
    agents: { all: () => entries },
    track: (work: Promise<unknown>) => void work,
    supervisor: {
      status: (id: string) => up.has(id) ? {} : null,
      start: ({ id }: { id: string }) => {
        calls.push(`start ${id}`);
        up.add(id);
        return Promise.resolve();
      },
      stop: (id: string) => Promise.resolve(void calls.push(`stop ${id}`)),
      remove: (id: string) => Promise.resolve(void up.delete(id)),
    },
  } as unknown as FleetContext;
  return { clock, calls, entries, feeds: new ExchangeFeeds(context) };
}

Deno.test("ExchangeFeeds start one worker for each exchange and kind of market, once", async () => {
  const { calls, feeds } = world();
  await Promise.all([
    feeds.ensure(SPOT),
    feeds.ensure(SPOT),
    feeds.ensure(SWAP),
  ]);
  await feeds.ensure(SPOT);
  assert.deepEqual(calls, [
    "start feed:exchange:binance.spot",
    "start feed:exchange:binance.swap",
  ]);
});

Deno.test("ExchangeFeeds end a worker that no agent uses, after a while, and no other", async () => {
  const { calls, clock, entries, feeds } = world();
  await Promise.all([feeds.ensure(SPOT), feeds.ensure(SWAP)]);
  const entry = agentEntry({ name: "on spot", feed: SPOT });
  entry.isOpen = true;
  entries.push(entry);
  feeds.sweep();
  await clock.settle();
  assert.equal(calls.length, 2, "both were asked for a moment ago");
  await clock.advance(FEED_IDLE_MS);
  feeds.sweep();
  await clock.settle();
  assert.deepEqual(calls.slice(2), ["stop feed:exchange:binance.swap"]);
  await feeds.ensure(SWAP);
  assert.equal(calls.at(-1), "start feed:exchange:binance.swap");
});
