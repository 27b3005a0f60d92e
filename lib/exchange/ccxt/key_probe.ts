import { type KeyRights, VenueError } from "../gateway/port.ts";
import type { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";

/** An order id that nobody gave out. */
const NOBODYS_ID = "probe0000000000000";

/**
 * What a key may do, at a venue that has no question for it: reading is tried,
 * and an order is canceled that does not exist. What cannot be tried without an
 * effect stays unknown.
 *
 * @throws {VenueError} If neither answer says it.
 */
export async function probeRights(
  connection: Connection,
  dialect: Dialect,
): Promise<KeyRights> {
  const { exchange } = connection;
  const [name] = Object.keys(exchange.markets ?? {}).filter((name) =>
    connection.marketOf(name) !== null
  );
  const canRead = await isAllowed(() =>
    connection.call(() => exchange.fetchBalance())
  );
  const canTrade = name !== undefined &&
    await isAllowed(() =>
      connection.call(() =>
        dialect.cancelOrder(exchange, {
          symbol: name,
          clientOrderId: NOBODYS_ID,
          venueOrderId: null,
          isStop: false,
        })
      )
    );
  return {
    canRead,
    canTrade,
    canWithdraw: null,
    canTransfer: null,
    isAddressBound: null,
  };
}

async function isAllowed(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (!(error instanceof VenueError)) throw error;
    if (error.kind === "auth") return false;
    if (error.kind === "not_found" || error.kind === "refused") return true;
    throw error;
  }
}
