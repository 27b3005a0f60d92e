import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { AgentDecided } from "../../../../lib/contracts/links.ts";
import { DeskAccount } from "../../../../lib/desk/account/account.ts";
import type { JournalEntry } from "../../../../lib/desk/journal/records.ts";
import { accountConfig, type ConfigChange, randomMarket } from "../support.ts";
import { PartsAgent } from "./parts_agent.ts";
import { PartsOracle } from "./parts_oracle.ts";

const CONFIGS: readonly ConfigChange[] = [
  {},
  { risk: { leverage: 1 }, safety: { maxOpenOrders: 8 } },
  { costs: { latencyMs: 400_000 }, candleMs: 900_000 },
  { costs: { latencyMs: 1_000_000 }, candleMs: 900_000 },
];

/** Runs an agent over a market; the account is taken from its journal again after some candles. */
function run(
  seed: number,
  { change, crashes }: { change: ConfigChange; crashes: ReadonlySet<number> },
) {
  const entries: JournalEntry[] = [];
  const sink = {
    append: (added: readonly JournalEntry[]) =>
      void entries.push(...structuredClone(added)),
  };
  let account = DeskAccount.open({
    config: accountConfig({
      ...change,
      safety: { maxOrdersPerMinute: 600, maxOpenOrders: 30, ...change.safety },
    }),
    sink,
  });
  const agent = new PartsAgent(seed);
  const oracle = new PartsOracle();
  const market = randomMarket(seed, 400);
  const decisions: AgentDecided[] = [];
  for (const bar of market) {
    const step = account.step(bar);
    oracle.look({ entries, events: step.events, view: account.view() });
    const decided = {
      type: "decided" as const,
      seq: bar.seq,
      actions: agent.decide(bar, step),
    };
    account.decide(decided);
    decisions.push(decided);
    if (!crashes.has(bar.seq)) continue;
    const before = account.view();
    account = DeskAccount.recover(structuredClone(entries), sink);
    // Candles without a record come again, and the last decision is made again.
    for (const again of decisions.slice(Math.max(0, account.seq))) {
      if (account.seq < again.seq) account.step(market[again.seq]!);
      account.decide(again);
    }
    assert.deepEqual(account.view(), before);
  }
  return { hash: account.view().tradesHash, counts: oracle.counts };
}

Deno.test("Entries in parts never exceed their size, exits cover what is filled, and a recovery changes nothing", () => {
  const sums = { parts: 0, moves: 0, postOnly: 0, stops: 0, refused: 0 };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom(...CONFIGS),
      fc.uniqueArray(fc.integer({ min: 0, max: 399 }), { maxLength: 20 }),
      (seed, change, at) => {
        const whole = run(seed, { change, crashes: new Set() });
        const broken = run(seed, { change, crashes: new Set(at) });
        assert.deepEqual(broken, whole);
        for (const key of Object.keys(sums) as (keyof typeof sums)[]) {
          sums[key] += whole.counts[key];
        }
      },
    ),
    {
      numRuns: 12,
      // A move before its part in one decision, and a part that it withdraws again.
      examples: [[25_100, CONFIGS[0]!, [106]], [155_435, CONFIGS[3]!, [224]]],
    },
  );
  for (const [what, count] of Object.entries(sums)) {
    assert.ok(count > 0, `${what} never happened`);
  }
});
