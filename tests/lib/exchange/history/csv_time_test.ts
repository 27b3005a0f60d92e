import assert from "node:assert/strict";
import { parseTime } from "../../../../lib/exchange/history/csv_time.ts";

const AT = Date.UTC(2024, 0, 31, 13, 5);

Deno.test("parseTime() reads numbers by their size and dates with the year first", () => {
  const times: Readonly<Record<string, number>> = {
    [String(AT)]: AT,
    [String(AT / 1_000)]: AT,
    [`${AT}000`]: AT,
    [`${AT}000000`]: AT,
    "2024-01-31T13:05:00Z": AT,
    "2024-01-31 13:05": AT,
    "2024-01-31 13:05:00 UTC": AT,
    "2024-01-31T14:05+01:00": AT,
    "2024-01-31T08:05:00.000-0500": AT,
    "2024/01/31 13:05:00": AT,
    "20240131 130500": AT,
    "20240131130500": AT,
    "2024-01-31 01:05 PM": AT,
    "2024-01-31 01-PM": AT - 5 * 60_000,
    "2024-01-31 12-AM": Date.UTC(2024, 0, 31),
    "2024-01-31": Date.UTC(2024, 0, 31),
    "20240131": Date.UTC(2024, 0, 31),
    "2024.01.31": Date.UTC(2024, 0, 31),
    "0": 0,
  };
  for (const [text, ms] of Object.entries(times)) {
    assert.equal(parseTime(text)?.ms, ms, text);
  }
});

Deno.test("parseTime() refuses what is no time, or might be two", () => {
  for (
    const text of [
      "",
      "soon",
      "31/01/2024",
      "01-31-2024",
      "2024-02-30",
      "2024-01-31 25:00",
      "2024-01-31 13-PM",
      "2024-1-1",
      "-5",
      "1e9",
      "NaN",
      `${AT}123`,
    ]
  ) assert.equal(parseTime(text), null, text);
});
