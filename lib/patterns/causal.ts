/**
 * The causal mode: what the detectors that agents trade by make known, one line
 * an event, in the order in which it becomes known. Lines are appended and never
 * change: the lines of some candles are the first lines of more candles.
 *
 * Three indicators have values that go on with every candle; of those the
 * candle's values are told too, as lines of the event `update`.
 *
 * @module
 */
import { DetectorSet, type ReferenceIndicator } from "../../agents/mod.ts";
import { type PatternEvent, SESSION_NAMES } from "../contracts/pattern.ts";
import {
  type DetectorConfig,
  detectorConfigSchema,
} from "../contracts/strategies.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { CANDLE_CHUNK_ROWS } from "../exchange/limits.ts";
import { readAssignments } from "./assignments.ts";
import { REFERENCE_KEYS } from "./reference_settings.ts";

interface CausalEntry {
  /** Whether an event belongs to the indicator. */
  takes(event: PatternEvent): boolean;
  /** Fields of the event after the common ones; empty where an event has none of that name. */
  fields: readonly string[];
  /** Lines of the newest candle besides its events. */
  updates?(detectors: DetectorSet): Iterable<Readonly<Record<string, unknown>>>;
}

const ofKinds = (...kinds: PatternEvent["kind"][]) => (event: PatternEvent) =>
  kinds.includes(event.kind);

/** What is told of each indicator. */
const CAUSAL: Readonly<Record<ReferenceIndicator, CausalEntry>> = {
  swing_highs_lows: { takes: ofKinds("swing"), fields: ["scale", "price"] },
  fvg: { takes: ofKinds("fvg"), fields: ["id", "top", "bottom"] },
  bos_choch: { takes: ofKinds("structure"), fields: ["scale", "price"] },
  ob: {
    takes: ofKinds("order_block"),
    fields: ["id", "top", "bottom", "displaced"],
  },
  liquidity: {
    takes: ofKinds("liquidity", "equal_level"),
    fields: ["kind", "source", "id", "price", "members"],
  },
  previous_high_low: {
    takes: (event) =>
      event.kind === "previous_level" ||
      (event.kind === "liquidity" && event.source.startsWith("previous_")),
    fields: ["kind", "period", "source", "high", "low", "price"],
  },
  sessions: {
    takes: ofKinds("session"),
    fields: ["session", "high", "low"],
    updates: sessionUpdates,
  },
  retracements: {
    takes: ofKinds("retracement", "range"),
    fields: [
      "kind",
      "levelPct",
      "price",
      "top",
      "bottom",
      "retracementPct",
      "deepestPct",
      "positionPct",
    ],
    updates: rangeUpdates,
  },
};

/** Header of what all events carry: the candle that made them known and the one that they mark. */
const COMMON_HEADER = "row,timestamp_ms,ref_row,ref_timestamp_ms,event,bias";

/** Settings of the detectors with remarks on keys that mean nothing here, or everything that is wrong. */
export type CausalSettings =
  | { ok: true; config: DetectorConfig; notes: readonly string[] }
  | { ok: false; problems: readonly string[] };

/** Keys of the causal mode with what is filled in for each: the detector settings of an agent. */
export function causalKeys(): [key: string, preset: string][] {
  return Object.entries(detectorConfigSchema.parse({}))
    .map(([name, preset]) => [toKey(name), String(preset)]);
}

/** Reads `key=value` texts for the detectors. Keys of the reference mode are known and have no effect. */
export function readCausalSettings(
  assignments: readonly string[],
): CausalSettings {
  const names = Object.keys(detectorConfigSchema.shape);
  const keys = names.map(toKey);
  const otherKeys = Object.keys(REFERENCE_KEYS).filter((key) =>
    !keys.includes(key)
  );
  const { values, problems } = readAssignments(assignments, [
    ...keys,
    ...otherKeys,
  ]);
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
  return checked.success && all.length === 0
    ? {
      ok: true,
      config: checked.data,
      notes: otherKeys.filter((key) => values.has(key)).map((key) =>
        `--set ${key} is a key of the reference mode and changes nothing here`
      ),
    }
    : { ok: false, problems: all };
}

/** The lines of everything that is told of an indicator. */
export function* causalLines(
  candles: CandleSeries,
  { indicator, config }: {
    indicator: ReferenceIndicator;
    config: DetectorConfig;
  },
): Generator<string> {
  const entry = CAUSAL[indicator];
  yield [COMMON_HEADER, ...entry.fields].join(",");
  const detectors = new DetectorSet(config);
  for (let from = 0; from < candles.length; from += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, candles.length - from);
    const batch = { fromSeq: from, count, packed: candles.packed(from, count) };
    for (let index = 0; index < count; index++) {
      detectors.step(batch, index);
      yield* candleLines(detectors, entry);
    }
  }
}

function* candleLines(
  detectors: DetectorSet,
  { takes, fields, updates }: CausalEntry,
): Generator<string> {
  for (const event of detectors.events) {
    if (takes(event)) yield toLine({ ...event }, fields);
  }
  for (const values of updates?.(detectors) ?? []) {
    const { lastSeq: seq, newestAt: at } = detectors.series;
    const common = { seq, at, refSeq: seq, refAt: at, stage: "update" };
    yield toLine({ ...common, ...values }, fields);
  }
}

function* sessionUpdates({ sessions }: DetectorSet) {
  for (const [place, session] of SESSION_NAMES.entries()) {
    if (!sessions.isOpen(place)) continue;
    const high = sessions.high[place]!;
    const low = sessions.low[place]!;
    yield { session, high, low };
  }
}

function* rangeUpdates({ range }: DetectorSet) {
  if (range.direction === 0) return;
  const { direction: bias, top, bottom } = range;
  yield {
    kind: "range",
    bias,
    top,
    bottom,
    retracementPct: range.retracementPct,
    deepestPct: range.deepestPct,
    positionPct: range.positionPct,
  };
}

function toLine(
  event: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): string {
  const { seq, at, refSeq, refAt, stage, bias } = event;
  return [
    seq,
    at,
    refSeq,
    refAt,
    stage,
    bias,
    ...fields.map((field) => toCell(event[field])),
  ].join(",");
}

/** What is not known, or not a matter of this event, is an empty cell. */
function toCell(value: unknown): unknown {
  return Number.isNaN(value) ? "" : value;
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
