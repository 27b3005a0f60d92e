/**
 * Order blocks and liquidity by definition: candle by candle, with lists of
 * active blocks and of unused swings.
 *
 * @module
 */
import type { Cells, Row } from "./frames.ts";
import type { Swing } from "./oracle_structure.ts";

interface Block {
  side: number;
  top: number;
  bottom: number;
  volume: number;
  mitigated: number;
  percentage: number;
}

const f32 = Math.fround;
const NO_BLOCK: Block = {
  side: 0,
  top: 0,
  bottom: 0,
  volume: 0,
  mitigated: 0,
  percentage: 0,
};

export function oracleBlocks(
  rows: readonly Row[],
  swings: readonly Swing[],
  isCloseMitigation: boolean,
): Cells {
  const blocks: Block[] = rows.map(() => ({ ...NO_BLOCK }));
  const breakers = new Set<number>();
  for (const side of [1, -1]) {
    const crossed = new Set<number>();
    let active: number[] = [];
    rows.forEach((candle, i) => {
      active = active.filter((x) => {
        const block = blocks[x]!;
        if (breakers.has(x)) {
          const isBack = side === 1
            ? candle.h > block.top
            : candle.l < block.bottom;
          if (isBack) blocks[x] = { ...NO_BLOCK };
          return !isBack;
        }
        const { o, c } = candle;
        const isThrough = side === 1
          ? (isCloseMitigation ? Math.min(o, c) : candle.l) < block.bottom
          : (isCloseMitigation ? Math.max(o, c) : candle.h) > block.top;
        if (isThrough) {
          breakers.add(x);
          block.mitigated = side === 1 ? i - 1 : i;
        }
        return true;
      });
      const z = swings.findLast(({ row, type }) => type === side && row < i)
        ?.row;
      if (z === undefined || crossed.has(z)) return;
      const isCrossing = side === 1
        ? candle.c > rows[z]!.h
        : candle.c < rows[z]!.l;
      if (!isCrossing) return;
      crossed.add(z);
      const made = createBlock(rows, { side, z, i });
      blocks[made.x] = { ...made.block, mitigated: blocks[made.x]!.mitigated };
      active.push(made.x);
    });
  }
  const column = (key: keyof Block) =>
    blocks.map((block) => block.side === 0 ? NaN : block[key]);
  return {
    OB: column("side"),
    Top: column("top"),
    Bottom: column("bottom"),
    OBVolume: column("volume"),
    MitigatedIndex: column("mitigated"),
    Percentage: column("percentage"),
  };
}

function createBlock(
  rows: readonly Row[],
  { side, z, i }: { side: number; z: number; i: number },
): { x: number; block: Block } {
  const between = rows.slice(z + 1, i);
  const isEmpty = between.length === 0;
  const extreme = side === 1
    ? Math.min(...between.map(({ l }) => l))
    : Math.max(...between.map(({ h }) => h));
  const x = isEmpty ? i - 1 : z + 1 +
    between.findLastIndex(({ h, l }) => (side === 1 ? l : h) === extreme);
  const edges = [f32(rows[x]!.h), f32(rows[x]!.l)];
  if (isEmpty && side === 1) edges.reverse();
  const [v0, v1, v2] = [i, i - 1, i - 2].map((row) => rows[row]?.v ?? 0);
  const newer = f32(v0! + v1!);
  const older = f32(v2!);
  return {
    x,
    block: {
      side,
      top: edges[0]!,
      bottom: edges[1]!,
      volume: f32(v0! + v1! + v2!),
      mitigated: 0,
      percentage: newer === 0 && older === 0 ? 100 : f32(
        100 * f32(Math.min(newer, older) / Math.max(newer, older)),
      ),
    },
  };
}

export function oracleLiquidity(
  rows: readonly Row[],
  swings: readonly Swing[],
  rangePercent: number,
): Cells {
  const cells = {
    Liquidity: rows.map(() => NaN),
    Level: rows.map(() => NaN),
    End: rows.map(() => NaN),
    Swept: rows.map(() => NaN),
  };
  const range = Math.max(...rows.map(({ h }) => h)) -
    Math.min(...rows.map(({ l }) => l));
  const r = range * rangePercent;
  for (const side of [1, -1]) {
    const used = new Set<Swing>();
    const ofSide = swings.filter(({ type }) => type === side);
    for (const swing of ofSide) {
      if (used.has(swing)) continue;
      const swept = rows.findIndex(({ h, l }, row) =>
        row > swing.row &&
        (side === 1 ? h >= swing.level + r : l <= swing.level - r)
      );
      const members = ofSide.filter((other) =>
        other.row > swing.row && !used.has(other) &&
        other.level >= swing.level - r && other.level <= swing.level + r &&
        (swept < 0 || other.row < swept)
      );
      if (members.length === 0) continue;
      for (const member of members) used.add(member);
      const sum = [swing, ...members].reduce(
        (all, { level }) => all + level,
        0,
      );
      cells.Liquidity[swing.row] = side;
      cells.Level[swing.row] = f32(sum / (members.length + 1));
      cells.End[swing.row] = members.at(-1)!.row;
      cells.Swept[swing.row] = Math.max(0, swept);
    }
  }
  return cells;
}
