/**
 * The figures of closed trades over 50,000 of them in a store on disk: the
 * first question after a start, the same again, the same after one more trade,
 * and one with a period that nobody has asked for. Prints one line of JSON a
 * figure.
 *
 * @module
 */
import { systemClock } from "../../actors/system_clock.ts";
import { analyticsQuerySchema } from "../../lib/contracts/analytics.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import { createAnalytics } from "../../lib/fleet/analytics/analytics.ts";
import type { FleetContext } from "../../lib/fleet/context.ts";
import { AgentRegistry } from "../../lib/fleet/registry.ts";
import { openStore } from "../../lib/store/open_store.ts";
import { trade } from "../lib/fleet/analytics/support.ts";
import { agentEntry } from "../support/record.ts";
import { withTempDir } from "../support/temp.ts";
import { printTimes } from "./print_times.ts";

const AGENTS = 10;
const TRADES_EACH = 5_000;
const BATCH = 250;
const ROUNDS = 50;
const COLD_ROUNDS = 5;
const HOUR_MS = 3_600_000;

await withTempDir(async (folder) => {
  const store = await openStore({ path: `${folder}/kv`, time: systemClock });
  const agents = new AgentRegistry();
  for (let place = 0; place < AGENTS; place++) {
    const entry = agentEntry({ name: `agent ${place}` });
    const id = `agt_${place}`;
    entry.record = { ...entry.record, id };
    agents.add(entry);
    for (let from = 0; from < TRADES_EACH; from += BATCH) {
      const value = Array.from({ length: BATCH }, (_, n) => drawn(from + n));
      await store.events.append({
        projections: [{ kind: "trades", agentId: id, fromIndex: from, value }],
      });
    }
  }
  const context = { store, agents, clock: systemClock };
  const start = () => createAnalytics(context as unknown as FleetContext);
  const all = analyticsQuerySchema.parse({ timeZone: "Europe/Berlin" });
  const time = async (work: () => Promise<unknown>) => {
    const startMs = performance.now();
    await work();
    return performance.now() - startMs;
  };
  const cold: number[] = [];
  for (let round = 0; round < COLD_ROUNDS; round++) {
    const ask = start();
    cold.push(await time(() => ask(all)));
  }
  const ask = start();
  await ask(all);
  const again: number[] = [];
  const later: number[] = [];
  const other: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    again.push(await time(() => ask(all)));
    await store.events.append({
      projections: [{
        kind: "trades",
        agentId: "agt_0",
        fromIndex: TRADES_EACH + round,
        value: [drawn(TRADES_EACH + round)],
      }],
    });
    later.push(await time(() => ask(all)));
    const from = new Date(Date.UTC(2026, 0, 6 + round)).toISOString()
      .slice(0, 10);
    other.push(await time(() => ask({ ...all, from })));
  }
  printTimes("analytics of 50,000 trades, first question", cold, 1);
  printTimes("analytics of 50,000 trades, again", again, 2);
  printTimes("analytics of 50,000 trades, after one more", later, 2);
  printTimes("analytics of 50,000 trades, another period", other, 1);
  await store.close();
});

function drawn(n: number): Trade {
  return trade({
    strategy: ["fvg", "orderBlock", "breakout"][n % 3]!,
    entryAt: Date.parse("2026-01-05T00:00:00Z") + n * HOUR_MS,
    exitRole: n % 2 === 0 ? "stop" : "target",
    netPnl: `${n % 2 === 0 ? "-" : ""}${n % 97}.12345678`,
    regime: {
      trend: n % 5 === 0 ? "up" : "range",
      volatility: n % 7 === 0 ? "low" : "normal",
    },
  });
}
