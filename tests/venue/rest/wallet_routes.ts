import { toText } from "../money/units.ts";
import type { VenueState } from "../state.ts";
import { type Route, routes } from "./call.ts";

/** Endpoints under `/sapi`: status, rights of the key, and the lists that ccxt loads with its markets. */
export function walletRoutes(): Route[] {
  const shared = { market: "spot", security: "signed" } as const;
  return [
    ...routes({ ...shared, kind: "status", security: "none" }, [
      [
        "GET",
        "/sapi/v1/system/status",
        1,
        ({ venue }) =>
          venue.faults.isInMaintenance
            ? { status: 1, msg: "system_maintenance" }
            : { status: 0, msg: "normal" },
      ],
    ]),
    ...routes({ ...shared, kind: "rights" }, [
      [
        "GET",
        "/sapi/v1/account/apiRestrictions",
        1,
        ({ venue }) => apiRestrictions(venue),
      ],
    ]),
    ...routes({ ...shared, kind: "market" }, [
      [
        "GET",
        "/sapi/v1/capital/config/getall",
        10,
        ({ venue }) => currencies(venue),
      ],
      ["GET", "/sapi/v1/margin/allPairs", 1, () => []],
      ["GET", "/sapi/v1/margin/isolated/allPairs", 10, () => []],
      ["GET", "/sapi/v1/asset/tradeFee", 1, ({ venue }) => tradeFees(venue)],
    ]),
  ];
}

function apiRestrictions(venue: VenueState): unknown {
  return {
    ...venue.rights,
    createTime: 1_700_000_000_000,
    enableMargin: false,
    permitsUniversalTransfer: venue.rights.enableInternalTransfer,
    enableVanillaOptions: false,
    enableFixApiTrade: false,
    enableFixReadOnly: false,
    enablePortfolioMarginTrading: false,
  };
}

function currencies({ specs }: VenueState): unknown {
  const coins = [...new Set(["USDT", ...specs.map(({ base }) => base)])];
  return coins.map((coin) => ({
    coin,
    name: coin,
    trading: true,
    depositAllEnable: true,
    withdrawAllEnable: true,
    free: "0",
    locked: "0",
    isLegalMoney: false,
    networkList: [],
  }));
}

function tradeFees(venue: VenueState): unknown {
  return venue.specs.filter(({ kind }) => kind === "spot").map(({ id }) => ({
    symbol: id,
    makerCommission: toText(venue.fees.spot.maker, 6),
    takerCommission: toText(venue.fees.spot.taker, 6),
  }));
}
