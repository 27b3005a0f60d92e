/**
 * Ids of ccxt's exchanges, so that what a user writes is looked up and never
 * becomes a path. A test holds them against the installed version.
 *
 * @module
 */

/** Exchanges whose own streams ccxt can listen to. */
export const STREAMING_IDS: readonly string[] =
  ("alpaca apex aster backpack bequant binance binancecoinm binanceus " +
    "binanceusdm bingx bitfinex bitget bithumb bitopro bitrue bitstamp " +
    "bittrade bitvavo blockchaincom blofin bullish bybit bybiteu bybitid " +
    "bydfi cex coinbase coinbaseexchange coinbaseinternational coincheck " +
    "coinex coinone cryptocom deepcoin deribit derive dydx extended gate " +
    "gateeu gemini grvt hashkey hitbtc hollaex htx hyperliquid " +
    "independentreserve kraken krakenfutures kucoin kucoinfutures lbank " +
    "lighter luno mexc modetrade mudrex myokx nado ndax okx okxus " +
    "onetrading p2b pacifica paradex phemex poloniex toobit upbit weex " +
    "whitebit woo woofipro xt").split(" ");

/** Exchanges that have to be asked for news. */
export const REST_ONLY_IDS: readonly string[] =
  ("bigone bit2c bitbank bitbns bitflyer bitso bitteam btcbox btcmarkets " +
    "btcturk btse coinmate coinsph coinspot cryptomus delta digifinex " +
    "fmfwio foxbit hibachi indodax latoken mercado paymium revolutx " +
    "tokocrypto zaif zebpay").split(" ");
