import type {
  MarketKind,
  VenueOrderRequest,
} from "../../../contracts/venue.ts";
import {
  type KeyRights,
  type OrderRef,
  VenueError,
} from "../../gateway/port.ts";
import { textOf } from "../code_table.ts";
import type { Dialect } from "../dialect.ts";
import type { CcxtExchange, CcxtParams, CcxtRecord } from "../library.ts";
import { PAGE_ORDERS } from "../limits.ts";
import { OKX_CODES } from "./okx_codes.ts";
import {
  callImplicit,
  commonParams,
  firstOf,
  nothingToDo,
  stopParams,
  withTriggered,
} from "./shared.ts";

/** Perpetuals of ours lose at most their own margin. */
const MARGIN_MODE = "isolated";

/** OKX: spot, and linear perpetuals. */
export function okxDialect(market: MarketKind): Dialect {
  const isSwap = market === "swap";
  const stops: CcxtParams = {
    trigger: true,
    type: market,
    instType: market.toUpperCase(),
  };
  return {
    profile: profileOf(market),
    moduleId: "okx",
    hosts: ["www.okx.com", "ws.okx.com:8443"],
    options: {
      defaultType: market,
      fetchMarkets: { types: [market] },
      createOrder: "privatePostTradeOrder",
    },
    codes: OKX_CODES,
    needsRisingNonce: false,
    streamSilenceMsMax: 90_000,
    createParams: (request) => createParams(request, isSwap),
    stopFields: isSwap
      ? { ordType: "conditional", slOrdPx: "-1" }
      : { ordType: "trigger", orderPx: "-1" },
    findOrder,
    cancelOrder: (exchange, ref) =>
      exchange.cancelOrder(
        ref.venueOrderId ?? undefined,
        ref.symbol,
        refParams(ref),
      ),
    openOrderParams: () => openOrderParams(market),
    cancelAllParams: null,
    nextOrders,
    tradePaging: "backward",
    tellsTradeFees: true,
    tradeWindowMs: null,
    isFundingPaid: false,
    tradesOfOrder: (ordId) => ({ ordId }),
    nextOfOrder: null,
    fundingWindowMs: null,
    prepare: isSwap ? prepareSwap : nothingToDo,
    open: nothingToDo,
    cancelAfter: async (exchange, timeoutMs) => {
      await exchange.cancelAllOrdersAfter(timeoutMs);
    },
    readRights,
    readAccountId,
    readTimeMs: null,
    timeResolutionMs: 1,
    isSubscribed: (message) => message.event === "subscribe",
    orderStreams: [{ type: market }, stops],
  };
}

function profileOf(market: MarketKind): Dialect["profile"] {
  const isSwap = market === "swap";
  return {
    exchange: "okx",
    market,
    recvWindowMs: 30_000,
    // The window is checked on arrival. A deadline (`expTime`) is there for
    // orders, not for stops, and not documented as looked at last.
    absenceProofMs: null,
    hasStopOrders: true,
    restsBothExits: isSwap,
    hasCancelAfter: true,
    hasReduceOnly: isSwap,
    hasPrivateStream: true,
    clientOrderIdMax: 32,
  };
}

function createParams(
  request: VenueOrderRequest,
  isSwap: boolean,
): CcxtParams {
  const { triggerPrice, ...params } = commonParams(request);
  return {
    ...params,
    ...(isSwap ? { marginMode: MARGIN_MODE } : {}),
    ...(triggerPrice === undefined
      ? {}
      : stopOrderParams(request, triggerPrice, isSwap)),
  };
}

/**
 * A stop of a perpetual is one of OKX's stop orders ("conditional"), because
 * only these are documented to reduce; its trigger orders would turn the
 * position around when it is gone. On spot it is a trigger order, for a stop
 * order is not taken there from an account without margin.
 */
function stopOrderParams(
  { clientOrderId }: VenueOrderRequest,
  triggerPrice: unknown,
  isSwap: boolean,
): CcxtParams {
  return {
    ...(isSwap ? { stopLossPrice: triggerPrice } : { triggerPrice }),
    // Stops have an id field of their own, which the library does not fill.
    algoClOrdId: clientOrderId,
  };
}

/** Orders, then stops, by kind: one question cannot ask for both kinds of these. */
function openOrderParams(market: MarketKind): readonly CcxtParams[] {
  const instType = market.toUpperCase();
  const triggers = { trigger: true, ordType: "trigger", instType };
  return market === "spot"
    ? [{ instType }, triggers]
    : [{ instType }, { ...triggers, ordType: "conditional" }, triggers];
}

/** Orders come the newest first; `after` asks for those before one. */
function nextOrders(page: readonly CcxtRecord[]): CcxtParams | null {
  const ids = page.map(({ id }) => BigInt(String(id)));
  if (ids.length < PAGE_ORDERS) return null;
  const oldest = ids.reduce((oldest, id) => id < oldest ? id : oldest);
  return { after: String(oldest) };
}

async function findOrder(
  exchange: CcxtExchange,
  ref: OrderRef,
): Promise<CcxtRecord> {
  const record = await exchange.fetchOrder(
    ref.venueOrderId ?? undefined,
    ref.symbol,
    refParams(ref),
  );
  return ref.isStop
    ? await withTriggered(exchange, record, {
      symbol: ref.symbol,
      idNames: ["ordId", "ordIdList"],
    })
    : record;
}

function refParams(ref: OrderRef): CcxtParams {
  if (ref.isStop) return stopParams(ref);
  return ref.venueOrderId === null ? { clientOrderId: ref.clientOrderId } : {};
}

async function prepareSwap(
  exchange: CcxtExchange,
  symbol: string,
  leverage: number,
): Promise<void> {
  const config = firstOf(
    await callImplicit(exchange, "privateGetAccountConfig"),
    "data",
  );
  if (textOf(config, "posMode") === "long_short_mode") {
    throw new VenueError(
      "refused",
      "The account at okx is in long/short mode; switch it to net mode",
    );
  }
  await exchange.setLeverage(leverage, symbol, { marginMode: MARGIN_MODE });
}

async function readRights(exchange: CcxtExchange): Promise<KeyRights> {
  const config = firstOf(
    await callImplicit(exchange, "privateGetAccountConfig"),
    "data",
  );
  const rights = (textOf(config, "perm") ?? "").split(",");
  return {
    canRead: rights.includes("read_only") || rights.includes("trade"),
    canTrade: rights.includes("trade"),
    canWithdraw: rights.includes("withdraw"),
    // The transfers that come with the right to trade stay within one's own accounts.
    canTransfer: rights.includes("withdraw"),
    isAddressBound: typeof config.ip === "string" ? config.ip !== "" : null,
  };
}

async function readAccountId(exchange: CcxtExchange): Promise<string | null> {
  const answer = await callImplicit(exchange, "privateGetAccountConfig");
  return textOf(firstOf(answer, "data"), "uid");
}
