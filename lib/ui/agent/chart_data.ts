/**
 * Joining the answers that make up a chart.
 *
 * @module
 */
import type { Candle } from "../../contracts/candle.ts";
import type {
  ChartResponse,
  OverlayView,
  StructureView,
  SweepView,
  ZoneView,
} from "../../contracts/chart.ts";

/** Candles kept in the browser; older ones leave the chart, {@link TRIM_CANDLES} at a time. */
export const MAX_CANDLES = 5_000;
/** Drawing anew what has lost its first candle takes long, so it is not done with each new one. */
export const TRIM_CANDLES = 500;
/** Overlays of each kind kept in the browser, the newest. */
export const MAX_OVERLAYS = 500;

/** Joins what is known with a newer answer. Nothing appears twice. */
export function mergeCharts(
  known: ChartResponse,
  newer: ChartResponse,
): ChartResponse {
  const joined = joinCandles(known.candles, newer.candles);
  const candles = joined.length > MAX_CANDLES + TRIM_CANDLES
    ? joined.slice(-MAX_CANDLES)
    : joined;
  const fromSeq = candles[0]?.seq ?? 0;
  return {
    simulated: newer.simulated,
    candles,
    overlays: mergeOverlays(
      known.overlays,
      newer.overlays,
      candles[0]?.openAt ?? 0,
    ),
    decisions: mergeBy(
      known.decisions,
      newer.decisions,
      ({ intentId }) => intentId,
    ).filter(({ seq }) => seq >= fromSeq)
      .sort((a, b) => a.seq - b.seq),
    trades: mergeBy(known.trades, newer.trades, ({ tradeId }) => tradeId)
      .filter(({ exitSeq }) => exitSeq >= fromSeq)
      .sort((a, b) => a.exitSeq - b.exitSeq),
    equity: mergeBy(known.equity, newer.equity, ({ seq }) => seq)
      .sort((a, b) => a.seq - b.seq),
  };
}

/** Mostly a few new ones stand right behind thousands. */
function joinCandles(
  known: readonly Candle[],
  newer: readonly Candle[],
): readonly Candle[] {
  const first = newer[0];
  const last = known.at(-1);
  if (first === undefined) return known;
  if (last !== undefined && first.seq === last.seq + 1) {
    return [...known, ...newer];
  }
  return mergeBy(known, newer, ({ seq }) => seq)
    .sort((a, b) => a.seq - b.seq);
}

function mergeBy<T>(
  known: readonly T[],
  newer: readonly T[],
  keyOf: (item: T) => string | number,
): T[] {
  const merged = new Map(known.map((item) => [keyOf(item), item]));
  for (const item of newer) merged.set(keyOf(item), item);
  return [...merged.values()];
}

function mergeOverlays(
  known: OverlayView,
  newer: OverlayView,
  fromAt: number,
): OverlayView {
  const byTime = (a: { at: number }, b: { at: number }) => a.at - b.at;
  return {
    zones: mergeBy(known.zones, newer.zones, ({ id }) => id)
      .filter(({ toAt }) => toAt === null || toAt >= fromAt)
      .sort((a, b) => a.fromAt - b.fromAt).slice(-MAX_OVERLAYS),
    structure: mergeBy(known.structure, newer.structure, structureId)
      .filter(({ toAt }) => toAt >= fromAt)
      .sort((a, b) => a.toAt - b.toAt).slice(-MAX_OVERLAYS),
    sweeps: mergeBy(known.sweeps, newer.sweeps, sweepId)
      .filter(({ at }) => at >= fromAt).sort(byTime).slice(-MAX_OVERLAYS),
    swings: mergeBy(
      known.swings,
      newer.swings,
      ({ bias, at }) => `${bias}${at}`,
    ).filter(({ at }) => at >= fromAt).sort(byTime).slice(-MAX_OVERLAYS),
  };
}

/** What tells a break of structure from every other. */
export function structureId({ kind, bias, toAt }: StructureView): string {
  return `${kind}${bias}${toAt}`;
}

/** What tells a sweep from every other. */
export function sweepId({ bias, at, price }: SweepView): string {
  return `${bias}${at}${price}`;
}

/** Zones that are not ended, by kind. */
export function openZones(
  zones: readonly ZoneView[],
  kind: ZoneView["kind"],
): ZoneView[] {
  return zones.filter((zone) => zone.kind === kind && zone.state !== "ended");
}

/** Whether newer candles do not join the known ones, as after a long absence. */
export function hasGap(known: ChartResponse, newer: ChartResponse): boolean {
  const last = known.candles.at(-1);
  const first = newer.candles[0];
  return last !== undefined && first !== undefined && first.seq > last.seq + 1;
}
