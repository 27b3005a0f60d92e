/**
 * Everything on a chart that can be pointed at, and what it says when it is:
 * the candles that made it, and the values of its rule.
 *
 * @module
 */
import type {
  ChartResponse,
  DecisionView,
  StructureView,
  SweepView,
  ZoneView,
} from "../../contracts/chart.ts";
import type { Trade } from "../../contracts/order.ts";
import type { ChartToggles } from "./chart_choice.ts";
import { structureId, sweepId } from "./chart_data.ts";
import { baseCandle, type ChartFrame } from "./chart_frame.ts";

/** Something that was found, traded or decided. */
export type ChartObject =
  | { kind: "zone"; id: string; of: ZoneView }
  | { kind: "structure"; id: string; of: StructureView }
  | { kind: "sweep"; id: string; of: SweepView }
  | { kind: "trade"; id: string; of: Trade }
  | { kind: "decision"; id: string; of: DecisionView };

/** The ids by which objects are found again in newer data. */
export const objectIds = {
  zone: ({ id }: ZoneView) => `zone ${id}`,
  structure: (line: StructureView) => `structure ${structureId(line)}`,
  sweep: (sweep: SweepView) => `sweep ${sweepId(sweep)}`,
  trade: ({ tradeId }: Trade) => `trade ${tradeId}`,
  decision: ({ intentId }: DecisionView) => `decision ${intentId}`,
};

/** All objects of a chart, by kind, oldest first. */
export function objectsOf(
  { overlays, trades, decisions }: ChartResponse,
): ChartObject[] {
  return [
    ...overlays.zones.map((of) => ({
      kind: "zone" as const,
      id: objectIds.zone(of),
      of,
    })),
    ...overlays.structure.map((of) => ({
      kind: "structure" as const,
      id: objectIds.structure(of),
      of,
    })),
    ...overlays.sweeps.map((of) => ({
      kind: "sweep" as const,
      id: objectIds.sweep(of),
      of,
    })),
    ...trades.map((of) => ({
      kind: "trade" as const,
      id: objectIds.trade(of),
      of,
    })),
    ...decisions.map((of) => ({
      kind: "decision" as const,
      id: objectIds.decision(of),
      of,
    })),
  ];
}

/** The object with an id, as the newest data have it; null once it has left the chart. */
export function findObject(
  chart: ChartResponse,
  id: string,
): ChartObject | null {
  return objectsOf(chart).find((object) => object.id === id) ?? null;
}

/** Whether a kind of object is shown. */
export function isShown(object: ChartObject, toggles: ChartToggles): boolean {
  switch (object.kind) {
    case "zone":
      return object.of.kind === "order_block"
        ? toggles.orderBlocks
        : toggles.gaps;
    case "structure":
      return toggles.structure;
    case "sweep":
      return toggles.sweeps;
    case "trade":
      return toggles.trades;
    case "decision":
      return toggles.decisions;
  }
}

/**
 * What began, ended or happened on the candles from `fromAt` until before
 * `untilAt`, and the zones that were open there and that `high` and `low` reach.
 */
export function objectsAt(
  chart: ChartResponse,
  candle: {
    fromAt: number;
    untilAt: number;
    high: number;
    low: number;
    frame: ChartFrame;
  },
): ChartObject[] {
  const { fromAt, untilAt, high, low, frame } = candle;
  const isIn = (at: number | null | undefined) =>
    at !== null && at !== undefined && at >= fromAt && at < untilAt;
  const seqIsIn = (seq: number) => isIn(baseCandle(frame, seq)?.openAt);
  return objectsOf(chart).filter((object) => {
    switch (object.kind) {
      case "zone": {
        const { fromAt: begin, toAt, top, bottom } = object.of;
        return begin < untilAt && (toAt === null || toAt >= fromAt) &&
          bottom <= high && top >= low;
      }
      case "structure":
        return isIn(object.of.toAt) || isIn(object.of.fromAt);
      case "sweep":
        return isIn(object.of.at);
      case "trade":
        return seqIsIn(object.of.entrySeq) || seqIsIn(object.of.exitSeq);
      case "decision":
        return seqIsIn(object.of.seq);
    }
  });
}
