import {
  PERIOD_NAMES,
  type ReferenceIndicator,
  type ReferenceOptions,
  SESSION_WINDOWS,
  type SessionWindow,
  TIME_ZONE_NAMES,
  tryMinuteOfDay,
  tryPeriod,
  tryShiftMinutes,
} from "../../agents/mod.ts";
import { parseCsvNumber } from "../exchange/candle_csv_format.ts";
import { readAssignments } from "./assignments.ts";

/** What a key does, for the reader and for `--help`. */
export interface KeyHelp {
  usedBy: readonly ReferenceIndicator[];
  /** Value of a key that is left out; null if there is none. */
  preset: string | null;
  meaning: string;
}

const SWING_INDICATORS = [
  "swing_highs_lows",
  "bos_choch",
  "ob",
  "liquidity",
  "retracements",
] as const;

/** The keys of the reference mode. */
export const REFERENCE_KEYS = {
  swing_length: {
    usedBy: SWING_INDICATORS,
    preset: "50",
    meaning: "candles that a swing must stand out from",
  },
  join_consecutive: {
    usedBy: ["fvg"],
    preset: "false",
    meaning: "one gap of neighbouring ones",
  },
  close_break: {
    usedBy: ["bos_choch"],
    preset: "true",
    meaning: "a close must break the level; false: a wick is enough",
  },
  close_mitigation: {
    usedBy: ["ob"],
    preset: "false",
    meaning: "bodies pass through a block; false: wicks",
  },
  range_percent: {
    usedBy: ["liquidity"],
    preset: "0.01",
    meaning: "reach of a pool, as a share of the whole range (0.01 = 1 %)",
  },
  time_frame: {
    usedBy: ["previous_high_low"],
    preset: "1D",
    meaning: `period: ${PERIOD_NAMES}`,
  },
  session: {
    usedBy: ["sessions"],
    preset: null,
    meaning: `must be given: ${sessionNames()}`,
  },
  start_time: {
    usedBy: ["sessions"],
    preset: null,
    meaning: "start of the Custom session, HH:MM",
  },
  end_time: {
    usedBy: ["sessions"],
    preset: null,
    meaning: "end of the Custom session, HH:MM, itself included",
  },
  time_zone: {
    usedBy: ["sessions"],
    preset: "UTC",
    meaning:
      `${TIME_ZONE_NAMES}; UTC+3 moves the candles 3 hours on, as the package does`,
  },
} satisfies Record<string, KeyHelp>;

type Key = keyof typeof REFERENCE_KEYS;

/** Settings of an indicator with notes on keys that do nothing, or everything that is wrong. */
export type ReferenceSettings =
  | { ok: true; options: ReferenceOptions; notes: readonly string[] }
  | { ok: false; problems: readonly string[] };

/** Reads `key=value` texts for an indicator; null where the indicator is not known itself. */
export function readReferenceSettings(
  assignments: readonly string[],
  indicator: ReferenceIndicator | null,
): ReferenceSettings {
  const { values, problems } = readAssignments(
    assignments,
    Object.keys(REFERENCE_KEYS),
  );
  const reader = new SettingsReader(values);
  const options: ReferenceOptions = {
    swingLength: reader.swingLength(),
    joinConsecutive: reader.flag("join_consecutive"),
    closeBreak: reader.flag("close_break"),
    closeMitigation: reader.flag("close_mitigation"),
    rangePercent: reader.share("range_percent"),
    period: reader.read("time_frame", {
      parse: tryPeriod,
      expected: PERIOD_NAMES,
    }) ?? DAY,
    window: reader.sessionWindow(indicator === "sessions"),
    shiftMinutes: reader.read("time_zone", {
      parse: tryShiftMinutes,
      expected: TIME_ZONE_NAMES,
    }) ?? 0,
  };
  const all = [...problems, ...reader.problems];
  if (all.length > 0) return { ok: false, problems: all };
  return {
    ok: true,
    options,
    notes: [...idleKeys(values, indicator), ...surprises(values)],
  };
}

