/**
 * The definitions of docs/smc.md word for word: slow, and in another shape than
 * the product. Swings, gaps, structure.
 *
 * @module
 */
import type { Cells, Row } from "./frames.ts";

const blank = (rows: readonly Row[]) => rows.map(() => NaN);

/** A swing as the oracle passes it on. */
export interface Swing {
  row: number;
  type: number;
  level: number;
}

/** Standing swings with bookends. */
export function oracleSwings(rows: readonly Row[], length: number): Swing[] {
  const candidates: Swing[] = [];
  rows.forEach(({ h, l }, row) => {
    if (row < 2 * length - 1 || row > rows.length - 1 - length) return;
    const around = rows.slice(row - length + 1, row + length + 1);
    if (around.every((other) => other.h <= h)) {
      candidates.push({ row, type: 1, level: h });
    } else if (around.every((other) => other.l >= l)) {
      candidates.push({ row, type: -1, level: l });
    }
  });
  const runs: Swing[][] = [];
  for (const candidate of candidates) {
    const run = runs.at(-1);
    if (run?.at(0)?.type === candidate.type) run!.push(candidate);
    else runs.push([candidate]);
  }
  const kept = runs.map((run) =>
    run.find(({ type, level }) =>
      run.every((other) => type * other.level <= type * level)
    )!
  );
  if (kept.length === 0) return [];
  const bookend = (row: number, neighbour: Swing): Swing => ({
    row,
    type: -neighbour.type,
    level: neighbour.type === 1 ? rows[row]!.l : rows[row]!.h,
  });
  return [
    bookend(0, kept[0]!),
    ...kept,
    bookend(rows.length - 1, kept.at(-1)!),
  ];
}

export function oracleSwingCells(rows: readonly Row[], length: number): Cells {
  const cells = { HighLow: blank(rows), Level: blank(rows) };
  for (const { row, type, level } of oracleSwings(rows, length)) {
    cells.HighLow[row] = type;
    cells.Level[row] = level;
  }
  return cells;
}

export function oracleGaps(rows: readonly Row[], isJoined: boolean): Cells {
  const gaps = rows.map(({ o, c }, row) => {
    const before = rows[row - 1];
    const after = rows[row + 1];
    if (!before || !after) return null;
    if (c > o && before.h < after.l) {
      return { side: 1, top: after.l, bottom: before.h };
    }
    if (c < o && before.l > after.h) {
      return { side: -1, top: before.l, bottom: after.h };
    }
    return null;
  });
  for (let row = 0; isJoined && row < gaps.length - 1; row++) {
    const here = gaps[row]!;
    const next = gaps[row + 1]!;
    if (here === null || next === null || here.side !== next.side) continue;
    next.top = Math.max(here.top, next.top);
    next.bottom = Math.min(here.bottom, next.bottom);
    gaps[row] = null;
  }
  const touch = gaps.map((gap, row) =>
    gap === null ? NaN : Math.max(
      0,
      rows.findIndex(({ h, l }, later) =>
        later >= row + 2 &&
        (gap.side === 1 ? l <= gap.top : h >= gap.bottom)
      ),
    )
  );
  return {
    FVG: gaps.map((gap) => gap?.side ?? NaN),
    Top: gaps.map((gap) => gap?.top ?? NaN),
    Bottom: gaps.map((gap) => gap?.bottom ?? NaN),
    MitigatedIndex: touch,
  };
}

export function oracleStructure(
  rows: readonly Row[],
  swings: readonly Swing[],
  isCloseBreak: boolean,
): Cells {
  const zero = () => rows.map(() => 0);
  const bos = zero(), choch = zero(), levels = zero(), broken = zero();
  for (let k = 3; k < swings.length; k++) {
    const [a, b, e, g] = swings.slice(k - 3, k + 1).map(({ level }) => level);
    const { row, level } = swings[k - 2]!;
    const isBullish = swings[k]!.type === 1;
    const isBos = isBullish
      ? a! < e! && e! < b! && b! < g!
      : a! > e! && e! > b! && b! > g!;
    const isChoch = isBullish
      ? e! < a! && a! < b! && b! < g!
      : e! > a! && a! > b! && b! > g!;
    if (isBos) bos[row] = isBullish ? 1 : -1;
    if (isChoch) choch[row] = isBullish ? 1 : -1;
    if (isBos || isChoch) levels[row] = Math.fround(level);
  }
  const holds = (row: number) => bos[row] !== 0 || choch[row] !== 0;
  const drop = (row: number) => bos[row] = choch[row] = levels[row] = 0;
  rows.forEach((_, row) => {
    if (!holds(row)) return;
    const isBullish = bos[row]! + choch[row]! > 0;
    const at = rows.findIndex(({ h, l, c }, later) =>
      later >= row + 2 &&
      (isBullish
        ? (isCloseBreak ? c : h) > levels[row]!
        : (isCloseBreak ? c : l) < levels[row]!)
    );
    if (at < 0) return;
    broken[row] = at;
    for (let earlier = 0; earlier < row; earlier++) {
      if (holds(earlier) && broken[earlier]! >= at) drop(earlier);
    }
  });
  rows.forEach((_, row) => {
    if (holds(row) && broken[row] === 0) drop(row);
  });
  const shown = (column: number[]) => column.map((cell) => cell || NaN);
  return {
    BOS: shown(bos),
    CHOCH: shown(choch),
    Level: shown(levels),
    BrokenIndex: shown(broken),
  };
}
