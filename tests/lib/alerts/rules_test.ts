import assert from "node:assert/strict";
import fc from "fast-check";
import { channelsFor, wants } from "../../../lib/alerts/rules.ts";
import { retryDelayMs } from "../../../lib/alerts/retry.ts";
import {
  ATTEMPTS_MAX,
  RETRY_AFTER_MAX_MS,
  RETRY_BASE_MS,
  RETRY_CAP_MS,
} from "../../../lib/alerts/limits.ts";
import { ALERT_SEVERITIES } from "../../../lib/contracts/alerts/classes.ts";
import { eventOf, ruleOf } from "./samples.ts";

const NIGHT = { from: "22:00", to: "07:00", timeZone: "UTC" };
const AT_NIGHT = Date.UTC(2026, 0, 1, 23);
const MORNING = Date.UTC(2026, 0, 2, 7);

Deno.test("wants() tells own agents, account and what is everybody's; everybody's by scope all", () => {
  assert.equal(wants(ruleOf(), eventOf()), true);
  assert.equal(wants(ruleOf(), eventOf({ ownerId: "usr_b" })), false);
  assert.equal(wants(ruleOf(), eventOf({ ownerId: null })), true);
  assert.equal(wants(ruleOf(), eventOf({ ownerId: undefined })), false);
  const all = ruleOf({ scope: "all" });
  assert.equal(wants(all, eventOf({ ownerId: "usr_b" })), true);
  assert.equal(wants(all, eventOf({ ownerId: undefined })), true);
  assert.equal(wants(ruleOf(), eventOf({ class: "trade_closed" })), false);
});

Deno.test("wants() holds the least severity", () => {
  fc.assert(fc.property(
    fc.constantFrom(...ALERT_SEVERITIES),
    fc.constantFrom(...ALERT_SEVERITIES),
    (severity, leastSeverity) => {
      const order = ALERT_SEVERITIES as readonly string[];
      assert.equal(
        wants(ruleOf({ leastSeverity }), eventOf({ severity })),
        order.indexOf(severity) >= order.indexOf(leastSeverity),
      );
    },
  ));
});

Deno.test("channelsFor() holds all but critical alerts back during quiet hours", () => {
  const rules = [ruleOf({ quietHours: NIGHT })];
  assert.deepEqual(
    [...channelsFor(eventOf(), rules, AT_NIGHT)],
    [["chn_1", MORNING]],
  );
  const critical = eventOf({ severity: "critical" });
  assert.deepEqual([...channelsFor(critical, rules, AT_NIGHT)], [[
    "chn_1",
    null,
  ]]);
  assert.deepEqual([...channelsFor(eventOf(), rules, MORNING)], [[
    "chn_1",
    null,
  ]]);
});

Deno.test("channelsFor() names a channel once, and at once if one rule says so", () => {
  const rules = [
    ruleOf({ quietHours: NIGHT }),
    ruleOf({ id: "rul_2", channelIds: ["chn_1", "chn_2"] }),
  ];
  for (const order of [rules, rules.toReversed()]) {
    const channels = channelsFor(eventOf(), order, AT_NIGHT);
    assert.deepEqual(channels.get("chn_1"), null);
    assert.deepEqual(channels.get("chn_2"), null);
    assert.equal(channels.size, 2);
  }
});

Deno.test("retryDelayMs() has full jitter, a cap, and respects Retry-After", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: ATTEMPTS_MAX + 2 }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.option(fc.nat(10 * 3_600_000)),
    (attempts, random, retryAfterMs) => {
      const outcome = {
        ok: false,
        error: "",
        isFinal: false,
        retryAfterMs,
      } as const;
      const delay = retryDelayMs(outcome, { attempts, random });
      if (attempts >= ATTEMPTS_MAX) return assert.equal(delay, null);
      const asked = Math.min(retryAfterMs ?? 0, RETRY_AFTER_MAX_MS);
      const ceiling = Math.min(
        RETRY_CAP_MS,
        RETRY_BASE_MS * 2 ** (attempts - 1),
      );
      assert.ok(delay! >= asked);
      assert.ok(delay! <= Math.max(ceiling, asked));
      const final = { ...outcome, isFinal: true };
      assert.equal(retryDelayMs(final, { attempts, random }), null);
    },
  ));
});

Deno.test("retryDelayMs() gives a message about two hours at most without Retry-After", () => {
  let sum = 0;
  for (let attempts = 1; attempts < ATTEMPTS_MAX; attempts++) {
    sum += retryDelayMs(
      { ok: false, error: "", isFinal: false, retryAfterMs: null },
      { attempts, random: 0.999_999 },
    )!;
  }
  assert.ok(sum > 3_600_000 && sum < 2.2 * 3_600_000, String(sum));
});
