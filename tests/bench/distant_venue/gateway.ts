import type { VenueOrder, VenueProfile } from "../../../lib/contracts/venue.ts";
import { decimal, toDecimalText } from "../../../lib/core/decimal.ts";
import { createRateBudget } from "../../../lib/exchange/budget/rate_budget.ts";
import {
  VenueError,
  type VenueGateway,
} from "../../../lib/exchange/gateway/port.ts";
import type {
  OpenedVenue,
  OpenGateway,
  RestoredBooks,
} from "../../../lib/desk/venue/opener.ts";
import { venueLimits } from "../../../lib/desk/venue/gateways/venue_limits.ts";
import { RULES } from "../../lib/desk/account/venue/profiles.ts";

const VENUE = { exchange: "binance", market: "spot" } as const;

/** A spot market whose exits are further stops. */
export const DISTANT: VenueProfile = {
  ...VENUE,
  recvWindowMs: 3_000,
  absenceProofMs: 15_500,
  hasStopOrders: true,
  restsBothExits: false,
  hasCancelAfter: false,
  hasReduceOnly: false,
  hasPrivateStream: true,
  clientOrderIdMax: 36,
  isSimulated: true,
};

/**
 * A venue account that holds what the journals say. Every request is one over a
 * socket, to a server that takes its time; the rate budget is that of Binance.
 *
 * @param url Address of the server.
 */
export function distantVenue(url: string): OpenGateway {
  return ({ clock }) => {
    const orders = new Map<string, VenueOrder>();
    const held = new Map<string, string>();
    const { windows, costs } = venueLimits(VENUE);
    return {
      gateway: createGateway(url, { orders, held }),
      budget: createRateBudget({ clock, venue: "distant", windows }),
      costOf: (call) => costs[call],
      syncClock: () => Promise.resolve(),
      restore: (books) => restore(books, { orders, held }),
    } satisfies OpenedVenue;
  };
}

interface Books {
  orders: Map<string, VenueOrder>;
  /** Quantity by symbol. */
  held: Map<string, string>;
}

function restore({ working, view }: RestoredBooks, books: Books): void {
  const symbol = `A${working[0]?.clientOrderId.slice(4, 8)}/USDT`;
  books.held.set(symbol, view.position?.quantity ?? "0");
  for (const { order, clientOrderId, filled } of working) {
    books.orders.set(clientOrderId, {
      clientOrderId,
      venueOrderId: `v-${clientOrderId}`,
      symbol,
      side: order.side,
      type: order.type,
      price: order.type === "limit" ? order.price : null,
      triggerPrice: order.type === "stop" ? order.price : null,
      quantity: order.quantity,
      filled,
      status: "open",
      reduceOnly: false,
      at: null,
    });
  }
}

function createGateway(url: string, { orders, held }: Books): VenueGateway {
  async function call<T>(name: string, answer: () => T): Promise<T> {
    const response = await fetch(`${url}/${name}`);
    await response.body?.cancel();
    return answer();
  }
  const find = (clientOrderId: string): VenueOrder => {
    const order = orders.get(clientOrderId);
    if (order === undefined) throw new VenueError("not_found", "Unknown order");
    return order;
  };
  return {
    profile: DISTANT,
    open: () => call("open", () => {}),
    rules: (symbol) => ({ ...RULES, symbol }),
    create: () =>
      call("create", () => ({
        kind: "rejected",
        errorKind: "refused",
        venueCode: null,
        detail: "Nothing is entered here",
        retryAfterMs: null,
      })),
    cancel: ({ clientOrderId }) =>
      call("cancel", () => {
        const order = { ...find(clientOrderId), status: "canceled" as const };
        orders.set(clientOrderId, order);
        return order;
      }),
    order: ({ clientOrderId }) => call("order", () => find(clientOrderId)),
    openOrders: (symbol) =>
      call(
        "openOrders",
        () =>
          [...orders.values()].filter((order) =>
            order.status === "open" && (symbol ?? order.symbol) === order.symbol
          ),
      ),
    trades: () => call("trades", () => []),
    position: (symbol) =>
      call("position", () => ({
        symbol,
        quantity: toDecimalText(decimal(held.get(symbol) ?? "0")),
        entryPrice: null,
        liquidationPrice: null,
        leverage: null,
      })),
    balances: () => call("balances", () => []),
    funding: () => Promise.resolve([]),
    cancelAll: () => Promise.resolve(),
    cancelAfter: () => Promise.resolve(),
    prepare: () => Promise.resolve(),
    accountId: () => Promise.resolve(null),
    keyRights: () =>
      Promise.resolve({
        canRead: true,
        canTrade: true,
        canWithdraw: null,
        canTransfer: null,
        isAddressBound: null,
      }),
    watch: (_symbols, listener) => {
      const greet = () =>
        void Promise.resolve().then(() => listener({ type: "connected" }));
      greet();
      return { close: () => {}, renew: greet };
    },
    clockErrorMs: () => 0,
    close: () => Promise.resolve(),
  };
}
