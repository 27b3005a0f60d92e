import type { AlgoOrder } from "../engine/algo_orders.ts";
import type { Execution, VenueEvent } from "../engine/events.ts";
import type { Order, Trade } from "../engine/order.ts";
import type { MarketKind } from "../market/specs.ts";
import { entryPrice, unrealized } from "../money/positions.ts";
import { over, toText } from "../money/units.ts";
import type { VenueState } from "../state.ts";

/** What an event is on the user data stream of one half; null if it is none of its business. */
export function userMessage(
  venue: VenueState,
  kind: MarketKind,
  event: VenueEvent,
): unknown {
  const now = venue.clock.now();
  if (event.type === "order" && event.kind === kind) {
    return kind === "spot"
      ? executionReport(event, now)
      : orderTradeUpdate(event, now);
  }
  if (event.type === "account" && event.kind === kind) {
    return kind === "spot"
      ? accountPosition(venue, event.assets)
      : accountUpdate(venue, event);
  }
  if (event.type === "algo" && kind === "futures") {
    return algoUpdate(event.algo, now);
  }
  return null;
}

type OrderEvent = {
  order: Order;
  execution: Execution;
  trade: Trade | null;
};

function executionReport(
  { order, execution, trade }: OrderEvent,
  now: number,
): unknown {
  const isCancel = execution === "CANCELED";
  return {
    e: "executionReport",
    E: now,
    s: order.symbol,
    c: isCancel ? `cancel-${order.id}` : order.clientOrderId,
    S: order.side,
    o: order.type,
    f: order.timeInForce,
    q: toText(order.quantity),
    p: toText(order.price),
    P: toText(order.stopPrice),
    F: "0.00000000",
    g: order.listId,
    C: isCancel ? order.clientOrderId : "",
    x: execution,
    X: order.status,
    r: "NONE",
    i: order.id,
    l: toText(trade?.quantity ?? 0n),
    z: toText(order.filled),
    L: toText(trade?.price ?? 0n),
    n: trade === null ? "0" : toText(trade.fee),
    N: trade?.feeAsset ?? null,
    T: trade?.at ?? order.updatedAt,
    t: trade?.id ?? -1,
    I: 1,
    w: order.isWorking,
    m: trade?.isMaker ?? false,
    M: false,
    O: order.createdAt,
    Z: toText(order.filledQuote),
    Y: toText(trade?.quote ?? 0n),
    Q: "0.00000000",
    W: order.createdAt,
    V: "EXPIRE_MAKER",
  };
}

function orderTradeUpdate(
  { order, execution, trade }: OrderEvent,
  now: number,
): unknown {
  const average = order.filled === 0n
    ? 0n
    : over(order.filledQuote, order.filled);
  return {
    e: "ORDER_TRADE_UPDATE",
    E: now,
    T: trade?.at ?? order.updatedAt,
    o: {
      s: order.symbol,
      c: order.clientOrderId,
      S: order.side,
      o: order.type,
      f: order.timeInForce,
      q: toText(order.quantity),
      p: toText(order.price),
      ap: toText(average),
      sp: "0",
      x: execution,
      X: order.status,
      i: order.id,
      l: toText(trade?.quantity ?? 0n),
      z: toText(order.filled),
      L: toText(trade?.price ?? 0n),
      ...(trade === null ? {} : { n: toText(trade.fee), N: trade.feeAsset }),
      T: trade?.at ?? order.updatedAt,
      t: trade?.id ?? 0,
      b: "0",
      a: "0",
      m: trade?.isMaker ?? false,
      R: order.reduceOnly,
      wt: "CONTRACT_PRICE",
      ot: order.type,
      ps: "BOTH",
      cp: false,
      rp: toText(trade?.realized ?? 0n),
      pP: false,
      V: "EXPIRE_MAKER",
      pm: "NONE",
      gtd: 0,
    },
  };
}

function accountPosition(
  venue: VenueState,
  assets: readonly string[],
): unknown {
  const { spot } = venue.ledgers;
  const now = venue.clock.now();
  return {
    e: "outboundAccountPosition",
    E: now,
    u: now,
    B: assets.map((asset) => ({
      a: asset,
      f: toText(spot.balance("free", asset)),
      l: toText(spot.balance("locked", asset)),
    })),
  };
}

function accountUpdate(
  venue: VenueState,
  event: VenueEvent & { type: "account" },
): unknown {
  const now = venue.clock.now();
  const { account } = venue;
  return {
    e: "ACCOUNT_UPDATE",
    E: now,
    T: now,
    a: {
      m: event.reason,
      B: event.assets.map((asset) => ({
        a: asset,
        wb: toText(account.wallet),
        cw: toText(account.wallet),
        bc: "0",
      })),
      P: event.symbols.map((symbol) => {
        const position = account.position(symbol);
        return {
          s: symbol,
          pa: toText(position.quantity),
          ep: toText(entryPrice(position)),
          bep: toText(entryPrice(position)),
          cr: toText(position.realized),
          up: toText(unrealized(position, account.mark(symbol))),
          mt: position.marginType,
          iw: "0",
          ps: "BOTH",
          ma: "USDT",
        };
      }),
    },
  };
}

function algoUpdate(algo: AlgoOrder, now: number): unknown {
  const { actual } = algo;
  return {
    e: "ALGO_UPDATE",
    T: algo.updatedAt,
    E: now,
    o: {
      caid: algo.clientAlgoId,
      aid: algo.id,
      at: "CONDITIONAL",
      o: algo.type,
      s: algo.symbol,
      S: algo.side,
      ps: "BOTH",
      f: "GTC",
      q: toText(algo.quantity),
      X: algo.status,
      ai: actual === null ? "" : String(actual.id),
      ap: actual === null || actual.filled === 0n
        ? "0.00000"
        : toText(over(actual.filledQuote, actual.filled)),
      aq: toText(actual?.filled ?? 0n),
      act: actual?.type ?? "0",
      tp: toText(algo.triggerPrice),
      p: toText(algo.price),
      V: "EXPIRE_MAKER",
      wt: "CONTRACT_PRICE",
      pm: "NONE",
      cp: algo.closePosition,
      pP: false,
      R: algo.reduceOnly,
      tt: algo.triggeredAt,
      gtd: 0,
      ...(algo.failure === "" ? {} : { rm: algo.failure }),
    },
  };
}
