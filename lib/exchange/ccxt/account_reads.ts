import { decimal } from "../../core/decimal.ts";
import type { VenueFunding, VenuePosition } from "../../contracts/venue.ts";
import { recordOf } from "./code_table.ts";
import type { Connection } from "./connection.ts";
import { PAGE_FUNDING } from "./limits.ts";
import { toText } from "./numbers.ts";
import { toFunding, toPosition } from "./reading.ts";

/**
 * All that is held of a market's base currency, free or not.
 *
 * @throws {VenueError}
 */
export async function readHolding(
  connection: Connection,
  symbol: string,
): Promise<VenuePosition> {
  const market = connection.market(symbol);
  const { exchange } = connection;
  const { total } = await connection.call(() => exchange.fetchBalance());
  const contracts = toText(recordOf(total)?.[market.market.base]) ?? "0";
  return toPosition({ contracts, side: "long" }, market);
}

/**
 * The position in a perpetual. Where the venue leaves its leverage out, it is
 * the one that was set before.
 *
 * @throws {VenueError}
 */
export async function readPosition(
  connection: Connection,
  symbol: string,
  leverageSet: number | null,
): Promise<VenuePosition> {
  const market = connection.market(symbol);
  const { exchange } = connection;
  const records = await connection.call(() =>
    exchange.fetchPositions([market.name])
  );
  const held = records.find((record) =>
    record.symbol === market.name &&
    !decimal(toText(record.contracts) ?? "0").eq(0)
  );
  if (held === undefined) return toPosition(null, market);
  const position = toPosition(held, market);
  return { ...position, leverage: position.leverage ?? leverageSet };
}

/**
 * Funding of a perpetual from a moment on, oldest first.
 *
 * @throws {VenueError}
 */
export async function readFunding(
  connection: Connection,
  { isPaid, sinceAt, symbol }: {
    symbol: string;
    sinceAt: number;
    /** See `isFundingPaid` of the dialect. */
    isPaid: boolean;
  },
): Promise<VenueFunding[]> {
  const { exchange } = connection;
  const { name } = connection.market(symbol);
  const records = await connection.call(() =>
    exchange.fetchFundingHistory(name, sinceAt, PAGE_FUNDING)
  );
  return records.flatMap((record) =>
    toFunding(record, { isPaid, symbol }) ?? []
  )
    .filter(({ at }) => at >= sinceAt)
    .sort((a, b) => a.at - b.at);
}
