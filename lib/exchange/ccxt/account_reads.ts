import { decimal } from "../../core/decimal.ts";
import type { VenueFunding, VenuePosition } from "../../contracts/venue.ts";
import type { VenueGateway } from "../gateway/port.ts";
import { recordOf } from "./code_table.ts";
import type { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { CcxtParams } from "./library.ts";
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
 * Funding of a perpetual from a moment on, oldest first, each once.
 *
 * @throws {VenueError}
 */
export async function readFunding(
  connection: Connection,
  { fundingWindowMs, isFundingPaid: isPaid }: Dialect,
  { nextPage, sinceAt, symbol }: Parameters<VenueGateway["funding"]>[0],
): Promise<VenueFunding[]> {
  const { exchange } = connection;
  const { name } = connection.market(symbol);
  const nowMs = connection.venueNowMs();
  const found = new Map<string, VenueFunding>();
  let from = sinceAt;
  do {
    const startAt = from;
    const more: CcxtParams = fundingWindowMs === null
      ? {}
      : { until: startAt + fundingWindowMs - 1 };
    // deno-lint-ignore no-await-in-loop -- one window after the other
    if (startAt > sinceAt) await nextPage?.();
    // deno-lint-ignore no-await-in-loop -- as above
    const records = await connection.call(() =>
      exchange.fetchFundingHistory(name, startAt, PAGE_FUNDING, more)
    );
    for (const record of records) {
      const funding = toFunding(record, { isPaid, symbol });
      if (funding !== null && funding.at >= sinceAt) {
        found.set(funding.fundingId, funding);
      }
    }
    from += fundingWindowMs ?? Number.POSITIVE_INFINITY;
  } while (from <= nowMs);
  return [...found.values()].sort((a, b) => a.at - b.at);
}
