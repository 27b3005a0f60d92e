import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DEFAULT_PREFERENCES,
  DENSITIES,
  isTimeZone,
  MOTIONS,
  PALETTES,
  readPreferences,
  REFRESH_SECONDS,
  THEMES,
  zoneOf,
} from "../../../lib/contracts/preference_values.ts";
import { preferencesSchema } from "../../../lib/contracts/preferences.ts";

const valid = fc.record({
  theme: fc.constantFrom(...THEMES),
  palette: fc.constantFrom(...PALETTES),
  density: fc.constantFrom(...DENSITIES),
  timeZone: fc.constantFrom("UTC", "browser", "Europe/Berlin"),
  motion: fc.constantFrom(...MOTIONS),
  refreshSeconds: fc.constantFrom(...REFRESH_SECONDS),
  shortcuts: fc.boolean(),
}, { noNullPrototype: true });

Deno.test("readPreferences keeps whatever the schema takes", () => {
  fc.assert(fc.property(valid, (preferences) => {
    assert.deepEqual(readPreferences(preferences), preferences);
    assert.deepEqual(preferencesSchema.parse(preferences), preferences);
  }));
});

Deno.test("readPreferences makes valid preferences of anything that was stored", () => {
  const stored = fc.oneof(
    fc.anything(),
    fc.record({
      theme: fc.anything(),
      timeZone: fc.string(),
      refreshSeconds: fc.integer(),
      later: fc.anything(),
    }),
  );
  fc.assert(fc.property(stored, (value) => {
    assert.ok(preferencesSchema.safeParse(readPreferences(value)).success);
  }));
});

Deno.test("readPreferences keeps a field beside one that it does not know", () => {
  assert.deepEqual(readPreferences({ theme: "sepia", density: "compact" }), {
    ...DEFAULT_PREFERENCES,
    density: "compact",
  });
});

Deno.test("isTimeZone takes names and no offsets, texts or markup", () => {
  for (const name of ["UTC", "Europe/Berlin", "America/New_York"]) {
    assert.ok(isTimeZone(name), name);
  }
  for (const name of ["+02:00", "", "Mars/Base", '"><b>', "Europe/Berlin;"]) {
    assert.ok(!isTimeZone(name), name);
  }
});

Deno.test("zoneOf writes times of an unknown browser in UTC", () => {
  const wanted = { timeZone: "browser" };
  assert.equal(zoneOf(wanted, null), "UTC");
  assert.equal(zoneOf(wanted, "nonsense"), "UTC");
  assert.equal(zoneOf(wanted, "Asia/Tokyo"), "Asia/Tokyo");
  assert.equal(zoneOf({ timeZone: "UTC" }, "Asia/Tokyo"), "UTC");
});
