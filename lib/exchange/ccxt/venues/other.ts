import type { VenueId } from "../../../contracts/venue.ts";
import type { Dialect } from "../dialect.ts";
import { isStreaming } from "../library.ts";
import type { CcxtExchange, CcxtRecord } from "../library.ts";
import type { OrderRef } from "../../gateway/port.ts";
import { commonParams, nothingToDo, ownOrder } from "./shared.ts";

/**
 * Any other exchange, by what ccxt says of all: nothing is promised that ccxt
 * does not prove, so an order with an unknown outcome stays unknown.
 */
export function otherDialect({ exchange: id, market }: VenueId): Dialect {
  const isSwap = market === "swap";
  return {
    profile: {
      exchange: id,
      market,
      recvWindowMs: null,
      absenceProofMs: null,
      hasStopOrders: false,
      restsBothExits: false,
      hasCancelAfter: false,
      hasReduceOnly: isSwap,
      hasPrivateStream: isStreaming(id),
      clientOrderIdMax: 18,
    },
    moduleId: id,
    hosts: null,
    options: { defaultType: market },
    codes: null,
    needsRisingNonce: true,
    streamSilenceMsMax: 10 * 60_000,
    createParams: commonParams,
    stopFields: null,
    findOrder,
    cancelOrder: (exchange, ref) =>
      exchange.cancelOrder(
        ref.venueOrderId ?? undefined,
        ref.symbol,
        ref.venueOrderId === null ? { clientOrderId: ref.clientOrderId } : {},
      ),
    openOrderParams: () => [{}],
    cancelAllParams: null,
    nextOrders: null,
    tradePaging: "single",
    tellsTradeFees: true,
    tradeWindowMs: null,
    isFundingPaid: false,
    tradesOfOrder: () => null,
    nextOfOrder: null,
    fundingWindowMs: null,
    prepare: isSwap
      ? async (exchange, symbol, leverage) => {
        await exchange.setLeverage(leverage, symbol);
      }
      : nothingToDo,
    open: nothingToDo,
    cancelAfter: nothingToDo,
    readRights: null,
    readAccountId: null,
    readTimeMs: null,
    timeResolutionMs: 1,
    isSubscribed: null,
    orderStreams: [{}],
  };
}

async function findOrder(
  exchange: CcxtExchange,
  ref: OrderRef,
): Promise<CcxtRecord | null> {
  if (ref.venueOrderId !== null && exchange.has.fetchOrder === true) {
    return await exchange.fetchOrder(ref.venueOrderId, ref.symbol, {});
  }
  const open = await exchange.fetchOpenOrders(ref.symbol);
  const found = ownOrder(open, ref);
  if (found !== null || exchange.has.fetchClosedOrders !== true) return found;
  return ownOrder(await exchange.fetchClosedOrders(ref.symbol), ref);
}
