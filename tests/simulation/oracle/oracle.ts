import type { OpenedStore } from "../../../lib/store/open_store.ts";
import type { Person } from "../person.ts";
import type { Scenario } from "../scenario.ts";
import type { World } from "../world.ts";
import { checkAudit } from "./checks/audit.ts";
import { checkDeadLetters } from "./checks/dead_letters.ts";
import { checkEvents } from "./checks/events.ts";
import { checkJournal } from "./checks/journal.ts";
import { checkLifecycle } from "./checks/lifecycle.ts";
import { checkParents } from "./checks/parents.ts";
import { checkParity } from "./checks/parity.ts";
import { checkProtection } from "./checks/protection.ts";
import { checkSegments } from "./checks/segments.ts";
import { checkStops } from "./checks/stops.ts";
import { checkTrades } from "./checks/trades.ts";
import { collect, type Evidence } from "./evidence.ts";

/** What is judged. */
export interface Case {
  world: World;
  person: Person;
  scenario: Scenario;
  /** The store as the next process would find it. */
  store: OpenedStore;
}

const CHECKS: readonly ((evidence: Evidence) => void)[] = [
  checkAudit,
  checkDeadLetters,
  checkEvents,
  checkLifecycle,
  checkJournal,
  checkProtection,
  checkParents,
  checkSegments,
  checkStops,
  checkTrades,
  checkParity,
];

/** Looks at what a run has left behind and reports every broken promise. Returns the number of trades. */
export async function judge(run: Case): Promise<number> {
  const evidence = await collect(run);
  for (const check of CHECKS) check(evidence);
  let trades = 0;
  for (const { stored } of evidence.agents) trades += stored.length;
  return trades;
}
