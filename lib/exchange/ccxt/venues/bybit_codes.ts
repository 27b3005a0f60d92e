import { codes, createCodeTable, isWithin, textOf } from "../code_table.ts";

/**
 * Bybit's return codes of its interface V5.
 *
 * Source: bybit-exchange.github.io/docs/v5/error.
 */
export const BYBIT_CODES = createCodeTable({
  read: (body) => {
    const code = textOf(body, "retCode");
    return code === null || code === "0"
      ? null
      : { code, message: textOf(body, "retMsg") ?? "" };
  },
  meanings: {
    ...codes("unknown", "10000 10016 170001 170007 170146 170147 170234"),
    ...codes("rate_limited", "10006 10018 10429 170005 170222"),
    ...codes("clock", "10002"),
    ...codes("auth", "10003 10004 10005 10007 10008 10009 10010 10024 10027"),
    ...codes("auth", "10028 33004"),
    ...codes("refused", "10001 10017 10029"),
    ...codes("not_found", "110001 110008 110010 170139 170142 170143 170213"),
    ...codes("duplicate", "110072 170141"),
  },
  // Checks of an order, of perpetuals and of spot.
  otherwise: (code) =>
    isWithin(code, 110000, 110999) || isWithin(code, 170100, 170999) ||
      isWithin(code, 175000, 175999)
      ? "refused"
      : null,
});
