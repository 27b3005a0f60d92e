import type { VenueOrderRequest } from "../../../contracts/venue.ts";
import type { KeyRights, OrderRef } from "../../gateway/port.ts";
import type { CreateContext, Dialect } from "../dialect.ts";
import type { CcxtExchange, CcxtParams, CcxtRecord } from "../library.ts";
import { KRAKEN_CODES } from "./kraken_codes.ts";
import {
  callImplicit,
  commonParams,
  nothingToDo,
  ownOrder,
  partOf,
} from "./shared.ts";

/** The engine refuses an order that reaches it later than this. */
const DEADLINE_MS = 5_000;

/** Deadline, error of our clock, margin. */
const ABSENCE_PROOF_MS = DEADLINE_MS + 500 + 4_500;

/** Kraken's spot exchange. */
export function krakenDialect(): Dialect {
  return {
    profile: {
      exchange: "kraken",
      market: "spot",
      recvWindowMs: DEADLINE_MS,
      absenceProofMs: ABSENCE_PROOF_MS,
      hasStopOrders: true,
      restsBothExits: false,
      hasCancelAfter: true,
      hasReduceOnly: false,
      hasPrivateStream: true,
      clientOrderIdMax: 18,
    },
    moduleId: "kraken",
    hosts: ["api.kraken.com", "ws.kraken.com", "ws-auth.kraken.com"],
    options: {},
    codes: KRAKEN_CODES,
    needsRisingNonce: true,
    streamSilenceMsMax: 60_000,
    createParams,
    stopFields: { ordertype: "stop-loss" },
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
    tradePaging: "offset",
    tellsTradeFees: true,
    tradeWindowMs: null,
    isFundingPaid: false,
    tradesOfOrder: () => null,
    nextOfOrder: null,
    fundingWindowMs: null,
    prepare: nothingToDo,
    open: nothingToDo,
    cancelAfter: async (exchange, timeoutMs) => {
      await exchange.cancelAllOrdersAfter(timeoutMs);
    },
    readRights,
    // Nothing that it answers names the account.
    readAccountId: null,
    readTimeMs: null,
    timeResolutionMs: 1_000,
    isSubscribed: (message) =>
      message.method === "subscribe" && message.success === true,
    orderStreams: [{}],
  };
}

function createParams(
  request: VenueOrderRequest,
  { venueNowMs }: CreateContext,
): CcxtParams {
  const { triggerPrice, ...params } = commonParams(request);
  return {
    ...params,
    ...(triggerPrice === undefined ? {} : { stopLossPrice: triggerPrice }),
    deadline: new Date(venueNowMs + DEADLINE_MS).toISOString(),
  };
}

async function findOrder(
  exchange: CcxtExchange,
  ref: OrderRef,
): Promise<CcxtRecord | null> {
  if (ref.venueOrderId !== null) {
    return await exchange.fetchOrder(ref.venueOrderId, ref.symbol, {});
  }
  const params = { clientOrderId: ref.clientOrderId };
  const open = await exchange.fetchOpenOrders(
    ref.symbol,
    undefined,
    undefined,
    params,
  );
  return ownOrder(open, ref) ?? ownOrder(
    await exchange.fetchClosedOrders(
      ref.symbol,
      undefined,
      undefined,
      params,
    ),
    ref,
  );
}

async function readRights(exchange: CcxtExchange): Promise<KeyRights> {
  const answer = await callImplicit(exchange, "privatePostGetApiKeyInfo");
  const key = partOf(answer, "result");
  const rights = Array.isArray(key.permissions) ? key.permissions : [];
  const addresses = key.ipAllowlist ?? key.ip_allowlist;
  return {
    canRead: rights.includes("query-funds") &&
      rights.includes("query-open-trades") &&
      rights.includes("query-closed-trades"),
    canTrade: rights.includes("modify-trades") &&
      rights.includes("close-trades"),
    canWithdraw: rights.includes("withdraw-funds"),
    canTransfer: null,
    isAddressBound: Array.isArray(addresses) ? addresses.length > 0 : null,
  };
}
