/** Special rules of previous highs and lows and of sessions, each by one example. */
import assert from "node:assert/strict";
import { computeReference } from "../../../../agents/smc/reference/mod.ts";
import {
  createCalendar,
  tryPeriod,
} from "../../../../agents/smc/reference/period.ts";
import {
  SESSION_WINDOWS,
  sessions,
  tryMinuteOfDay,
  tryShiftMinutes,
} from "../../../../agents/smc/reference/sessions.ts";
import { MINUTE, OPTIONS, type Row, toColumns } from "./frames.ts";

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One candle a step; its price is the number of days since the start. */
function steady(
  start: number,
  { days, stepMs }: { days: number; stepMs: number },
) {
  const rows: Row[] = [];
  for (let at = start; at < start + days * DAY; at += stepMs) {
    const price = Math.floor((at - start) / DAY) + 1;
    rows.push({ at, o: price, h: price, l: price, c: price, v: 0 });
  }
  return rows;
}

/** What the candle of a time sees as the previous high. */
function previousHigh(rows: readonly Row[], timeFrame: string, at: number) {
  const [high] = computeReference("previous_high_low", toColumns(rows), {
    ...OPTIONS,
    period: tryPeriod(timeFrame)!,
  });
  return high!.values[rows.findIndex((row) => row.at === at)];
}

// 2022-10-10 is a Monday.
const MONDAY = Date.UTC(2022, 9, 10);

Deno.test("previous_high_low shows the day before yesterday at midnight, then yesterday", () => {
  const rows = steady(MONDAY, { days: 4, stepMs: HOUR });
  const third = MONDAY + 2 * DAY;
  assert.equal(previousHigh(rows, "1D", third), 1);
  assert.equal(previousHigh(rows, "1D", third + HOUR), 2);
  assert.equal(previousHigh(rows, "1D", MONDAY + DAY), NaN);
});

Deno.test("previous_high_low skips days without a candle", () => {
  const rows = steady(MONDAY, { days: 6, stepMs: HOUR })
    .filter(({ c }) => c !== 3 && c !== 4);
  assert.equal(previousHigh(rows, "1D", MONDAY + 4 * DAY + HOUR), 2);
});

Deno.test("previous_high_low shows the week two back, except on Sunday after 00:00", () => {
  const rows = steady(MONDAY, { days: 28, stepMs: 12 * HOUR });
  const wednesday = Date.UTC(2022, 9, 26);
  assert.equal(previousHigh(rows, "W", wednesday), 7);
  const sunday = Date.UTC(2022, 9, 30);
  assert.equal(previousHigh(rows, "W", sunday), 7);
  assert.equal(previousHigh(rows, "W", sunday + 12 * HOUR), 14);
});

Deno.test("previous_high_low reads 15m as 15 months", () => {
  const start = Date.UTC(2020, 0, 15);
  const rows = steady(start, { days: 1_400, stepMs: DAY });
  // Groups end in January 2020, April 2021, July 2022, October 2023.
  const at = Date.UTC(2022, 9, 1);
  const endOfJanuary = 17;
  assert.equal(
    previousHigh(rows, "15m", at),
    endOfJanuary + (Date.UTC(2021, 4, 1) - Date.UTC(2020, 1, 1)) / DAY,
  );
});

Deno.test("previous_high_low remembers a break until it shows another period", () => {
  const highs = [5, 5, 6, 4, 4, 4];
  const rows = highs.map((h, index) => ({
    at: MONDAY + (index + 1) * 12 * HOUR,
    o: h,
    h,
    l: h,
    c: h,
    v: 0,
  }));
  const columns = computeReference("previous_high_low", toColumns(rows), {
    ...OPTIONS,
    period: tryPeriod("1D")!,
  });
  assert.deepEqual(columns.map(({ values }) => [...values]), [
    [NaN, NaN, 5, 5, 6, 6],
    [NaN, NaN, 5, 5, 5, 5],
    [0, 0, 1, 1, 0, 0],
    [0, 0, 0, 1, 1, 1],
  ]);
});

