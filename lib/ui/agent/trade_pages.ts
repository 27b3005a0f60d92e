/**
 * Trades that are read page by page while newer ones come.
 *
 * @module
 */
import type { Trade } from "../../contracts/order.ts";
import type { ApiPage } from "../client/api_client.ts";

type TradePage = ApiPage<Trade>;

/** The newest page, before the older trades that somebody has gone on to. */
export function withNewest(
  known: TradePage | null,
  newest: TradePage,
): TradePage {
  return known !== null && known.items.length > newest.items.length
    ? join(newest, known)
    : newest;
}

/**
 * One more page of older trades, after those that are shown now.
 *
 * @param read What was shown when the page was asked for, and the page.
 */
export function withOlder(
  shown: TradePage,
  read: { before: TradePage; page: TradePage },
): TradePage {
  const known = join(shown, read.before);
  // Where the two do not join, the page would follow trades that it does not belong to.
  if (known.nextCursor !== read.before.nextCursor) return shown;
  return {
    items: [...known.items, ...read.page.items],
    nextCursor: read.page.nextCursor,
  };
}

/** Newer trades before older ones, with the cursor of the older; the newer alone where the two do not join. */
function join(newer: TradePage, older: TradePage): TradePage {
  const last = newer.items.at(-1)?.tradeId;
  const joint = older.items.findIndex(({ tradeId }) => tradeId === last);
  return joint === -1 ? newer : {
    items: [...newer.items, ...older.items.slice(joint + 1)],
    nextCursor: older.nextCursor,
  };
}
