import type { PatternEvent } from "../../lib/contracts/pattern.ts";
import { assert } from "../../lib/core/assert.ts";

/** Pattern events in columns: about a third of the size of the objects. */
export interface PackedEvents {
  /** Bits 0–4 the kind and stage, bit 5 bullish, bit 6 displaced. */
  code: Uint8Array;
  seq: Uint32Array;
  refSeq: Uint32Array;
  at: Float64Array;
  refAt: Float64Array;
  /** Price, or top of a zone. */
  first: Float64Array;
  /** Bottom of a zone, or members of a pool. */
  second: Float64Array;
  /** Empty where the kind has no id. */
  ids: string[];
}

/** Kinds and stages by code. Only ever append: the place is the stored code. */
const STAGES = [
  "swing.confirmed",
  "swing.replaced",
  "swing.final",
  "structure.bos",
  "structure.choch",
  "fvg.created",
  "fvg.touched",
  "fvg.filled",
  "fvg.inverted",
  "order_block.created",
  "order_block.touched",
  "order_block.broken",
  "order_block.ended",
  "liquidity.formed",
  "liquidity.extended",
  "liquidity.swept",
  "liquidity.run",
] as const;

const STAGE_BITS = 0b11111;
const BULLISH_BIT = 0b100000;
const DISPLACED_BIT = 0b1000000;

/** Packs events for a snapshot. */
export function packEvents(events: readonly PatternEvent[]): PackedEvents {
  const count = events.length;
  const packed: PackedEvents = {
    code: new Uint8Array(count),
    seq: new Uint32Array(count),
    refSeq: new Uint32Array(count),
    at: new Float64Array(count),
    refAt: new Float64Array(count),
    first: new Float64Array(count),
    second: new Float64Array(count),
    ids: [],
  };
  for (let index = 0; index < count; index++) {
    const event = events[index]!;
    packed.code[index] = codeOf(event);
    packed.seq[index] = event.seq;
    packed.refSeq[index] = event.refSeq;
    packed.at[index] = event.at;
    packed.refAt[index] = event.refAt;
    packed.first[index] = "top" in event ? event.top : event.price;
    packed.second[index] = "bottom" in event
      ? event.bottom
      : "members" in event
      ? event.members
      : 0;
    packed.ids.push("id" in event ? event.id : "");
  }
  return packed;
}

function codeOf(event: PatternEvent): number {
  const stage = STAGES.indexOf(
    `${event.kind}.${event.stage}` as (typeof STAGES)[number],
  );
  assert(stage >= 0, `Unknown pattern event ${event.kind}.${event.stage}`);
  const isDisplaced = event.kind === "order_block" && event.displaced;
  return stage | (event.bias > 0 ? BULLISH_BIT : 0) |
    (isDisplaced ? DISPLACED_BIT : 0);
}

/** Unpacks what {@link packEvents} made. */
export function unpackEvents(packed: PackedEvents): PatternEvent[] {
  const events: PatternEvent[] = [];
  for (let index = 0; index < packed.code.length; index++) {
    events.push(unpackEvent(packed, index));
  }
  return events;
}

function unpackEvent(packed: PackedEvents, index: number): PatternEvent {
  const code = packed.code[index]!;
  const name = STAGES[code & STAGE_BITS];
  assert(name !== undefined, `Unknown pattern event code ${code}`);
  const separator = name.indexOf(".");
  const kind = name.slice(0, separator);
  const event: Record<string, unknown> = {
    kind,
    stage: name.slice(separator + 1),
    seq: packed.seq[index]!,
    at: packed.at[index]!,
    refSeq: packed.refSeq[index]!,
    refAt: packed.refAt[index]!,
    bias: (code & BULLISH_BIT) !== 0 ? 1 : -1,
  };
  const first = packed.first[index]!;
  const second = packed.second[index]!;
  if (kind !== "swing" && kind !== "structure") event.id = packed.ids[index]!;
  if (kind === "fvg" || kind === "order_block") {
    event.top = first;
    event.bottom = second;
  } else {
    event.price = first;
  }
  if (kind === "order_block") event.displaced = (code & DISPLACED_BIT) !== 0;
  if (kind === "liquidity") event.members = second;
  return event as unknown as PatternEvent;
}
