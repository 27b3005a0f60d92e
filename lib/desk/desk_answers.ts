import type { DeskVenueReport } from "../contracts/account.ts";
import type { DeskAnswer } from "../contracts/desk.ts";
import { AppError } from "../core/errors.ts";
import { SLOW_DISK } from "./account/outage.ts";
import type { AccountFlow } from "./account_flow.ts";

/** What the owner is told of an account. */
export function show(
  { account, newestEpoch, journal, venue }: AccountFlow,
): DeskAnswer {
  return {
    account: account.view(),
    newestEpoch,
    isOnDisk: journal.failure === null,
    isQuiesced: account.isQuiesced,
    ...(venue === null ? {} : {
      foreignOrders: venue.foreignOrders,
      holdUp: venue.holdUp,
    }),
  };
}

/**
 * Refuses a change while so much waits for the disk that no further one may be
 * kept in memory.
 *
 * @throws {AppError} `JOURNAL_UNAVAILABLE`
 */
export function refuseWhileFull({ journal }: AccountFlow): void {
  if (journal.isFull) {
    throw unavailable(journal.failure ?? SLOW_DISK.reason);
  }
}

/** The disk does not take the journal. */
export function unavailable(detail: string): AppError {
  return new AppError("JOURNAL_UNAVAILABLE", detail, { status: 503 });
}

/**
 * Where the journal of an agent's account is.
 *
 * @throws {AppError} `ACCOUNT_ID_INVALID`
 */
export function journalPath(journalDir: string, agentId: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(agentId)) {
    throw new AppError(
      "ACCOUNT_ID_INVALID",
      `An agent id must be 1 to 64 letters, digits, dashes or underscores, was "${agentId}"`,
    );
  }
  return `${journalDir}/${agentId}.journal`;
}

/** A stop has answered with something left. */
export function restOf(
  { account, venue }: Pick<AccountFlow, "account" | "venue">,
): DeskVenueReport {
  return {
    kind: "desk_venue",
    code: "QUIESCE_UNFINISHED",
    agentId: account.config.agentId,
    detail: `Not everything is withdrawn or closed at the venue yet. ${
      venue?.holdUp ?? "The desk goes on with it"
    }`,
  };
}

/** Nothing is known of an agent's account. */
export function accountNotFound(agentId: string): AppError {
  return new AppError(
    "ACCOUNT_NOT_FOUND",
    `The desk has no account of agent ${agentId}; open it first`,
    { status: 404 },
  );
}
