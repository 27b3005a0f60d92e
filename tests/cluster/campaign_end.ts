/** How a campaign with several hosts ends: everything stops, all processes drain, and the books are compared. */
import { readTrades, stopAll } from "../chaos/campaign_end.ts";
import {
  checkEvents,
  checkJournals,
  type StoredTrades,
} from "../chaos/checks.ts";
import type { EventRecord } from "../chaos/event_follower.ts";
import { readEventLog } from "../chaos/event_log.ts";
import type { ClusterWorld } from "./campaign.ts";
import type { Member } from "./member.ts";

/** What the books come to. */
export interface BookSums {
  orders: number;
  trades: number;
  events: number;
}

/** Stops all agents, drains all processes, and compares stored trades, events and the journals of the last owners. */
export async function compareBooks(
  world: ClusterWorld,
  { kvUrl, followed }: { kvUrl: string; followed: EventRecord },
): Promise<BookSums> {
  const { members, record, findings } = world;
  await stopAll(world);
  const trades = await readTrades(world);
  const codes = await drainAll(members);
  codes.forEach((code, index) => {
    if (code === 0) return;
    findings.addLost(members[index]!.id, `it drained with code ${code}`);
  });
  const log = await readEventLog(kvUrl);
  checkEvents({ log, followed }, trades, findings);
  const sums = { orders: 0, trades: 0, events: log.last };
  for (const { id, dataDir } of members) {
    const own = record.ownedBy(id);
    const part: StoredTrades = new Map(
      [...trades].filter(([agentId]) => own.includes(agentId)),
    );
    // A risk manager has no account and no journal.
    // deno-lint-ignore no-await-in-loop -- one host after the other
    const withAccount = await havingJournal(`${dataDir}/journal`, part);
    // deno-lint-ignore no-await-in-loop -- as above
    const sum = await checkJournals(`${dataDir}/journal`, withAccount, {
      findings,
    });
    sums.orders += sum.orders;
    sums.trades += sum.trades;
  }
  return sums;
}

async function havingJournal(
  folder: string,
  trades: StoredTrades,
): Promise<StoredTrades> {
  const found = new Map<
    string,
    StoredTrades extends ReadonlyMap<string, infer T> ? T : never
  >();
  for (const [id, list] of trades) {
    // deno-lint-ignore no-await-in-loop -- a few dozen looks
    const info = await Deno.stat(`${folder}/${id}.journal`).catch(() => null);
    if (info !== null || list.length > 0) found.set(id, list);
  }
  return found;
}

/** Exit codes, in order; 0 where it did not run. */
async function drainAll(members: readonly Member[]): Promise<number[]> {
  const codes: number[] = [];
  // Hosts first: what a control is asked meanwhile it still answers.
  for (const member of members.toReversed()) {
    // deno-lint-ignore no-await-in-loop -- the next one takes nothing over any more
    codes.unshift(await member.drain() ?? 0);
  }
  return codes;
}

/** Ends whatever still runs, and the ways to the store. */
export async function closeAll(members: readonly Member[]): Promise<void> {
  await Promise.all(members.map((member) => member.kill()));
  await Promise.all(members.map((member) => member.close()));
}
