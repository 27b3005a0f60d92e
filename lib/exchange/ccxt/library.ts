/**
 * The part of ccxt that is used, and how one exchange of it is loaded. The whole
 * library takes 0.3 s and 80 MB, one exchange a third of that.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest.ts";
import { REST_ONLY_IDS, STREAMING_IDS } from "./exchange_ids.ts";

/** Any object of ccxt's; fields are read one by one and checked. */
export type CcxtRecord = Readonly<Record<string, unknown>>;

/** A market as ccxt describes it. Numbers are texts, because {@link CcxtExchange.number} is `String`. */
export interface CcxtMarket {
  symbol: string;
  id: string;
  base: string;
  quote: string;
  type: string;
  spot?: boolean;
  swap?: boolean;
  linear?: boolean;
  active?: boolean;
  contractSize?: unknown;
  maker?: unknown;
  taker?: unknown;
  precision: { amount?: unknown; price?: unknown };
  limits: Readonly<
    Record<string, { min?: unknown; max?: unknown } | undefined>
  >;
}

/** What a request of ccxt's `create_order` and its like take last. */
export type CcxtParams = Record<string, unknown>;

/** Fetches for ccxt; see `transport.ts`. */
export type FetchImplementation = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body: string | undefined;
    signal: AbortSignal;
  },
) => Promise<unknown>;

/** An exchange of ccxt, the part that is used. */
export interface CcxtExchange {
  id: string;
  has: Readonly<Record<string, unknown>>;
  urls: Record<string, unknown>;
  options: Record<string, unknown>;
  hostname?: string;
  precisionMode: number;
  timeout: number;
  markets?: Readonly<Record<string, CcxtMarket>>;
  clients: Record<string, unknown>;
  fetchImplementation: FetchImplementation;
  number: (text: unknown) => unknown;
  milliseconds(): number;
  nonce(): number;
  iso8601(ms: number): string;
  /** See {@link loadMarketsOf}. */
  loadMarkets(
    reload?: boolean,
  ): Promise<Readonly<Record<string, CcxtMarket>>>;
  fetchTime(): Promise<number | undefined>;
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: string,
    price: string | undefined,
    params: CcxtParams,
  ): Promise<CcxtRecord>;
  cancelOrder(
    id: string | undefined,
    symbol: string,
    params: CcxtParams,
  ): Promise<CcxtRecord>;
  cancelAllOrders(symbol: string, params?: CcxtParams): Promise<unknown>;
  cancelAllOrdersAfter(timeoutMs: number): Promise<unknown>;
  fetchOrder(
    id: string | undefined,
    symbol: string,
    params: CcxtParams,
  ): Promise<CcxtRecord>;
  fetchOpenOrders: CcxtList;
  fetchClosedOrders: CcxtList;
  fetchCanceledOrders: CcxtList;
  fetchOrders: CcxtList;
  fetchMyTrades: CcxtList;
  fetchFundingHistory: CcxtList;
  fetchPositions(
    symbols: readonly string[] | undefined,
    params?: CcxtParams,
  ): Promise<readonly CcxtRecord[]>;
  fetchBalance(params?: CcxtParams): Promise<CcxtRecord>;
  setMarginMode(
    mode: string,
    symbol: string,
    params?: CcxtParams,
  ): Promise<unknown>;
  setLeverage(
    leverage: number,
    symbol: string,
    params?: CcxtParams,
  ): Promise<unknown>;
  watchOrders: CcxtList;
  watchMyTrades: CcxtList;
  watchPositions(
    symbols: readonly string[] | undefined,
  ): Promise<readonly CcxtRecord[]>;
  close(): Promise<void>;
}

/** A call of ccxt's that answers with a list. */
export type CcxtList = (
  symbol: string | undefined,
  since?: number,
  limit?: number,
  params?: CcxtParams,
) => Promise<readonly CcxtRecord[]>;

/** A call that ccxt makes of an address of the venue's, for instance `sapiGetAccountApiRestrictions`. */
export type CcxtImplicitCall = (params: CcxtParams) => Promise<CcxtRecord>;

/** Makes an exchange. */
export type CcxtClass = new (config: Record<string, unknown>) => CcxtExchange;

/**
 * Whether ccxt has an exchange of this id.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN, with near ids in the sentence.
 */
export function checkExchangeId(id: string): void {
  if (isStreaming(id) || REST_ONLY_IDS.includes(id)) return;
  const ids = [...STREAMING_IDS, ...REST_ONLY_IDS];
  throw new AppError(
    "EXCHANGE_UNKNOWN",
    `There is no exchange ${JSON.stringify(id)}.${
      suggest(id, ids)
    } Known are ${ids.length}, for instance binance, bybit, kraken`,
    { status: 422 },
  );
}

/** Whether ccxt can listen to an exchange's own streams. */
export function isStreaming(id: string): boolean {
  return STREAMING_IDS.includes(id);
}

/**
 * Loads one exchange. The import map of deno.json names the two folders; no
 * bundle holds them, so a worker loads no more than it needs.
 *
 * @throws {AppError} EXCHANGE_UNKNOWN if ccxt has none of this id.
 */
export async function loadExchange(id: string): Promise<CcxtClass> {
  checkExchangeId(id);
  // A variable, so that the bundler leaves the import to the start of the worker.
  const folder: string = isStreaming(id) ? "ccxt/pro/" : "ccxt/rest/";
  const { default: Exchange } = await import(`${folder}${id}.js`);
  return Exchange as CcxtClass;
}

/**
 * Loads the markets of an exchange, by a request of its own each time: the
 * library remembers a load that failed and answers with its error ever after. An
 * answer that it cannot read it takes for one without markets.
 *
 * @throws {Error} Of the library's, or one that says that there are no markets.
 */
export async function loadMarketsOf(
  exchange: Pick<CcxtExchange, "loadMarkets">,
): Promise<void> {
  const markets = await exchange.loadMarkets(true);
  if (Object.keys(markets).length > 0) return;
  throw new Error("its list of markets is empty or cannot be read");
}
