import { randomUUID } from "node:crypto";
import { MARGIN_ASSET } from "../engine/futures_account.ts";
import { toText } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import { type Call, type Route, routes } from "./call.ts";
import {
  futuresAccount,
  leverageBracket,
  positionRisk,
} from "./futures_answers.ts";
import { page, readLimit, readWindow } from "./order_params.ts";

/** Account, settings, dead man's switch and listen key of the futures half. */
export function futuresAccountRoutes(): Route[] {
  const shared = { market: "futures", security: "signed" } as const;
  return [
    ...routes({ ...shared, kind: "account" }, [
      [
        "GET",
        "/fapi/v2/account",
        5,
        ({ venue }) => futuresAccount(venue, "v2"),
      ],
      [
        "GET",
        "/fapi/v3/account",
        5,
        ({ venue }) => futuresAccount(venue, "v3"),
      ],
      ["GET", "/fapi/v2/balance", 5, balance],
      ["GET", "/fapi/v3/balance", 5, balance],
      ["GET", "/fapi/v2/positionRisk", 5, (call) => positions(call, "v2")],
      ["GET", "/fapi/v3/positionRisk", 5, (call) => positions(call, "v3")],
    ]),
    ...routes({ ...shared, kind: "income" }, [
      ["GET", "/fapi/v1/income", 30, income],
    ]),
    ...routes({ ...shared, kind: "settings" }, [
      ["POST", "/fapi/v1/leverage", 1, setLeverage],
      ["POST", "/fapi/v1/marginType", 1, setMarginType],
      ["GET", "/fapi/v1/symbolConfig", 5, symbolConfig],
      [
        "GET",
        "/fapi/v1/leverageBracket",
        1,
        ({ venue }) => venue.engines.futures.markets().map(leverageBracket),
      ],
      ["GET", "/fapi/v1/commissionRate", 20, commissionRate],
      ["GET", "/fapi/v1/positionSide/dual", 30, () => ({
        dualSidePosition: false,
      })],
      ["POST", "/fapi/v1/positionSide/dual", 1, setPositionMode],
      ["GET", "/fapi/v1/multiAssetsMargin", 30, () => ({
        multiAssetsMargin: false,
      })],
    ]),
    ...routes({ ...shared, kind: "deadMan" }, [
      ["POST", "/fapi/v1/countdownCancelAll", 10, countdownCancelAll],
    ]),
    ...routes({ ...shared, kind: "userStream", security: "key" }, [
      ["POST", "/fapi/v1/listenKey", 1, openListenKey],
      ["PUT", "/fapi/v1/listenKey", 1, keepListenKey],
      ["DELETE", "/fapi/v1/listenKey", 1, ({ venue }) => {
        venue.listenKeys.clear();
        return {};
      }],
    ]),
  ];
}

function balance({ venue }: Call): unknown {
  const { assets } = futuresAccount(venue, "v3") as {
    assets: Record<string, unknown>[];
  };
  return assets.map((asset) => ({
    accountAlias: "fake",
    asset: asset["asset"],
    balance: asset["walletBalance"],
    crossWalletBalance: asset["crossWalletBalance"],
    crossUnPnl: asset["crossUnPnl"],
    availableBalance: asset["availableBalance"],
    maxWithdrawAmount: asset["maxWithdrawAmount"],
    marginAvailable: true,
    updateTime: venue.clock.now(),
  }));
}

/** The newer version tells only what is held; the older one every symbol. */
function positions({ params, venue }: Call, version: "v2" | "v3"): unknown {
  const symbol = params.text("symbol");
  if (symbol !== null) venue.engines.futures.market(symbol);
  return venue.account.positions().filter((position) =>
    (symbol ?? position.symbol) === position.symbol &&
    (version === "v2" || position.quantity !== 0n)
  ).map((position) => positionRisk(venue, position, version));
}

