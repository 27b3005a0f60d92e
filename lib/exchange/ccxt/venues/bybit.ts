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
import { BYBIT_CODES } from "./bybit_codes.ts";
import {
  callImplicit,
  commonParams,
  nothingToDo,
  ownOrder,
  partOf,
  unlessSaid,
} from "./shared.ts";

const RECV_WINDOW_MS = 5_000;
const DAY_MS = 86_400_000;

/** It tells seven days at most, and 50 payments, the newest; they may come every hour. */
const FUNDING_WINDOW_MS = 2 * DAY_MS;

/** Bybit's unified account: spot, and linear perpetuals. */
export function bybitDialect(market: MarketKind): Dialect {
  const isSwap = market === "swap";
  return {
    profile: {
      exchange: "bybit",
      market,
      recvWindowMs: RECV_WINDOW_MS,
      // The window is checked on arrival only, so a late order cannot be ruled out.
      absenceProofMs: null,
      hasStopOrders: true,
      restsBothExits: isSwap,
      // Its own protection looks at connections and is for institutions.
      hasCancelAfter: false,
      hasReduceOnly: isSwap,
      hasPrivateStream: true,
      clientOrderIdMax: 36,
    },
    moduleId: "bybit",
    hosts: ["api.bybit.com", "stream.bybit.com"],
    options: {
      defaultType: market,
      fetchMarkets: { types: [isSwap ? "linear" : "spot"] },
      recvWindow: RECV_WINDOW_MS,
    },
    codes: BYBIT_CODES,
    needsRisingNonce: false,
    streamSilenceMsMax: 90_000,
    createParams: (request) => createParams(request, isSwap),
    stopFields: isSwap
      ? { orderType: "Market", triggerDirection: "2" }
      : { orderType: "Market", orderFilter: "StopOrder" },
    findOrder,
    cancelOrder: (exchange, ref) =>
      exchange.cancelOrder(ref.venueOrderId ?? undefined, ref.symbol, {
        ...ownId(ref),
        ...(ref.isStop && !isSwap ? { trigger: true } : {}),
      }),
    openOrderParams: (symbol) => openOrderParams(symbol, isSwap),
    cancelAllParams: isSwap ? [{}] : [{}, { orderFilter: "StopOrder" }],
    nextOrders,
    tradePaging: "backward",
    tellsTradeFees: true,
    tradeWindowMs: 7 * DAY_MS,
    isFundingPaid: true,
    tradesOfOrder: (orderId) => ({ orderId }),
    nextOfOrder: null,
    fundingWindowMs: FUNDING_WINDOW_MS,
    prepare: isSwap ? prepareSwap : nothingToDo,
    open: checkUnified,
    cancelAfter: nothingToDo,
    readRights,
    readAccountId,
    readTimeMs: null,
    timeResolutionMs: 1,
    isSubscribed: (message) =>
      message.op === "subscribe" && message.success === true,
    orderStreams: [{}],
  };
}

function createParams(
  request: VenueOrderRequest,
  isSwap: boolean,
): CcxtParams {
  const params = commonParams(request);
  if (request.type !== "stop" || !isSwap) return params;
  // A stop sells into a falling market and buys into a rising one.
  const triggerDirection = request.side === "sell" ? "descending" : "ascending";
  return { ...params, triggerDirection };
}

/** Without a symbol, perpetuals are asked for by the currency they settle in. */
function openOrderParams(
  symbol: string | null,
  isSwap: boolean,
): readonly CcxtParams[] {
  return isSwap && symbol === null ? [{}, { settleCoin: "USDC" }] : [{}];
}

/** The library puts the cursor beside the first order of a page. */
function nextOrders(page: readonly CcxtRecord[]): CcxtParams | null {
  for (const { info } of page) {
    const cursor = textOf(recordOf(info) ?? {}, "nextPageCursor");
    if (cursor !== null) return { cursor };
  }
  return null;
}

function ownId(ref: OrderRef): CcxtParams {
  return ref.venueOrderId === null ? { orderLinkId: ref.clientOrderId } : {};
}

/** Among the open and the newest ended ones first, then in the history, which comes a little later. */
async function findOrder(
  exchange: CcxtExchange,
  ref: OrderRef,
): Promise<CcxtRecord | null> {
  const params: CcxtParams = ref.venueOrderId === null
    ? { orderLinkId: ref.clientOrderId }
    : { orderId: ref.venueOrderId };
  const newest = await exchange.fetchOpenOrders(
    ref.symbol,
    undefined,
    undefined,
    params,
  );
  const found = ownOrder(newest, ref);
  if (found !== null) return found;
  const fetchEnded = (exchange as unknown as {
    fetchCanceledAndClosedOrders: CcxtExchange["fetchOrders"];
  }).fetchCanceledAndClosedOrders;
  const ended = await fetchEnded.call(
    exchange,
    ref.symbol,
    undefined,
    undefined,
    params,
  );
  return ownOrder(ended, ref);
}

async function prepareSwap(
  exchange: CcxtExchange,
  symbol: string,
  leverage: number,
): Promise<void> {
  const { list } = partOf(
    await callImplicit(exchange, "privateGetV5PositionList", {
      category: "linear",
      symbol: exchange.markets![symbol]!.id,
    }),
    "result",
  );
  // One row in one-way mode, one for each side in hedge mode.
  if (
    Array.isArray(list) &&
    list.some((row) => Number(recordOf(row)?.positionIdx ?? 0) !== 0)
  ) {
    throw new VenueError(
      "refused",
      "The account at bybit is in hedge mode; switch its perpetuals to one-way mode",
    );
  }
  // The margin mode is the whole account's, so it stays as its owner set it.
  // 110043: it has that leverage already.
  await unlessSaid("110043", () => exchange.setLeverage(leverage, symbol));
}

/** Which kind of account it is decides how orders are written, so it is asked before the first one. */
async function checkUnified(exchange: CcxtExchange): Promise<void> {
  const [, isUnified] = await (exchange as unknown as {
    isUnifiedEnabled(): Promise<readonly boolean[]>;
  }).isUnifiedEnabled();
  const status = exchange.options.unifiedMarginStatus;
  // 3 to 6 are the unified accounts that are in use; older answers tell it by a flag.
  if (isUnified || (typeof status === "number" && status >= 3)) {
    exchange.options.enableUnifiedAccount = true;
    return;
  }
  throw new VenueError(
    "refused",
    "The account at bybit is a classic one; upgrade it to a unified account",
  );
}

async function readRights(exchange: CcxtExchange): Promise<KeyRights> {
  const answer = await callImplicit(exchange, "privateGetV5UserQueryApi");
  const key = partOf(answer, "result");
  const permissions = partOf(key, "permissions");
  const has = (group: string, right: string) =>
    Array.isArray(permissions[group]) &&
    permissions[group].includes(right);
  const isWritable = Number(key.readOnly) === 0;
  const isSwap = exchange.options.defaultType === "swap";
  return {
    canRead: true,
    canTrade: isWritable &&
      (isSwap ? has("ContractTrade", "Order") : has("Spot", "SpotTrade")),
    canWithdraw: isWritable && has("Wallet", "Withdraw"),
    canTransfer: isWritable &&
      (has("Wallet", "AccountTransfer") ||
        has("Wallet", "SubMemberTransfer")),
    isAddressBound: Array.isArray(key.ips)
      ? key.ips.length > 0 && !key.ips.includes("*")
      : null,
  };
}

async function readAccountId(exchange: CcxtExchange): Promise<string | null> {
  const answer = await callImplicit(exchange, "privateGetV5UserQueryApi");
  return textOf(partOf(answer, "result"), "userID");
}
