import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import {
  canonicalText,
  type Json,
  toJson,
} from "../../../lib/core/canonical.ts";

Deno.test("canonicalText() writes the example of RFC 8785, section 3.2.2 and 3.2.3", () => {
  const value = {
    numbers: [333333333.33333329, 1E30, 4.50, 2e-3, 1e-27],
    string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\u002f",
    literals: [null, true, false],
  };
  assert.equal(
    canonicalText(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

Deno.test("canonicalText() sorts keys by their UTF-16 code units, as in RFC 8785, section 3.2.3", () => {
  const value = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\u{1f600}": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  const order = [...canonicalText(value).matchAll(/:"([^"]+)"/g)].map((found) =>
    found[1]
  );
  assert.deepEqual(order, [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
});

Deno.test("canonicalText() writes the numbers of RFC 8785, appendix B", () => {
  const bits = (hex: string) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${hex}`));
    return view.getFloat64(0);
  };
  const cases: readonly [string, string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  for (const [hex, text] of cases) {
    assert.equal(canonicalText(bits(hex)), text, hex);
  }
  assert.throws(() => canonicalText(bits("7fffffffffffffff")));
  assert.throws(() => canonicalText(bits("7ff0000000000000")));
  assert.throws(() => canonicalText("\udead"));
});

/** The same value with its keys in another order. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).toReversed().map(([key, member]) => [
      key,
      reversed(member as Json),
    ]),
  );
}

Deno.test("canonicalText() is one text for one value, whatever the order of its keys, and reads back as that value", () => {
  fc.assert(fc.property(fc.jsonValue(), (given) => {
    const value = toJson(given);
    const text = canonicalText(value);
    assert.equal(canonicalText(reversed(value)), text);
    assert.deepEqual(JSON.parse(text), value);
    assert.equal(canonicalText(JSON.parse(text)), text);
  }));
});

Deno.test("canonicalText() is the same for two values where they are equal, and nowhere else", () => {
  const close = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom<fc.JsonValue>(0, -0, "0", null, [], {}, [0], { a: 0 }),
  );
  fc.assert(fc.property(close, close, (left, right) => {
    const [one, other] = [toJson(left), toJson(right)];
    assert.equal(
      canonicalText(one) === canonicalText(other),
      isDeepStrictEqual(one, other),
    );
  }));
});

Deno.test("toJson() makes something canonical of anything, and leaves what it has made", () => {
  fc.assert(fc.property(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
    }),
    (given) => {
      const value = toJson(given);
      canonicalText(value);
      assert.deepEqual(toJson(value), value);
    },
  ));
  const odd = { a: undefined, b: [undefined, NaN], c: -0, d: "\ud800" };
  assert.equal(
    canonicalText(toJson(odd)),
    '{"b":[null,"NaN"],"c":0,"d":"\ufffd"}',
  );
  const own = JSON.parse('{"__proto__":1}');
  assert.equal(canonicalText(toJson(own)), '{"__proto__":1}');
});
