import type { VenueOrderRequest } from "../../../contracts/venue.ts";
import type { OrderRef } from "../../gateway/port.ts";
import { textOf } from "../code_table.ts";
import type { CreateContext, Dialect } from "../dialect.ts";
import type { CcxtExchange, CcxtParams, CcxtRecord } from "../library.ts";
import { KRAKEN_FUTURES_CODES } from "./kraken_codes.ts";
import { findEnded } from "./kraken_futures_history.ts";
import { callImplicit, commonParams, nothingToDo, ownOrder } from "./shared.ts";

/** A request that is not processed by then is refused. */
const DEADLINE_MS = 5_000;

/** Kraken's futures exchange, for perpetuals. */
export function krakenFuturesDialect(): Dialect {
  return {
    profile: {
      exchange: "kraken",
      market: "swap",
      recvWindowMs: DEADLINE_MS,
      // The history of ended orders may come late, so what it lacks proves nothing.
      absenceProofMs: null,
      hasStopOrders: true,
      restsBothExits: true,
      hasCancelAfter: true,
      hasReduceOnly: true,
      hasPrivateStream: true,
      clientOrderIdMax: 36,
    },
    moduleId: "krakenfutures",
    hosts: ["futures.kraken.com"],
    options: {},
    codes: KRAKEN_FUTURES_CODES,
    needsRisingNonce: false,
    streamSilenceMsMax: 90_000,
    createParams,
    stopFields: { orderType: "stp", triggerSignal: "last" },
    findOrder,
    cancelOrder: (exchange, ref) =>
      exchange.cancelOrder(
        ref.venueOrderId ?? undefined,
        ref.symbol,
        ref.venueOrderId === null ? { cliOrdId: ref.clientOrderId } : {},
      ),
    openOrderParams: () => [{}],
    cancelAllParams: [{}],
    nextOrders: null,
    tradePaging: "before",
    tellsTradeFees: false,
    tradeWindowMs: null,
    isFundingPaid: false,
    tradesOfOrder: () => null,
    nextOfOrder: null,
    fundingWindowMs: null,
    prepare: async (exchange, symbol, leverage) => {
      // A leverage of its own makes the market's margin isolated.
      await exchange.setLeverage(leverage, symbol);
    },
    open: nothingToDo,
    cancelAfter: async (exchange, timeoutMs) => {
      await exchange.cancelAllOrdersAfter(timeoutMs);
    },
    readRights: null,
    readAccountId: null,
    readTimeMs,
    timeResolutionMs: 1,
    isSubscribed: (message) => message.event === "subscribed",
    // The library counts fills of its own by the stream of orders, and calls a
    // stop canceled that was triggered. Fills have their own stream; how orders
    // end is asked for.
    orderStreams: [],
  };
}

function createParams(
  request: VenueOrderRequest,
  { venueNowMs }: CreateContext,
): CcxtParams {
  const { timeInForce, ...params } = commonParams(request);
  return {
    ...params,
    ...(timeInForce === "IOC" ? { timeInForce: "ioc" } : {}),
    ...(timeInForce === "FOK" ? { orderType: "fok" } : {}),
    processBefore: new Date(venueNowMs + DEADLINE_MS).toISOString(),
  };
}

async function findOrder(
  exchange: CcxtExchange,
  ref: OrderRef,
): Promise<CcxtRecord | null> {
  return ownOrder(await exchange.fetchOpenOrders(ref.symbol), ref) ??
    await findEnded(exchange, ref);
}

/** Every answer tells the time; this is a short one. */
async function readTimeMs(exchange: CcxtExchange): Promise<number | null> {
  const answer = await callImplicit(exchange, "publicGetFeeschedules");
  const at = Date.parse(textOf(answer, "serverTime") ?? "");
  return Number.isNaN(at) ? null : at;
}
