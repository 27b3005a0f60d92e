import assert from "node:assert/strict";
import type { Trade } from "../../lib/contracts/order.ts";
import { runCampaign } from "../chaos/campaign.ts";
import { checkEvents, checkJournals } from "../chaos/checks.ts";
import { EventRecord } from "../chaos/event_follower.ts";
import type { EventLog } from "../chaos/event_log.ts";
import { Findings } from "../chaos/findings.ts";
import { type JournalLine, readJournal } from "../chaos/journal_reader.ts";
import { foldVenueLedger, isOnQuotes } from "../chaos/venue_fold.ts";
import { foldLedger } from "../chaos/ledger.ts";
import { withTempDir } from "../support/temp.ts";

const SEED = 3;

Deno.test(`server killed three times while agents trade and commands come loses and doubles nothing (seed ${SEED})`, async () => {
  await withTempDir(async (folder) => {
    const lines: string[] = [];
    const result = await runCampaign({
      kills: 3,
      agents: 5,
      seed: SEED,
      folder,
      onProgress: (line) => lines.push(line),
    }).catch((cause) => {
      throw new Error(`${lines.join("\n")}\n${cause.message}`, { cause });
    });
    const story = lines.join("\n");
    assert.deepEqual(result.lost, [], story);
    assert.deepEqual(result.duplicated, [], story);
    assert.ok(result.trades > 0, "the agents should have traded");
    assert.ok(result.commands > 0, "commands should have been acknowledged");
    assert.equal(result.replaysCompared, 1);
    assert.equal(result.liveAgents, 3);
    assert.ok(result.venueTrades > 0, "live agents should have traded");
    await assertFaultsAreFound(`${folder}/data/journal`);
  });
});

/** A check that never finds anything proves nothing: the real journals, damaged, must be refused. */
async function assertFaultsAreFound(journalDir: string): Promise<void> {
  let damaged = 0;
  for await (const { name } of Deno.readDir(journalDir)) {
    // One a journal: its newest segment stands for all of them.
    if (!name.endsWith(".journal")) continue;
    const { lines } = await readJournal(`${journalDir}/${name}`);
    const of = (type: string) =>
      lines.find(({ record }) => record.type === type);
    const fill = of("FILL");
    if (fill === undefined) continue;
    damaged++;
    if (isOnQuotes(lines)) {
      assertVenueFaultsAreFound(lines, fill);
      continue;
    }
    const whole = foldLedger(lines);
    assert.deepEqual([...whole.lost, ...whole.duplicated], []);
    const filledTwice = foldLedger([...lines, fill]);
    assert.match(filledTwice.duplicated.join("\n"), /is filled twice/);
    const orderedTwice = foldLedger([...lines, of("ORDER")]);
    assert.match(orderedTwice.duplicated.join("\n"), /is placed twice/);
    const fillLost = foldLedger(lines.filter((line) => line !== fill));
    assert.match(fillLost.lost.join("\n"), /its fills add up to/);
    const findings = new Findings();
    const [id] = name.split(".");
    await checkJournals(journalDir, new Map([[id!, []]]), { findings });
    assert.equal(
      findings.lost.length,
      whole.tradesBefore + whole.trades.length,
    );
  }
  assert.ok(damaged > 0, "an agent should have been filled");
}

function assertVenueFaultsAreFound(
  lines: readonly JournalLine[],
  fill: JournalLine,
): void {
  const found = (changed: readonly JournalLine[]) => {
    const { lost, duplicated } = foldVenueLedger(changed);
    return [...lost, ...duplicated].join("\n");
  };
  assert.equal(found(lines), "");
  assert.match(found([...lines, fill]), /is booked twice/);
  assert.match(
    found(lines.filter((line) => line !== fill)),
    /its fills add up to|has no order|is written off/,
  );
  const sending = lines.find(({ record }) => record.type === "SENDING");
  assert.match(found([...lines, sending]), /is sent twice/);
}

Deno.test("checkEvents() finds holes, changed numbers and trades that were announced never or twice", () => {
  const log: EventLog = {
    events: new Map([
      [1, { group: "trades", trade: "agt_1 1.0-trade" }],
      [2, { group: "trades", trade: "agt_1 1.0-trade" }],
      [4, { group: "logs", trade: null }],
    ]),
    prunedUpTo: new Map(),
    last: 4,
  };
  const followed = new EventRecord();
  followed.add(
    JSON.stringify({ v: 1, seq: 4, type: "system.event", data: {} }),
  );
  const findings = new Findings();
  const trades = ["1.0-trade", "2.0-trade"].map((tradeId) =>
    ({ tradeId }) as Trade
  );
  checkEvents({ log, followed }, new Map([["agt_1", trades]]), findings);
  assert.deepEqual(findings.lost, [
    "events: number 3 is a hole",
    "events: number 4 was streamed as system.event and is not stored as that",
    "agt_1: trade 2.0-trade was never announced",
  ]);
  assert.deepEqual(findings.duplicated, [
    "agt_1: trade 1.0-trade was announced 2 times",
  ]);
});

Deno.test("checkEvents() takes no hole for a loss that pruning has made, and no group for another", () => {
  const log: EventLog = {
    // Logs up to 3 are pruned; what an agent did is kept.
    events: new Map([
      [1, { group: "agents", trade: null }],
      [5, { group: "logs", trade: null }],
    ]),
    prunedUpTo: new Map([["logs", 3]]),
    last: 5,
  };
  const followed = new EventRecord();
  for (const [seq, type] of [[2, "log.added"], [3, "system.event"]]) {
    followed.add(JSON.stringify({ v: 1, seq, type, data: {} }));
  }
  const findings = new Findings();
  checkEvents({ log, followed }, new Map(), findings);
  assert.deepEqual(findings.lost, [
    "events: number 4 is a hole",
    "events: number 3 was streamed as system.event and is not stored as that",
  ]);
});
