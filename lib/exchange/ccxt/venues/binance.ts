import type {
  MarketKind,
  VenueOrderRequest,
} from "../../../contracts/venue.ts";
import {
  type KeyRights,
  type OrderRef,
  VenueError,
} from "../../gateway/port.ts";
import { recordOf, textOf } from "../code_table.ts";
import type { Dialect } from "../dialect.ts";
import type { CcxtExchange, CcxtParams, CcxtRecord } from "../library.ts";
import { BINANCE_CODES } from "./binance_codes.ts";
import {
  callImplicit,
  commonParams,
  nothingToDo,
  stopParams,
  unlessSaid,
  withTriggered,
} from "./shared.ts";

/** A request that came later than this is refused by the venue, once more just before its engine. */
const RECV_WINDOW_MS = 3_000;

/** Window, longest answer of the engine, error of our clock, margin. */
const ABSENCE_PROOF_MS = RECV_WINDOW_MS + 10_000 + 500 + 2_000;

const DAY_MS = 86_400_000;

const SPOT_HOSTS = [
  "api.binance.com",
  "stream.binance.com:9443",
  "ws-api.binance.com",
];
const SWAP_HOSTS = [
  "fapi.binance.com",
  "fstream.binance.com",
  "api.binance.com",
];

/** Binance: spot, and USD-M futures for perpetuals. */
export function binanceDialect(market: MarketKind): Dialect {
  const isSwap = market === "swap";
  return {
    profile: profileOf(market),
    moduleId: isSwap ? "binanceusdm" : "binance",
    hosts: isSwap ? SWAP_HOSTS : SPOT_HOSTS,
    options: {
      defaultType: isSwap ? "swap" : "spot",
      fetchMarkets: { types: [isSwap ? "linear" : "spot"] },
      recvWindow: RECV_WINDOW_MS,
      warnOnFetchOpenOrdersWithoutSymbol: false,
      fetchOpenOrders: { warnWithoutSymbol: false },
    },
    codes: BINANCE_CODES,
    needsRisingNonce: false,
    // The library has no ping of its own here, so a dead connection shows by silence alone.
    streamSilenceMsMax: 10 * 60_000,
    createParams: (request) => createParams(request, isSwap),
    stopFields: isSwap
      ? { algoType: "CONDITIONAL", type: "STOP_MARKET" }
      : { type: "STOP_LOSS" },
    findOrder: (exchange, ref) => findOrder(exchange, ref, isSwap),
    cancelOrder: (exchange, ref) =>
      exchange.cancelOrder(
        ref.venueOrderId ?? undefined,
        ref.symbol,
        refParams(ref, isSwap),
      ),
    openOrderParams: () => isSwap ? [{}, { trigger: true }] : [{}],
    cancelAllParams: isSwap ? [{}, { trigger: true }] : [{}],
    nextOrders: null,
    tradePaging: "forward",
    tellsTradeFees: true,
    tradeWindowMs: isSwap ? 7 * DAY_MS : DAY_MS,
    isFundingPaid: false,
    tradesOfOrder: (orderId) => ({ orderId }),
    nextOfOrder: isSwap ? null : nextOfOrder,
    fundingWindowMs: null,
    prepare: isSwap ? prepareSwap : nothingToDo,
    open: nothingToDo,
    cancelAfter: countDown,
    readRights,
    readAccountId,
    readTimeMs: null,
    timeResolutionMs: 1,
    isSubscribed: isSwap
      ? null
      : (message) => "subscriptionId" in (recordOf(message.result) ?? {}),
    orderStreams: [{}],
  };
}

function profileOf(market: MarketKind): Dialect["profile"] {
  const isSwap = market === "swap";
  return {
    exchange: "binance",
    market,
    recvWindowMs: RECV_WINDOW_MS,
    absenceProofMs: ABSENCE_PROOF_MS,
    hasStopOrders: true,
    restsBothExits: isSwap,
    hasCancelAfter: isSwap,
    hasReduceOnly: isSwap,
    hasPrivateStream: true,
    clientOrderIdMax: 36,
  };
}

function createParams(
  request: VenueOrderRequest,
  isSwap: boolean,
): CcxtParams {
  const params = commonParams(request);
  if (!isSwap) return params;
  // The whole order in the answer, not only its receipt.
  return request.type === "stop"
    ? params
    : { ...params, newOrderRespType: "RESULT" };
}

/** Spot refuses times beside an order (-1128); ids of trades count up within a market. */
function nextOfOrder(page: readonly CcxtRecord[]): CcxtParams {
  return { fromId: Math.max(...page.map(({ id }) => Number(id))) + 1 };
}

async function findOrder(
  exchange: CcxtExchange,
  ref: OrderRef,
  isSwap: boolean,
): Promise<CcxtRecord> {
  const record = await exchange.fetchOrder(
    ref.venueOrderId ?? undefined,
    ref.symbol,
    refParams(ref, isSwap),
  );
  return ref.isStop && isSwap
    ? await withTriggered(exchange, record, {
      symbol: ref.symbol,
      idNames: ["actualOrderId"],
    })
    : record;
}

/** Stops of futures have a book and ids of their own. */
function refParams(ref: OrderRef, isSwap: boolean): CcxtParams {
  if (ref.isStop && isSwap) return stopParams(ref);
  return ref.venueOrderId === null ? { clientOrderId: ref.clientOrderId } : {};
}

async function prepareSwap(
  exchange: CcxtExchange,
  symbol: string,
  leverage: number,
): Promise<void> {
  const mode = await callImplicit(exchange, "fapiPrivateGetPositionSideDual");
  if (mode.dualSidePosition === true) {
    throw new VenueError(
      "refused",
      "The account at binance is in hedge mode; switch its futures to one-way mode",
    );
  }
  await unlessSaid(
    "No need to change margin type",
    () => exchange.setMarginMode("isolated", symbol),
  );
  await exchange.setLeverage(leverage, symbol);
}

/** Futures count down for each market by itself. */
async function countDown(
  exchange: CcxtExchange,
  timeoutMs: number,
  symbols: readonly string[],
): Promise<void> {
  await Promise.all(
    symbols.map((symbol) =>
      callImplicit(exchange, "fapiPrivatePostCountdownCancelAll", {
        symbol: exchange.markets![symbol]!.id,
        countdownTime: timeoutMs,
      })
    ),
  );
}

async function readRights(exchange: CcxtExchange): Promise<KeyRights> {
  const rights = await callImplicit(
    exchange,
    "sapiGetAccountApiRestrictions",
  );
  const isSwap = exchange.id === "binanceusdm";
  return {
    canRead: rights.enableReading === true,
    canTrade: rights[
      isSwap ? "enableFutures" : "enableSpotAndMarginTrading"
    ] === true,
    canWithdraw: asKnown(rights.enableWithdrawals),
    canTransfer: rights.enableInternalTransfer === true ||
      rights.permitsUniversalTransfer === true,
    isAddressBound: asKnown(rights.ipRestrict),
  };
}

function asKnown(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

async function readAccountId(exchange: CcxtExchange): Promise<string | null> {
  return textOf(await callImplicit(exchange, "privateGetAccount"), "uid");
}
