import type { VenueOrderRequest } from "../../../contracts/venue.ts";
import { type OrderRef, VenueError } from "../../gateway/port.ts";
import { recordOf, textOf } from "../code_table.ts";
import type {
  CcxtExchange,
  CcxtImplicitCall,
  CcxtParams,
  CcxtRecord,
} from "../library.ts";

/** Calls an address of the venue's that ccxt has no word of its own for. */
export function callImplicit(
  exchange: CcxtExchange,
  name: string,
  params: CcxtParams = {},
): Promise<CcxtRecord> {
  const call = (exchange as unknown as Record<string, CcxtImplicitCall>)[name];
  if (call === undefined) throw new TypeError(`ccxt has no ${name}`);
  return call.call(exchange, params);
}

/** The parameters that ccxt knows by the same name everywhere. */
export function commonParams(request: VenueOrderRequest): CcxtParams {
  const { timeInForce, type } = request;
  return {
    ...(request.reduceOnly ? { reduceOnly: true } : {}),
    ...(request.postOnly ? { postOnly: true } : {}),
    ...(timeInForce === "GTC" || type === "stop" ? {} : { timeInForce }),
    ...(type === "stop" ? { triggerPrice: request.triggerPrice } : {}),
  };
}

/** The order of ours in a list of ccxt's; null where it is in none. */
export function ownOrder(
  orders: readonly CcxtRecord[],
  ref: OrderRef,
): CcxtRecord | null {
  return orders.find((order) =>
    order.clientOrderId === ref.clientOrderId ||
    (ref.venueOrderId !== null && order.id === ref.venueOrderId)
  ) ?? null;
}

/** A nested object of an answer, empty where it is none. */
export function partOf(record: CcxtRecord, name: string): CcxtRecord {
  return recordOf(record[name]) ?? {};
}

/** The first object of a list of an answer, empty where there is none. */
export function firstOf(record: CcxtRecord, name: string): CcxtRecord {
  const list = record[name];
  return (Array.isArray(list) ? recordOf(list[0]) : null) ?? {};
}

/** Does something that a venue refuses where it is so already, which its error says by `words`. */
export async function unlessSaid(
  words: string,
  run: () => Promise<unknown>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Error && error.message.includes(words))) throw error;
  }
}

/**
 * A stop that was triggered lives on as an order of another id; the stop's own
 * record then tells nothing of its fills. This is that order under our id, or
 * the stop while it waits.
 */
export async function withTriggered(
  exchange: CcxtExchange,
  stop: CcxtRecord,
  options: { symbol: string; idNames: readonly string[] },
): Promise<CcxtRecord> {
  const info = recordOf(stop.info) ?? {};
  const id = options.idNames.map((name) => newestOf(info, name))
    .find((id) => id !== null && id !== "0");
  if (id === undefined || id === null) {
    if (stop.status !== "closed") return stop;
    throw new VenueError(
      "unknown",
      "A stop was triggered, and the venue does not tell its order yet",
    );
  }
  const order = await exchange.fetchOrder(id, options.symbol, {});
  const clientOrderId = textOf(stop, "clientOrderId") ??
    textOf(info, "algoClOrdId");
  const triggerPrice = stop.triggerPrice ?? stop.stopLossPrice;
  return { ...order, clientOrderId, triggerPrice };
}

/** An id, or the last one of a list of ids. */
function newestOf(info: CcxtRecord, name: string): string | null {
  const value = info[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return textOf({ last }, "last");
}

/** How a stop in a book of its own is named: by our id, which it keeps when it is triggered. */
export function stopParams(ref: OrderRef): CcxtParams {
  return {
    trigger: true,
    ...(ref.clientOrderId === "" ? {} : { clientOrderId: ref.clientOrderId }),
  };
}

/** Nothing to prepare. */
export function nothingToDo(): Promise<void> {
  return Promise.resolve();
}
