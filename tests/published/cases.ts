/** ccxt's published cases: what its files hold, and which of them are about orders. */

/** A case of a request or of an answer. */
export interface PublishedCase {
  description?: string;
  disabled?: boolean;
  /** Settings that a case wants; ours are others, so it is left out. */
  options?: unknown;
  input: unknown[];
  url?: string;
  output?: string | null;
  httpResponse?: unknown;
  parsedResponse?: unknown;
}

/** A file of cases. */
export interface PublishedFile {
  skipKeys?: string[];
  methods: Record<string, PublishedCase[]>;
}

/** Methods that the gateway calls for orders, trades and what is held. */
export const ORDER_METHODS = [
  "createOrder",
  "cancelOrder",
  "cancelAllOrders",
  "cancelAllOrdersAfter",
  "fetchOrder",
  "fetchOpenOrders",
  "fetchMyTrades",
  "fetchPositions",
  "fetchBalance",
  "setLeverage",
] as const;

/** Fields that differ each time, or by settings of ours that change no order. */
const PASSING = ["timestamp", "signature", "nonce", "recvWindow"];

/** Requests by which our settings send the same order alone instead of in a batch of one. */
const SAME_ROUTES: Readonly<Record<string, string>> = {
  "/api/v5/trade/batch-orders": "/api/v5/trade/order",
};

/** A request as path and sorted fields, whatever host it goes to. */
export function toComparable(
  request: { url: string; body: string | null },
  skipKeys: readonly string[],
): string {
  const url = new URL(request.url, "http://host");
  const fields = Object.entries({
    ...Object.fromEntries(url.searchParams),
    ...bodyOf(request.body ?? ""),
  }).filter(([name]) => ![...PASSING, ...skipKeys].includes(name));
  return JSON.stringify([
    SAME_ROUTES[url.pathname] ?? url.pathname,
    Object.fromEntries(fields.sort(([a], [b]) => a < b ? -1 : 1)),
  ]);
}

function bodyOf(text: string): Record<string, unknown> {
  if (!/^[[{]/.test(text)) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  const value: unknown = JSON.parse(text);
  return (Array.isArray(value) && value.length === 1
    ? value[0]
    : value) as Record<string, unknown>;
}

/** The first text of a case's input that names a market, or null. */
export function symbolOf({ input }: PublishedCase): string | null {
  const symbol = input.flat().find((value) =>
    typeof value === "string" && /^[\w.]+\/[\w.]+/.test(value)
  );
  return typeof symbol === "string" ? symbol : null;
}
