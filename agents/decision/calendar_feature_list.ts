import { type Feature, RANGE } from "./feature.ts";

/** What calendar_features.ts writes, in order; the sessions have that of SESSION_NAMES. */
export const CALENDAR_FEATURES = [
  {
    name: "day_sin",
    unit: "–",
    range: RANGE.signed,
    meaning: "Sine of the time of day of the candle's open, UTC; 0 at midnight",
  },
  {
    name: "day_cos",
    unit: "–",
    range: RANGE.signed,
    meaning: "Cosine of the same; 1 at midnight",
  },
  {
    name: "week_sin",
    unit: "–",
    range: RANGE.signed,
    meaning: "Sine of the time of week; 0 on Monday 00:00 UTC",
  },
  {
    name: "week_cos",
    unit: "–",
    range: RANGE.signed,
    meaning: "Cosine of the same; 1 on Monday 00:00 UTC",
  },
  session("sydney", "the Sydney session"),
  session("tokyo", "the Tokyo session"),
  session("london", "the London session"),
  session("new_york", "the New York session"),
  session("asian_kill_zone", "the Asian kill zone"),
  session("london_open_kill_zone", "the kill zone of London's open"),
  session("new_york_kill_zone", "the New York kill zone"),
  session("london_close_kill_zone", "the kill zone of London's close"),
] as const satisfies readonly Feature[];

function session<Name extends string>(name: Name, what: string) {
  return {
    name: `session_${name}`,
    unit: "flag",
    range: RANGE.share,
    meaning: `1 if the candle opens within ${what}, in local time`,
  } as const;
}
