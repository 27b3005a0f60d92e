import type {
  ProbedKey,
  StoredExchangeKey,
} from "../contracts/exchange_key.ts";
import type { DeskQuery } from "../contracts/desk.ts";
import { MARKET_KINDS } from "../contracts/venue.ts";
import type { FleetContext } from "./context.ts";
import { deskIdAt } from "./desk_ids.ts";
import { ensureDesk, startedDesks } from "./desks.ts";
import { ASK_DEADLINE_MS, KEY_PROBE_DEADLINE_MS } from "./limits.ts";

/**
 * Asks an exchange what a key may do and whose it is. The desk of its spot markets asks: clear
 * text of a key exists only there.
 *
 * @throws {AppError} What the desk says where the exchange does not answer.
 */
export async function probeKey(
  context: FleetContext,
  key: StoredExchangeKey,
): Promise<ProbedKey> {
  const venue = { exchange: key.view.exchange, market: "spot" } as const;
  const query: DeskQuery = { type: "probeKey", key };
  return await context.supervisor.ask(
    await ensureDesk(context, venue),
    query,
    { deadlineMs: KEY_PROBE_DEADLINE_MS },
  ) as ProbedKey;
}

/**
 * Tells the desks of an exchange that a key has changed: its agents enter
 * nothing from then on if it is not allowed any more. One that starts later
 * reads it from the store.
 *
 * @throws {AppError} If a desk does not answer.
 */
export async function tellKey(
  context: FleetContext,
  key: StoredExchangeKey,
): Promise<void> {
  await tellDesks(context, key, { type: "learnKey", key });
}

/** Tells them that a key was revoked. @throws {AppError} If a desk does not answer. */
export async function forgetKey(
  context: FleetContext,
  key: StoredExchangeKey,
): Promise<void> {
  await tellDesks(context, key, { type: "forgetKey", keyId: key.view.id });
}

/** Asks all desks of a key's exchange that have been started. @throws {AppError} If one does not answer. */
export async function tellDesks(
  context: FleetContext,
  { view: { exchange } }: StoredExchangeKey,
  query: DeskQuery,
): Promise<readonly unknown[]> {
  const started = startedDesks(context);
  return await Promise.all(
    MARKET_KINDS.map((market) => deskIdAt({ exchange, market }))
      .filter((deskId) => started.includes(deskId))
      .map((deskId) =>
        context.supervisor.ask(deskId, query, { deadlineMs: ASK_DEADLINE_MS })
      ),
  );
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