Deno.test("createCalendar() knows the leap day of the end of an era", () => {
  const label = createCalendar({ unit: "month", count: 1 }, 0);
  assert.equal(
    label(Date.UTC(2000, 1, 29, 23)).label,
    Date.UTC(2000, 1, 29),
  );
  assert.equal(label(Date.UTC(2000, 2, 1)).label, Date.UTC(2000, 2, 31));
});

Deno.test("tryPeriod() reads pandas' names and refuses all others", () => {
  const known: [string, string][] = [
    ["15min", "15 minute"],
    ["7T", "7 minute"],
    ["4h", "4 hour"],
    ["4H", "4 hour"],
    ["D", "1 day"],
    ["2W", "2 week"],
    ["M", "1 month"],
    ["15m", "15 month"],
  ];
  for (const [text, expected] of known) {
    const period = tryPeriod(text)!;
    assert.equal(`${period.count} ${period.unit}`, expected, text);
  }
  for (
    const text of ["", "15", "0h", "-1D", "1.5h", "3Y", "MS", "Q", "1D12h"]
  ) {
    assert.equal(tryPeriod(text), null, text);
  }
});

/** Times of the active candles of a day of quarter hours, as `HH:MM`. */
function activeTimes(
  { name, from, to, zone = "UTC" }: {
    name?: string;
    from?: string;
    to?: string;
    zone?: string;
  },
): string[] {
  const rows = steady(MONDAY, { days: 1, stepMs: 15 * MINUTE });
  const window = name === undefined
    ? {
      fromMinute: tryMinuteOfDay(from!)!,
      toMinute: tryMinuteOfDay(to!)!,
    }
    : SESSION_WINDOWS[name]!;
  const { Active } = sessions(toColumns(rows), {
    window,
    shiftMinutes: tryShiftMinutes(zone)!,
  });
  return rows.filter((_, row) => Active[row] === 1)
    .map(({ at }) => new Date(at).toISOString().slice(11, 16));
}

Deno.test("sessions include both ends", () => {
  const times = activeTimes({ name: "London" });
  assert.deepEqual([times[0], times.at(-1)], ["07:00", "16:00"]);
});

Deno.test("sessions go over midnight, and all day when start and end are equal", () => {
  const night = activeTimes({ name: "Sydney" });
  assert(night.includes("06:00") && night.includes("21:00"));
  assert(!night.includes("06:15") && !night.includes("20:45"));
  assert.equal(activeTimes({ from: "09:00", to: "09:00" }).length, 96);
});

Deno.test("sessions turn the sign of a time zone around, as the package does", () => {
  const times = activeTimes({ name: "London", zone: "UTC+3" });
  assert.deepEqual([times[0], times.at(-1)], ["04:00", "13:00"]);
  assert.equal(tryShiftMinutes("UTC+3"), 180);
  assert.equal(tryShiftMinutes("GMT-14"), -840);
  for (const zone of ["UTC+13", "UTC-15", "UTC+5:30", "UTC+03", "utc", "EST"]) {
    assert.equal(tryShiftMinutes(zone), null, zone);
  }
});

Deno.test("sessions join two days where no row lies between them", () => {
  const rows = [[DAY + 8 * HOUR, 9], [DAY + 9 * HOUR, 5], [
    3 * DAY + 8 * HOUR,
    6,
  ]]
    .map(([at, h]) => ({ at: at!, o: h!, h: h!, l: h!, c: h!, v: 0 }));
  const { High, Low } = sessions(toColumns(rows), {
    window: SESSION_WINDOWS["London"]!,
    shiftMinutes: 0,
  });
  assert.deepEqual([...High], [9, 9, 9]);
  assert.deepEqual([...Low], [9, 5, 5]);
});

Deno.test("tryMinuteOfDay() reads times of a day only", () => {
  assert.equal(tryMinuteOfDay("07:30"), 450);
  assert.equal(tryMinuteOfDay("7:5"), 425);
  for (const text of ["24:00", "07:60", "7", "07:30:00", ""]) {
    assert.equal(tryMinuteOfDay(text), null, text);
  }
});
