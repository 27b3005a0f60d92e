import type { AgentView } from "../../lib/contracts/agent.ts";
import { keys } from "../../lib/store/keys.ts";
import { foldTrades } from "./oracle/checks/trades.ts";
import { readJournals } from "./oracle/journal_files.ts";
import type { Person } from "./person.ts";
import type { Scenario } from "./scenario.ts";
import type { World } from "./world.ts";

/** What the world still has to do, in words; null at rest. */
export async function whatIsNotAtRest(
  world: World,
  scene: { person: Person; scenario: Scenario },
): Promise<string | null> {
  return whatIsSeen(world, scene) ?? await whatIsUntold(world, scene.person);
}

/** Trades that the journals have and the store has not yet. */
async function whatIsUntold(
  world: World,
  person: Person,
): Promise<string | null> {
  const connection = world.database.connect();
  for (const [id, journal] of readJournals(world.disk)) {
    if (![...person.agents.values()].includes(id)) continue;
    const trades = foldTrades(journal).length;
    // deno-lint-ignore no-await-in-loop -- one journal after the other
    const stored = await connection.list({ prefix: keys.trades(id) }, {
      limit: trades + 1,
    });
    if (stored.length !== trades) {
      return `${stored.length} of ${trades} trades of ${id} are stored`;
    }
  }
  connection.close();
  return null;
}

function whatIsSeen(
  world: World,
  { person, scenario }: { person: Person; scenario: Scenario },
): string | null {
  const { running } = world;
  if (running === null) return "The host does not run";
  const { store, fleet } = running;
  const unhealthy = fleet.health().checks.find(({ ok }) => !ok);
  if (unhealthy !== undefined) {
    return `${unhealthy.name} is not well: ${unhealthy.detail}`;
  }
  if (person.agents.size < scenario.agents.length) {
    return "Not every agent was spawned";
  }
  if (store.stats().queuedState > 200) return "Changes wait for the store";
  for (const view of fleet.list()) {
    const left = whatIsLeft(view);
    if (left !== null) return `${view.name} (${view.id}) ${left}`;
  }
  return null;
}

function whatIsLeft(view: AgentView): string | null {
  const { desired, observed, account, progress } = view;
  // These wait for a person, whatever is wanted.
  if (observed === "quarantined" || observed === "killed") return null;
  if (desired !== observed) return `is to be ${desired} and is ${observed}`;
  if (desired === "stopped" || progress.totalCandles === null) return null;
  const lastSeq = progress.totalCandles - 1;
  return account?.seq === lastSeq
    ? null
    : `stands at candle ${account?.seq} of ${lastSeq}`;
}
