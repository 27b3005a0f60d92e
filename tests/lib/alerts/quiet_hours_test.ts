import assert from "node:assert/strict";
import fc from "fast-check";
import { isQuiet, quietEnd } from "../../../lib/alerts/quiet_hours.ts";

const MINUTE_MS = 60_000;
const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) =>
  `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`
);
const hours = fc.record({
  from: time,
  to: time,
  timeZone: fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  ),
}).filter(({ from, to }) => from !== to);
const moment = fc.integer({
  min: Date.UTC(2026, 0, 1),
  max: Date.UTC(2028, 0, 1),
});

Deno.test("isQuiet() holds from the start up to the end, over midnight, too", () => {
  const berlin = { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" };
  // Berlin is two hours ahead of UTC in summer.
  assert.equal(isQuiet(Date.UTC(2026, 6, 1, 19, 59), berlin), false);
  assert.equal(isQuiet(Date.UTC(2026, 6, 1, 20, 0), berlin), true);
  assert.equal(isQuiet(Date.UTC(2026, 6, 2, 4, 59), berlin), true);
  assert.equal(isQuiet(Date.UTC(2026, 6, 2, 5, 0), berlin), false);
  assert.equal(isQuiet(Date.UTC(2026, 0, 2, 5, 30), berlin), true);
  const noon = { from: "12:00", to: "13:00", timeZone: "UTC" };
  assert.equal(isQuiet(Date.UTC(2026, 0, 1, 12, 30), noon), true);
  assert.equal(isQuiet(Date.UTC(2026, 0, 1, 13, 0), noon), false);
});

Deno.test("quietEnd() is the first moment that is not quiet, whatever the clocks do", () => {
  fc.assert(
    fc.property(hours, moment, (quiet, at) => {
      const end = quietEnd(at, quiet);
      if (!isQuiet(at, quiet)) return assert.equal(end, at);
      assert.ok(end > at);
      assert.equal(isQuiet(end, quiet), false);
      assert.equal(isQuiet(end - MINUTE_MS, quiet), true);
      for (let minute = at; minute < end; minute += 7 * MINUTE_MS) {
        assert.equal(isQuiet(minute, quiet), true);
      }
      assert.ok(end - at <= 26 * 60 * MINUTE_MS);
    }),
    { numRuns: 100 },
  );
});

Deno.test("quietEnd() finds an end that the change of clocks leaves out", () => {
  // On 29 March 2026 there is no 02:30 in Berlin: from 01:59 it goes to 03:00.
  const quiet = { from: "22:00", to: "02:30", timeZone: "Europe/Berlin" };
  assert.equal(
    quietEnd(Date.UTC(2026, 2, 28, 23, 0), quiet),
    Date.UTC(2026, 2, 29, 1, 0),
  );
});
