import type { AccountFlow } from "./account_flow.ts";
import type { DeskVenues } from "./desk_venues.ts";

/** Ends an account's flow: nothing comes in any more, what is left is told, and its journal is closed. */
export async function endFlow(
  flow: AccountFlow,
  venues: DeskVenues,
): Promise<void> {
  flow.cancel();
  if (flow.venue !== null) await venues.release(flow.venue);
  await flow.reporter.flush();
  flow.reporter.cancel();
  await flow.journal.close();
}
