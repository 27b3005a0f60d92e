import type {
  OverlayView,
  StructureView,
  SweepView,
  ZoneView,
} from "../../lib/contracts/chart.ts";
import type {
  Bias,
  FairValueGapEvent,
  OrderBlockEvent,
  PatternEvent,
} from "../../lib/contracts/pattern.ts";
import { OVERLAY_ITEMS_LIMIT } from "./limits.ts";

/** What the overlay is drawn for. */
export interface OverlayOptions {
  /** First and last candle of the chart. */
  fromSeq: number;
  lastSeq: number;
  /** Only what became known before this candle; left out for everything. */
  beforeSeq?: number | undefined;
  maxZoneAgeCandles: number;
  /** Open time of a candle, or null where it is not known any more. */
  openAtOf: (seq: number) => number | null;
}

interface TrackedZone {
  view: ZoneView;
  createdSeq: number;
  endedSeq: number | null;
}

/**
 * Draws recent events: zones with what became of them, breaks, sweeps and the
 * swings that were not replaced. A gap counts as ended when it is filled, a
 * block when it is broken; a zone past its age ends where its age ran out.
 * Items that ended before the chart's first candle are left out, and of each
 * kind the newest {@link OVERLAY_ITEMS_LIMIT} are kept.
 */
export function buildOverlay(
  events: readonly PatternEvent[],
  options: OverlayOptions,
): OverlayView {
  const zones = new Map<string, TrackedZone>();
  const structure: StructureView[] = [];
  const sweeps: SweepView[] = [];
  const swings = new Map<
    number,
    { bias: Bias; price: number; at: number }
  >();
  const { beforeSeq = Infinity } = options;
  for (const event of events) {
    const isOnChart = event.seq >= options.fromSeq && event.seq < beforeSeq;
    if (event.kind === "fvg" || event.kind === "order_block") {
      trackZone(zones, event);
    } else if (event.kind === "swing") {
      if (event.scale === "internal") continue;
      if (event.stage === "replaced") swings.delete(event.refSeq);
      else if (event.refSeq >= options.fromSeq && event.seq < beforeSeq) {
        swings.set(event.refSeq, {
          bias: event.bias,
          price: event.price,
          at: event.refAt,
        });
      }
    } else if (
      event.kind === "structure" && event.scale === "swing" && isOnChart
    ) {
      structure.push({
        kind: event.stage,
        bias: event.bias,
        price: event.price,
        fromAt: event.refAt,
        toAt: event.at,
      });
    } else if (
      event.kind === "liquidity" && event.stage === "swept" && isOnChart
    ) {
      sweeps.push({
        bias: event.bias,
        price: event.price,
        at: event.at,
        source: event.source,
        members: event.members,
        levelAt: event.refAt,
      });
    }
  }
  return {
    zones: finishZones(zones, options),
    structure: structure.slice(-OVERLAY_ITEMS_LIMIT),
    sweeps: sweeps.slice(-OVERLAY_ITEMS_LIMIT),
    swings: [...swings.values()].slice(-OVERLAY_ITEMS_LIMIT),
  };
}

/** Every stage carries the zone's shape, so a zone whose creation was forgotten is still drawn. */
function trackZone(
  zones: Map<string, TrackedZone>,
  event: FairValueGapEvent | OrderBlockEvent,
): void {
  let zone = zones.get(event.id);
  if (zone === undefined) {
    zone = {
      view: {
        id: event.id,
        kind: event.kind,
        bias: event.bias,
        top: event.top,
        bottom: event.bottom,
        fromAt: event.refAt,
        toAt: null,
        state: "fresh",
        createdAt: event.stage === "created" ? event.at : null,
        touchedAt: null,
        endedBy: null,
        displaced: event.kind === "order_block" ? event.displaced : null,
      },
      createdSeq: event.stage === "created" ? event.seq : event.refSeq + 1,
      endedSeq: null,
    };
    zones.set(event.id, zone);
  }
  if (event.stage === "created" || zone.endedSeq !== null) return;
  if (event.stage === "touched") {
    zone.view.state = "touched";
    zone.view.touchedAt ??= event.at;
    return;
  }
  zone.view.state = "ended";
  zone.view.toAt = event.at;
  zone.view.endedBy = event.stage;
  zone.endedSeq = event.seq;
}

function finishZones(
  zones: Map<string, TrackedZone>,
  options: OverlayOptions,
): ZoneView[] {
  const views: ZoneView[] = [];
  const { beforeSeq = Infinity } = options;
  for (const zone of zones.values()) {
    if (zone.createdSeq >= beforeSeq) continue;
    const overSeq = zone.createdSeq + options.maxZoneAgeCandles + 1;
    if (zone.endedSeq === null && overSeq <= options.lastSeq) {
      zone.view.state = "ended";
      zone.view.toAt = options.openAtOf(overSeq);
      zone.view.endedBy = "age";
      zone.endedSeq = overSeq;
      if (zone.view.toAt === null) continue;
    }
    if (zone.endedSeq === null || zone.endedSeq >= options.fromSeq) {
      views.push(zone.view);
    }
  }
  return views.slice(-OVERLAY_ITEMS_LIMIT);
}
