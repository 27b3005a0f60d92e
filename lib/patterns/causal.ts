/**
 * The causal mode: the append-only events of the detectors that agents trade
 * by, one line an event, in the order in which they become known.
 *
 * @module
 */
import { DetectorSet, type ReferenceIndicator } from "../../agents/mod.ts";
import type { PatternEvent } from "../contracts/pattern.ts";
import {
  type DetectorConfig,
  detectorConfigSchema,
} from "../contracts/strategies.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { CANDLE_CHUNK_ROWS } from "../exchange/limits.ts";
import { readAssignments } from "./assignments.ts";

interface CausalEntry {
  kind: PatternEvent["kind"];
  /** Fields of the event after the common ones. */
  fields: readonly string[];
}

/** What the causal detectors emit for an indicator; one that is not here has no causal events. */
const CAUSAL: Readonly<Partial<Record<ReferenceIndicator, CausalEntry>>> = {
  swing_highs_lows: { kind: "swing", fields: ["price"] },
  fvg: { kind: "fvg", fields: ["id", "top", "bottom"] },
  bos_choch: { kind: "structure", fields: ["price"] },
  ob: { kind: "order_block", fields: ["id", "top", "bottom", "displaced"] },
  liquidity: { kind: "liquidity", fields: ["id", "price", "members"] },
};

/** Header of what all events carry: the candle that made them known and the one that they mark. */
const COMMON_HEADER = "row,timestamp_ms,ref_row,ref_timestamp_ms,event,bias";

/** Settings of the detectors, or everything that is wrong. */
export type CausalSettings =
  | { ok: true; config: DetectorConfig }
  | { ok: false; problems: readonly string[] };

/** Keys of the causal mode with what is filled in for each: the detector settings of an agent. */
export function causalKeys(): [key: string, preset: string][] {
  return Object.entries(detectorConfigSchema.parse({}))
    .map(([name, preset]) => [toKey(name), String(preset)]);
}

/** Reads `key=value` texts for the detectors; `indicator` is null where it is not known itself. */
export function readCausalSettings(
  assignments: readonly string[],
  indicator: ReferenceIndicator | null,
): CausalSettings {
  const names = Object.keys(detectorConfigSchema.shape);
  const { values, problems } = readAssignments(assignments, names.map(toKey));
  const config: Record<string, unknown> = {};
  for (const name of names) {
    const text = values.get(toKey(name));
    if (text !== undefined) config[name] = toValue(text);
  }
  const checked = detectorConfigSchema.safeParse(config);
  const all = [...problems];
  for (const { path, message } of checked.error?.issues ?? []) {
    const key = toKey(String(path[0]));
    all.push(
      `--set ${key}: ${
        JSON.stringify(values.get(key))
      } is not valid; ${message}`,
    );
  }
  if (indicator !== null && CAUSAL[indicator] === undefined) {
    all.push(
      `--indicator ${indicator} has no causal events; choose from ${
        Object.keys(CAUSAL).join(", ")
      }, or leave out --mode causal`,
    );
  }
  return checked.success && all.length === 0
    ? { ok: true, config: checked.data }
    : { ok: false, problems: all };
}

/** The lines of all events of an indicator that has some. */
export function* causalLines(
  candles: CandleSeries,
  { indicator, config }: {
    indicator: ReferenceIndicator;
    config: DetectorConfig;
  },
): Generator<string> {
  const entry = CAUSAL[indicator];
  if (entry === undefined) return;
  yield [COMMON_HEADER, ...entry.fields].join(",");
  const detectors = new DetectorSet(config);
  for (let from = 0; from < candles.length; from += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, candles.length - from);
    const packed = candles.packed(from, count);
    for (let index = 0; index < count; index++) {
      const batch = { fromSeq: from, count, packed };
      for (const event of detectors.step(batch, index)) {
        if (event.kind === entry.kind) yield toLine(event, entry.fields);
      }
    }
  }
}

function toLine(event: PatternEvent, fields: readonly string[]): string {
  const { seq, at, refSeq, refAt, stage, bias } = event;
  const values = event as unknown as Readonly<Record<string, unknown>>;
  return [
    seq,
    at,
    refSeq,
    refAt,
    stage,
    bias,
    ...fields.map((field) => values[field]),
  ].join(",");
}

/** `swingLength` as `swing_length`. */
function toKey(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A number or a truth value where the text is one; the schema refuses what does not fit. */
function toValue(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
}
