/**
 * The end of an agent's trading: its orders are withdrawn, its position is as
 * was commanded, and every trade is in the store. The process may end between
 * any two of these, so the agent's stored state says when all of it was done,
 * and for which command; until then it is done again after each start.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import type { DeskAnswer } from "../contracts/desk.ts";
import { hasAccount } from "../contracts/agent_types.ts";
import type { FleetContext } from "./context.ts";
import { settleGuard } from "./guards/life.ts";
import { SETTLE_LOOK_MS, SETTLE_LOOKS } from "./limits.ts";
import { publish } from "./publish.ts";
import type { AgentEntry } from "./registry.ts";
import { askDesk } from "./desks.ts";
import { openBooks } from "./wiring.ts";

/**
 * Has the desk withdraw an agent's orders and, as was commanded, close its position.
 *
 * @throws {AppError} ORDERS_LEFT while a venue has some of it.
 */
export async function quiesce(
  context: FleetContext,
  entry: AgentEntry,
): Promise<DeskAnswer> {
  const { id, stopPositions, desiredReason } = entry.record;
  const answer = await askDesk(context, entry, {
    type: "quiesce",
    agentId: id,
    positions: stopPositions,
    reason: desiredReason,
  }) as DeskAnswer;
  refuseUnquiesced(entry, answer);
  return answer;
}

/**
 * An agent has stopped when its venue has nothing left of it, not before.
 *
 * @throws {AppError} ORDERS_LEFT; the caller tries again.
 */
function refuseUnquiesced(entry: AgentEntry, answer: DeskAnswer): void {
  if (answer.isQuiesced) return;
  throw new AppError(
    "ORDERS_LEFT",
    `"${entry.record.config.name}" has not stopped yet: ${whatIsLeft(answer)}`,
    { status: 503 },
  );
}

/** What a venue may still have of an account, as the end of a sentence, and what it waits for, as the next one. */
export function whatIsLeft(
  { account: { openOrders, position }, holdUp = null }: Pick<
    DeskAnswer,
    "account" | "holdUp"
  >,
): string {
  const { length } = openOrders;
  const left = [
    ...length === 0 ? [] : [length === 1 ? "1 order" : `${length} orders`],
    ...position === null ? [] : ["a position"],
  ].join(" and ");
  const why = holdUp ?? "The desk goes on until nothing is";
  return `${left} may still be at the venue. ${why}`;
}

/**
 * Settles the books of an agent that does not run. One that is meant to run and
 * cannot (quarantined) keeps its orders and its position; only what it traded is
 * made sure to be in the store.
 */
export async function settleBooks(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { record, isOpen } = entry;
  if (!hasAccount(record.config.type)) return settleGuard(context, entry);
  const isMeantToRun = record.desired === "running" ||
    record.desired === "paused";
  let answer = await openBooks(context, entry);
  if (!isMeantToRun) {
    answer = await quiesce(context, entry);
    refuseInMemory(entry, answer);
    // A desk that starts again need not open it for the sake of trading.
    entry.isOpen = isOpen;
  }
  await tradesStored(context, entry, answer.account.trades);
  // A command that came meanwhile is another story.
  if (entry.record.commandId !== record.commandId) return;
  entry.needsSettling = false;
  if (!isMeantToRun) {
    entry.observed = { ...entry.observed, settledFor: record.commandId };
  }
  publish(context, entry);
}

/**
 * What is withdrawn in memory only would rest again after a crash of the desk: it
 * does not count before the disk has it. The account stays open meanwhile.
 *
 * @throws {AppError} JOURNAL_UNAVAILABLE; the caller tries again.
 */
function refuseInMemory(entry: AgentEntry, { isOnDisk }: DeskAnswer): void {
  if (isOnDisk) return;
  throw new AppError(
    "JOURNAL_UNAVAILABLE",
    `The orders of "${entry.record.config.name}" are withdrawn, but the disk does not take its journal yet; free disk space or make the data folder writable`,
    { status: 503 },
  );
}

/** Tells whether the stop of an agent was carried out to its end, by what is stored of it. */
export function isSettledFor(
  { record, observed }: Pick<AgentEntry, "record" | "observed">,
): boolean {
  return observed.settledFor === record.commandId;
}

/**
 * Waits until the store has all of an account's trades.
 *
 * @throws {AppError} STORE_UNAVAILABLE if it takes too long; the caller tries again.
 */
async function tradesStored(
  context: FleetContext,
  entry: AgentEntry,
  trades: number,
): Promise<void> {
  for (let look = 0; look < SETTLE_LOOKS && !context.isDraining; look++) {
    if (entry.tradesStored >= trades) return;
    // Not for the reports themselves: one that the store refuses would hold up a shutdown.
    // deno-lint-ignore no-await-in-loop -- a pause between looks
    await new Promise<void>((resolve) =>
      context.clock.after(SETTLE_LOOK_MS, resolve)
    );
  }
  throw new AppError(
    "STORE_UNAVAILABLE",
    `The store has ${entry.tradesStored} of ${trades} trades of "${entry.record.config.name}"`,
    { status: 503 },
  );
}