function income({ params, venue }: Call): unknown {
  const { isWithin, isFromStart } = readWindow(params);
  const symbol = params.text("symbol");
  const type = params.text("incomeType");
  const rows = venue.income.filter((row) =>
    (symbol ?? row.symbol) === row.symbol && (type ?? row.type) === row.type &&
    isWithin(row.at)
  );
  return page(rows, { limit: readLimit(params), isFromStart }).map((row) => ({
    symbol: row.symbol,
    incomeType: row.type,
    income: toText(row.amount),
    asset: MARGIN_ASSET,
    time: row.at,
    info: row.type,
    tranId: String(row.id),
    tradeId: "",
  }));
}

function setLeverage({ params, venue }: Call): unknown {
  const symbol = params.required("symbol");
  venue.engines.futures.market(symbol);
  const leverage = params.integer("leverage") ?? 0;
  if (leverage < 1 || leverage > 125) {
    throw new Refusal(-4028, `Leverage ${leverage} is not valid`);
  }
  venue.account.position(symbol).leverage = leverage;
  return { leverage, maxNotionalValue: "20000000", symbol };
}

function setMarginType({ params, venue }: Call): unknown {
  const symbol = params.required("symbol");
  venue.engines.futures.market(symbol);
  const sent = params.choice("marginType", ["ISOLATED", "CROSSED"]);
  const marginType = sent === "ISOLATED" ? "isolated" : "cross";
  const position = venue.account.position(symbol);
  if (position.marginType === marginType) {
    throw new Refusal(-4046, "No need to change margin type.");
  }
  if (venue.engines.futures.orders.open(symbol).length > 0) {
    throw new Refusal(
      -4047,
      "Margin type cannot be changed if there exists open orders.",
    );
  }
  if (position.quantity !== 0n) {
    throw new Refusal(
      -4048,
      "Margin type cannot be changed if there exists position.",
    );
  }
  position.marginType = marginType;
  return { code: 200, msg: "success" };
}

function symbolConfig({ params, venue }: Call): unknown {
  const symbol = params.text("symbol");
  return venue.account.positions().filter((position) =>
    (symbol ?? position.symbol) === position.symbol
  ).map((position) => ({
    symbol: position.symbol,
    marginType: position.marginType === "cross" ? "CROSSED" : "ISOLATED",
    isAutoAddMargin: false,
    leverage: position.leverage,
    maxNotionalValue: "20000000",
  }));
}

function commissionRate({ params, venue }: Call): unknown {
  const symbol = params.required("symbol");
  venue.engines.futures.market(symbol);
  return {
    symbol,
    makerCommissionRate: toText(venue.fees.futures.maker, 6),
    takerCommissionRate: toText(venue.fees.futures.taker, 6),
  };
}

function setPositionMode({ params }: Call): unknown {
  if (params.flag("dualSidePosition")) {
    throw new Refusal(-4068, "Position side cannot be changed here.");
  }
  throw new Refusal(-4059, "No need to change position side.");
}

/** Cancels the orders of a symbol when it is not asked again in time; conditional ones stay. */
function countdownCancelAll({ params, venue }: Call): unknown {
  const symbol = params.required("symbol");
  const engine = venue.engines.futures;
  engine.market(symbol);
  const countdownMs = params.integer("countdownTime") ?? 0;
  venue.deadMan.get(symbol)?.();
  venue.deadMan.delete(symbol);
  if (countdownMs > 0) {
    const takeBack = venue.clock.after(countdownMs, () => {
      venue.deadMan.delete(symbol);
      for (const order of engine.orders.open(symbol)) engine.cancel(order);
    });
    venue.deadMan.set(symbol, takeBack);
  }
  return { symbol, countdownTime: String(countdownMs) };
}

function openListenKey({ venue }: Call): unknown {
  // As at Binance: while one is valid, the same key comes back.
  const [held] = venue.listenKeys;
  const listenKey = held ?? randomUUID().replaceAll("-", "");
  venue.listenKeys.add(listenKey);
  return { listenKey };
}

function keepListenKey({ venue }: Call): unknown {
  const [listenKey] = venue.listenKeys;
  if (listenKey !== undefined) return { listenKey };
  throw new Refusal(-1125, "This listenKey does not exist.");
}