const DAY = { unit: "day", count: 1 } as const;
const ALL_DAY: SessionWindow = { fromMinute: 0, toMinute: 0 };

/** Keys that were set but that the indicator does not read. */
function idleKeys(
  values: ReadonlyMap<string, string>,
  indicator: ReferenceIndicator | null,
): string[] {
  if (indicator === null) return [];
  const isCustom = values.get("session")?.toLowerCase() === "custom";
  return [...values.keys()].flatMap((key) => {
    const usedBy: readonly string[] = REFERENCE_KEYS[key as Key].usedBy;
    if (!usedBy.includes(indicator)) {
      return [`${key} has no effect on ${indicator}.`];
    }
    return /^(start|end)_time$/.test(key) && !isCustom
      ? [`${key} has no effect: only session=Custom reads it.`]
      : [];
  });
}

/** Values that mean something else than most people expect. */
function surprises(values: ReadonlyMap<string, string>): string[] {
  const timeFrame = values.get("time_frame") ?? "";
  return /^\d*\s*m$/.test(timeFrame)
    ? [
      `time_frame=${timeFrame} means months, as in pandas; write ${timeFrame}in for minutes.`,
    ]
    : [];
}

/** Reads values one by one and collects what is wrong with them. */
class SettingsReader {
  readonly problems: string[] = [];
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** The value of a key; null if it is wrong or left out without a preset. */
  read<Value>(
    key: Key,
    rule: { parse: (text: string) => Value | null; expected: string },
  ): Value | null {
    const text = this.#values.get(key) ?? REFERENCE_KEYS[key].preset;
    if (text === null) return null;
    const value = rule.parse(text);
    if (value === null) {
      this.problems.push(
        `--set ${key}: ${
          JSON.stringify(text)
        } is not valid; write ${rule.expected}`,
      );
    }
    return value;
  }

  swingLength(): number {
    return this.read("swing_length", {
      parse: (text) => /^0*[1-9]\d{0,8}$/.test(text) ? Number(text) : null,
      expected: "a whole number from 1 to 999999999",
    }) ?? 1;
  }

  flag(key: Key): boolean {
    return this.read(key, {
      parse: (text) => FLAGS.get(text.toLowerCase()) ?? null,
      expected: "true or false",
    }) ?? false;
  }

  share(key: Key): number {
    return this.read(key, {
      parse: (text) => {
        const value = parseCsvNumber(text);
        return value >= 0 && value < Infinity ? value : null;
      },
      expected: "a number from 0, for instance 0.01",
    }) ?? 0;
  }

  sessionWindow(isNeeded: boolean): SessionWindow {
    const name = this.#values.get("session");
    const custom = {
      from: this.#time("start_time"),
      to: this.#time("end_time"),
    };
    if (name === undefined) {
      if (isNeeded) {
        this.problems.push(
          `--set session is missing; choose from ${sessionNames()}`,
        );
      }
      return ALL_DAY;
    }
    if (name.toLowerCase() === "custom") {
      for (const key of ["start_time", "end_time"] as const) {
        if (this.#values.has(key)) continue;
        this.problems.push(
          `--set ${key} is missing; session=Custom needs it, for instance ${key}=07:30`,
        );
      }
      return { fromMinute: custom.from ?? 0, toMinute: custom.to ?? 0 };
    }
    return this.read("session", {
      parse: findSession,
      expected: `one of ${sessionNames()}`,
    }) ?? ALL_DAY;
  }

  #time(key: Key): number | null {
    return this.read(key, {
      parse: tryMinuteOfDay,
      expected: "a time from 00:00 to 23:59, for instance 07:30",
    });
  }
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);

function findSession(text: string): SessionWindow | null {
  const wanted = text.toLowerCase();
  const name = Object.keys(SESSION_WINDOWS).find((candidate) =>
    candidate.toLowerCase() === wanted
  );
  return name === undefined ? null : SESSION_WINDOWS[name]!;
}

function sessionNames(): string {
  return [...Object.keys(SESSION_WINDOWS), "Custom"].join(", ");
}
