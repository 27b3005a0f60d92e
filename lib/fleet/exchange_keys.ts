import type {
  KeyRightsView,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import type { DeskQuery } from "../contracts/desk.ts";
import type { FleetContext } from "./context.ts";
import { ensureDesk } from "./desks.ts";
import { KEY_PROBE_DEADLINE_MS } from "./limits.ts";

/**
 * Asks an exchange what a key may do. The desk of its spot markets asks: clear
 * text of a key exists only there.
 *
 * @throws {AppError} What the desk says where the exchange does not answer.
 */
export async function probeKey(
  context: FleetContext,
  key: StoredExchangeKey,
): Promise<KeyRightsView> {
  const venue = { exchange: key.view.exchange, market: "spot" } as const;
  const query: DeskQuery = { type: "probeKey", key };
  return await context.supervisor.ask(
    await ensureDesk(context, venue),
    query,
    { deadlineMs: KEY_PROBE_DEADLINE_MS },
  ) as KeyRightsView;
}

/** Names of agents that use a key, also of those that have stopped: their books may hold what it bought. */
export function keyUsers(
  context: Pick<FleetContext, "agents">,
  id: string,
): readonly string[] {
  return context.agents.all().flatMap(({ record: { config } }) =>
    config.exchangeKeyId === id ? [config.name] : []
  );
}
