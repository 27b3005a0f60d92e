import { codes, createCodeTable, isWithin, textOf } from "../code_table.ts";

/**
 * Binance's error codes, of spot and of USD-M futures.
 *
 * Source: developers.binance.com, "Error codes" of both interfaces.
 */
export const BINANCE_CODES = createCodeTable({
  read: (body) => {
    const code = textOf(body, "code");
    const message = textOf(body, "msg");
    return code === null || message === null || Number(code) >= 0
      ? null
      : { code, message };
  },
  meanings: {
    // The outcome is not known: internal error, disconnected, no answer in time, overloaded.
    ...codes("unknown", "-1000 -1001 -1006 -1007 -1008"),
    ...codes("rate_limited", "-1003 -1015"),
    ...codes("clock", "-1021 -5028"),
    ...codes("maintenance", "-1016 -2016"),
    ...codes("auth", "-1002 -1022 -2008 -2014 -2015"),
    ...codes("refused", "-1010 -1013 -1020 -2010 -2011 -2018 -2019 -2020"),
    ...codes("refused", "-2021 -2022 -2023 -2024 -2025 -2026 -2027 -2028"),
    ...codes("refused", "-5021 -5022"),
    ...codes("not_found", "-2013"),
    ...codes("duplicate", "-4116"),
  },
  sentences: [
    ["-2010", "Duplicate order sent", "duplicate"],
    ["-2011", "Unknown order", "not_found"],
  ],
  // Bad parameters, and the filters of futures.
  otherwise: (code) =>
    isWithin(code, -1199, -1100) || isWithin(code, -4999, -4000)
      ? "refused"
      : null,
  // Both come from the counter in front of the engine.
  provenRateStatuses: [418, 429],
});
