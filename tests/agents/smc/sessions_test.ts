import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import {
  type PatternEvent,
  SESSION_NAMES,
  type SessionEvent,
  type SessionName,
} from "../../../lib/contracts/pattern.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { randomWalk } from "../fixtures/candles.ts";
import { detect } from "../fixtures/run_detectors.ts";

const HOUR_MS = 3_600_000;

/** What the words of the docs say, read from the machine's own time zone data. */
const WINDOWS: Record<SessionName, [zone: string, from: number, to: number]> = {
  sydney: ["Australia/Sydney", 7, 16],
  tokyo: ["Asia/Tokyo", 9, 18],
  london: ["Europe/London", 8, 17],
  new_york: ["America/New_York", 8, 17],
  asian_kill_zone: ["Asia/Tokyo", 9, 13],
  london_open_kill_zone: ["Europe/London", 7, 10],
  new_york_kill_zone: ["America/New_York", 7, 10],
  london_close_kill_zone: ["Europe/London", 15, 17],
};

const formats = new Map<string, Intl.DateTimeFormat>();

function localDayAndHour(at: number, zone: string): [string, number] {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  return [`${parts.year}-${parts.month}-${parts.day}`, Number(parts.hour)];
}

interface Naive {
  session: SessionName;
  openedSeq: number;
  lastSeq: number;
  closedSeq: number | null;
  high: number;
  low: number;
}

/** Sessions by the definition: consecutive candles of one local day within the window. */
function naiveSessions(candles: readonly Candle[]): Naive[] {
  const found: Naive[] = [];
  for (const session of SESSION_NAMES) {
    const [zone, from, to] = WINDOWS[session];
    let current: (Naive & { day: string }) | null = null;
    for (const { seq, openAt, high, low } of candles) {
      const [day, hour] = localDayAndHour(openAt, zone);
      const isIn = hour >= from && hour < to;
      if (current !== null && (!isIn || current.day !== day)) {
        current.closedSeq = seq;
        current = null;
      }
      if (!isIn) continue;
      if (current === null) {
        current = {
          day,
          session,
          openedSeq: seq,
          lastSeq: seq,
          closedSeq: null,
          high,
          low,
        };
        found.push(current);
      }
      current.lastSeq = seq;
      current.high = Math.max(current.high, high);
      current.low = Math.min(current.low, low);
    }
  }
  return found;
}

function sessionEvents(events: readonly PatternEvent[]): SessionEvent[] {
  return events.filter((event): event is SessionEvent =>
    event.kind === "session"
  );
}

/** Candles of a step from a time on, with a hole now and then. */
function candlesFrom(
  options: { at: number; stepMs: number; count: number; seed: number },
): Candle[] {
  const { at, stepMs, count, seed } = options;
  const rng = createRng(seed);
  let openAt = at;
  return randomWalk({ seed, count, tick: 0.5 }).map((candle) => {
    openAt += stepMs *
      (rng.next() < 0.02 ? 1 + Math.floor(rng.next() * 80) : 1);
    return { ...candle, openAt };
  });
}

Deno.test("SessionDetector equals the definition with the machine's time zones, holes and daylight saving included", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: 16 * 365 }),
      fc.constantFrom(HOUR_MS / 4, HOUR_MS / 2, HOUR_MS),
      (seed, day, stepMs) => {
        const at = Date.UTC(2009, 0, 1) + day * 24 * HOUR_MS;
        const candles = candlesFrom({ at, stepMs, count: 250, seed });
        const events = sessionEvents(detect(candles).events);
        const expected = naiveSessions(candles);
        const opened = events.filter(({ stage }) => stage === "opened");
        assert.deepEqual(
          opened.map(({ session, seq }) => `${session}@${seq}`).toSorted(),
          expected.map((one) => `${one.session}@${one.openedSeq}`).toSorted(),
        );
        const closed = events.filter(({ stage }) => stage === "closed");
        assert.deepEqual(
          closed.map(({ session, seq, refSeq, high, low }) =>
            [session, seq, refSeq, high, low].join()
          ).toSorted(),
          expected.filter(({ closedSeq }) => closedSeq !== null).map((one) =>
            [one.session, one.closedSeq, one.lastSeq, one.high, one.low].join()
          ).toSorted(),
          `seed ${seed}`,
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("SessionDetector opens London an hour earlier in UTC once summer time begins", () => {
  const opensAt = (day: number) => {
    const at = Date.UTC(2024, 2, day) - HOUR_MS / 4;
    const candles = candlesFrom({ at, stepMs: HOUR_MS / 4, count: 96, seed: 1 })
      .map((candle, index) => ({
        ...candle,
        openAt: at + (index + 1) * HOUR_MS / 4,
      }));
    const london = sessionEvents(detect(candles).events).find((event) =>
      event.session === "london" && event.stage === "opened"
    );
    return new Date(london!.at).toISOString().slice(11, 16);
  };
  assert.equal(opensAt(30), "08:00");
  assert.equal(opensAt(31), "07:00");
});

Deno.test("SessionDetector takes two days with a gap between them for two sessions", () => {
  const noon = Date.UTC(2024, 0, 5, 12);
  const candles = randomWalk({ seed: 3, count: 4 }).map((candle, index) => ({
    ...candle,
    // Friday noon, then Monday noon: London is open in all four.
    openAt: noon + (index % 2) * HOUR_MS + Math.floor(index / 2) * 72 * HOUR_MS,
  }));
  const london = sessionEvents(detect(candles).events).filter((event) =>
    event.session === "london"
  );
  assert.deepEqual(
    london.map(({ stage, seq }) => `${stage}@${seq}`),
    ["opened@0", "closed@2", "opened@2"],
  );
});
