/**
 * Previous highs and lows, sessions and retracements by definition, with the
 * platform's own calendar.
 *
 * @module
 */
import type { Period } from "../../../../agents/smc/reference/period.ts";
import type { SessionWindow } from "../../../../agents/smc/reference/sessions.ts";
import type { Cells, Row } from "./frames.ts";
import type { Swing } from "./oracle_structure.ts";

const DAY = 86_400_000;
const LENGTHS = { minute: 60_000, hour: 3_600_000, day: DAY };

/** The label of the period that holds `at`: walks from the first period on. */
export function oracleLabel(
  at: number,
  { unit, count }: Period,
  firstAt: number,
): number {
  const midnight = new Date(firstAt).setUTCHours(0, 0, 0, 0);
  if (unit === "week") {
    let sunday = new Date(midnight);
    while (sunday.getUTCDay() !== 0) sunday = new Date(+sunday + DAY);
    let label = +sunday;
    while (at >= label + DAY) label += count * 7 * DAY;
    return label;
  }
  if (unit === "month") {
    const first = new Date(firstAt);
    const lastOf = (months: number) =>
      Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + months + 1, 0);
    let months = 0;
    while (at >= lastOf(months) + DAY) months += count;
    return lastOf(months);
  }
  const length = count * LENGTHS[unit];
  return midnight + Math.floor((at - midnight) / length) * length;
}

export function oraclePrevious(rows: readonly Row[], period: Period): Cells {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const label = oracleLabel(row.at, period, rows[0]!.at);
    groups.set(label, [...groups.get(label) ?? [], row]);
  }
  const labels = [...groups.keys()];
  const shown = rows.map(({ at }) =>
    labels.filter((label) => label < at).length - 2
  );
  const high = shown.map((index) =>
    index < 0 ? NaN : Math.fround(
      Math.max(...groups.get(labels[index]!)!.map(({ h }) => h)),
    )
  );
  const low = shown.map((index) =>
    index < 0 ? NaN : Math.fround(
      Math.min(...groups.get(labels[index]!)!.map(({ l }) => l)),
    )
  );
  const isBroken = (row: number, test: (candle: Row) => boolean) =>
    rows.slice(0, row + 1).some((candle, earlier) =>
        shown[earlier] === shown[row] && test(candle)
      )
      ? 1
      : 0;
  return {
    PreviousHigh: high,
    PreviousLow: low,
    BrokenHigh: rows.map((_, row) => isBroken(row, ({ h }) => h > high[row]!)),
    BrokenLow: rows.map((_, row) => isBroken(row, ({ l }) => l < low[row]!)),
  };
}

export function oracleSessions(
  rows: readonly Row[],
  { fromMinute, toMinute }: SessionWindow,
  shiftMinutes: number,
): Cells {
  const active = rows.map(({ at }) => {
    const time = new Date(at + shiftMinutes * 60_000);
    const minute = time.getUTCHours() * 60 + time.getUTCMinutes();
    return fromMinute < toMinute
      ? fromMinute <= minute && minute <= toMinute
      : minute >= fromMinute || minute <= toMinute;
  });
  const since = rows.map((_, row) => {
    let first = row;
    while (active[first - 1]) first--;
    return rows.slice(first, row + 1);
  });
  return {
    Active: active.map(Number),
    High: since.map((part, row) =>
      active[row] ? Math.fround(Math.max(...part.map(({ h }) => h))) : 0
    ),
    Low: since.map((part, row) =>
      active[row] ? Math.fround(Math.min(...part.map(({ l }) => l))) : 0
    ),
  };
}

/** Half to even at one decimal, from the decimal text, so without the product's arithmetic. */
function oneDecimal(value: number): number {
  const [below, above] = [
    Math.floor(value * 10),
    Math.ceil(value * 10),
  ];
  const [toBelow, toAbove] = [value * 10 - below, above - value * 10];
  if (toBelow === toAbove) return (below % 2 === 0 ? below : above) / 10;
  return (toBelow < toAbove ? below : above) / 10;
}

export function oracleRetracements(
  rows: readonly Row[],
  swings: readonly Swing[],
): Cells {
  const dir: number[] = [], cur: number[] = [], deep: number[] = [];
  let top = 0, bottom = 0;
  rows.forEach(({ h, l }, i) => {
    const swing = swings.find(({ row }) => row === i);
    dir[i] = swing?.type ?? dir[i - 1] ?? 0;
    if (swing?.type === 1) top = swing.level;
    if (swing?.type === -1) bottom = swing.level;
    cur[i] = 0;
    deep[i] = 0;
    if (dir[i - 1] === 1) {
      const share = top === bottom ? null : (l - bottom) / (top - bottom);
      cur[i] = share === null ? 0 : oneDecimal(100 - share * 100);
      deep[i] = Math.max(deep[i - 1]!, cur[i]!);
    }
    if (dir[i] === -1) {
      const share = top === bottom ? null : (h - top) / (bottom - top);
      cur[i] = share === null ? 0 : oneDecimal(100 - share * 100);
      deep[i] = Math.max(dir[i - 1] === -1 ? deep[i - 1]! : 0, cur[i]!);
    }
  });
  const [direction, current, deepest] = [dir, cur, deep].map((column) => [
    ...column.slice(-1),
    ...column.slice(0, -1),
  ]) as [number[], number[], number[]];
  const changes = direction.flatMap((value, row) =>
    row + 1 < direction.length && value !== direction[row + 1] ? [row + 1] : []
  );
  const firstShown = changes.length < 3 ? rows.length - 1 : changes[2]! + 1;
  const shown = (column: number[]) =>
    column.map((value, row) => row < firstShown ? 0 : value);
  return {
    Direction: shown(direction),
    "CurrentRetracement%": shown(current),
    "DeepestRetracement%": shown(deepest),
  };
}
