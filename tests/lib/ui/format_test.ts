import { equal } from "node:assert/strict";
import {
  dayPercent,
  formatAge,
  formatDateTime,
  formatDecimal,
  formatDuration,
  formatLatency,
  formatMoney,
  formatPercent,
  formatPrice,
  formatTimeMs,
  formatUtcDateTime,
  percentOf,
  plural,
  quoteOf,
  setTimeZone,
  signOf,
  sumDecimals,
  UNKNOWN,
  zoneName,
} from "../../../lib/ui/format.ts";

Deno.test("formatDecimal() keeps every digit of a long decimal text", () => {
  equal(formatDecimal("12345678901234567.89"), "12,345,678,901,234,567.89");
  equal(
    formatDecimal("0.123456789012345678", { digits: 18 }),
    "0.123456789012345678",
  );
});

Deno.test("formatDecimal() writes a true minus, signs gains and leaves zero neutral", () => {
  equal(formatDecimal("-88.4"), "−88.40");
  equal(formatDecimal("412.08", { signed: true }), "+412.08");
  equal(formatDecimal("0", { signed: true }), "0.00");
  equal(formatDecimal("-0.001", { signed: true }), "0.00");
  equal(formatDecimal("-0.001"), "0.00");
});

Deno.test("formatters show unknown as a dash, never as zero", () => {
  equal(formatDecimal(null), UNKNOWN);
  equal(formatMoney(null, "USDT"), UNKNOWN);
  equal(formatPercent(null), UNKNOWN);
  equal(formatPrice(null), UNKNOWN);
  equal(formatLatency(null), UNKNOWN);
  equal(formatDuration(null), UNKNOWN);
  equal(formatDateTime(null), UNKNOWN);
  equal(formatAge(null, 0), UNKNOWN);
});

Deno.test("formatMoney() names the currency", () => {
  equal(formatMoney("48212.4", "USDT"), "48,212.40 USDT");
});

Deno.test("formatPrice() takes its digits from the size of the price", () => {
  equal(formatPrice(66482.735), "66,482.74");
  equal(formatPrice("150.59304434956139175"), "150.593");
  equal(formatPrice(0.562386), "0.562386");
});

Deno.test("formatLatency() keeps about two digits", () => {
  equal(formatLatency(0.861), "0.86 ms");
  equal(formatLatency(6.41), "6.4 ms");
  equal(formatLatency(11.2), "11 ms");
  equal(formatLatency(1_234), "1.2 s");
});

Deno.test("formatDuration() shows the two largest units that are not zero", () => {
  equal(formatDuration(400), "0 s");
  equal(formatDuration(61_000), "1 min 1 s");
  equal(formatDuration(11_520_000), "3 h 12 min");
  equal(formatDuration(86_400_000), "1 d");
});

Deno.test("times are UTC", () => {
  const at = Date.UTC(2026, 4, 1, 12, 3, 22, 41);
  equal(formatDateTime(at), "2026-05-01 12:03:22");
  equal(formatTimeMs(at), "12:03:22.041");
});

Deno.test("sumDecimals() adds exactly", () => {
  equal(sumDecimals(["0.1", "0.2"]), "0.3");
  equal(sumDecimals([]), "0");
});

Deno.test("percentages of an unknown or empty base are unknown", () => {
  equal(percentOf("5", null), null);
  equal(percentOf("5", "0"), null);
  equal(dayPercent("100", "10100"), 1);
  equal(dayPercent(null, "10100"), null);
});

Deno.test("signOf() tells gain, loss, zero and unknown apart", () => {
  equal(signOf("0.0000001"), 1);
  equal(signOf("-3"), -1);
  equal(signOf("0"), 0);
  equal(signOf(null), null);
});

Deno.test("plural() and quoteOf() read well", () => {
  equal(plural(1, "agent"), "1 agent");
  equal(plural(1_200, "agent"), "1,200 agents");
  equal(quoteOf("BTC/USDT"), "USDT");
});

Deno.test("times and days are written in the zone of the page, and say which", () => {
  const at = Date.UTC(2026, 4, 1, 23, 3, 22, 41);
  try {
    setTimeZone("Asia/Tokyo");
    equal(formatDateTime(at), "2026-05-02 08:03:22");
    equal(formatTimeMs(at), "08:03:22.041");
    equal(formatUtcDateTime(at), "2026-05-01 23:03:22");
    equal(zoneName(), "Tokyo");
    setTimeZone("America/New_York");
    equal(formatDateTime(at), "2026-05-01 19:03:22");
    equal(zoneName(), "New York");
  } finally {
    setTimeZone("UTC");
  }
  equal(formatDateTime(at), formatUtcDateTime(at));
  equal(zoneName(), "UTC");
});
