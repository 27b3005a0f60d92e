import { VenueError } from "../../exchange/gateway/port.ts";
import { readForBooks } from "./risk.ts";
import type { VenueAccount } from "./venue_account.ts";

/**
 * Sets the leverage of a perpetual. Returns null, or why the venue refuses it:
 * a position that is there keeps its leverage, and the rest must go on.
 *
 * @throws {VenueError} Where nothing was decided.
 */
export async function prepareMarket(
  account: VenueAccount,
): Promise<string | null> {
  const { symbol, config } = account;
  const { leverage } = config.risk;
  try {
    await readForBooks(
      account,
      "prepare",
      (gateway) => gateway.prepare(symbol, { leverage }),
    );
    return null;
  } catch (error) {
    const isRefused = error instanceof VenueError && error.kind === "refused";
    if (!isRefused) throw error;
    return error.message;
  }
}
