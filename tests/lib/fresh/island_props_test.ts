import assert from "node:assert/strict";
import { computed, type Signal, signal } from "@preact/signals";
import { h, type VNode } from "preact";
import {
  parseProps,
  stringifyProps,
  visitJsx,
} from "../../../lib/fresh/render/island_props.ts";

const noSlot = (): never => assert.fail("No JSX expected");

function roundTrip(...props: unknown[]): Record<string, unknown>[] {
  return parseProps(stringifyProps(props, noSlot), noSlot);
}

Deno.test("stringifyProps() keeps every plain type", () => {
  // deno-lint-ignore no-sparse-arrays
  const sparse = [1, , 3];
  const value = {
    json: { a: [1, "two", true, null] },
    nothing: undefined,
    big: 2n ** 70n,
    numbers: [NaN, Infinity, -Infinity],
    sparse,
    date: new Date(5),
    url: new URL("https://a.example/b?c#d"),
    pattern: /a+/gi,
    set: new Set([1, "a"]),
    map: new Map([["k", { v: 1 }]]),
    bytes: new Uint8Array([0, 255]),
    markup: "</script><!--",
  };
  const [revived] = roundTrip(value);
  assert.deepEqual(revived, value);
  assert.equal(1 in (revived!["sparse"] as unknown[]), false);
  const [zero] = roundTrip({ zero: -0 });
  assert.ok(Object.is(zero!["zero"], -0));
});

Deno.test("stringifyProps() keeps the Temporal types", () => {
  const zoned = Temporal.ZonedDateTime.from("2026-11-22T10:00:00+00:00[UTC]");
  const values = {
    instant: zoned.toInstant(),
    zoned,
    dateTime: zoned.toPlainDateTime(),
    date: zoned.toPlainDate(),
    time: zoned.toPlainTime(),
    yearMonth: Temporal.PlainYearMonth.from("2026-11"),
    monthDay: Temporal.PlainMonthDay.from("11-22"),
    duration: Temporal.Duration.from("PT1H30M"),
  };
  const [revived] = roundTrip(values);
  for (const [name, value] of Object.entries(values)) {
    assert.equal(String(revived![name]), String(value));
    assert.equal(revived![name]?.constructor, value.constructor);
  }
});

Deno.test("stringifyProps() keeps cycles and shared references", () => {
  const shared = { n: 1 };
  const cycle: Record<string, unknown> = { shared };
  cycle["self"] = cycle;
  const [first, second] = roundTrip({ cycle }, { shared });
  const revived = first!["cycle"] as Record<string, unknown>;
  assert.equal(revived["self"], revived);
  assert.equal(revived["shared"], second!["shared"]);
});

Deno.test("stringifyProps() keeps a signal that two islands share one signal", () => {
  const count = signal<unknown>(undefined);
  const double = computed(() => 4);
  const [first, second] = roundTrip({ count, double }, { nested: [count] });
  const revived = first!["count"] as Signal<unknown>;
  assert.equal((second!["nested"] as unknown[])[0], revived);
  assert.equal(revived.value, undefined);
  revived.value = 7;
  assert.equal(revived.value, 7);
  const constant = first!["double"] as Signal<number>;
  assert.equal(constant.value, 4);
  assert.throws(() => constant.value = 5);
});

Deno.test("stringifyProps() numbers JSX, and revives it by number", () => {
  const icon = h("b", null);
  const text = stringifyProps([{ icon, list: [icon, "x"] }], () => 3);
  const slots: VNode[] = [];
  const [props] = parseProps(text, (id) => {
    slots.push(h("i", null, id));
    return slots[0]!;
  });
  assert.equal(slots.length, 1);
  assert.equal(props!["icon"], slots[0]);
  assert.deepEqual(props!["list"], [slots[0], "x"]);
});

Deno.test("stringifyProps() throws for functions, symbols and class instances", () => {
  class Point {}
  for (const value of [() => 1, Symbol("s"), new Point()]) {
    assert.throws(
      () => stringifyProps([{ value }], noSlot),
      /Cannot stringify/,
    );
  }
});

Deno.test("visitJsx() finds JSX at any depth, but not inside JSX or signals' own fields", () => {
  const inner = h("i", null);
  const [a, b, c] = [h("p", null, inner), h("p", null), h("p", null)];
  const cycle: unknown[] = [];
  cycle.push(cycle, new Map([["k", c]]));
  const found: VNode[] = [];
  visitJsx(
    { a, list: [{ b: signal(b) }], cycle },
    (vnode) => found.push(vnode),
  );
  assert.deepEqual(found, [a, b, c]);
});
