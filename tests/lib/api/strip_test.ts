import assert from "node:assert/strict";
import fc from "fast-check";
import * as z from "zod";
import { stripOf } from "../../../lib/api/openapi/strip.ts";
import { agentViewSchema } from "../../../lib/contracts/answers/agent.ts";
import { sampleConfig, viewOf } from "./samples.ts";

const SECRET = "secret-that-must-stay";

const schema = z.object({
  id: z.string(),
  inner: z.object({ n: z.number().optional() }).nullable(),
  list: z.array(z.object({ a: z.string() })),
  map: z.record(z.string(), z.object({ b: z.boolean() })),
  either: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("x"), x: z.number() }),
    z.object({ kind: z.literal("y"), y: z.object({ deep: z.string() }) }),
  ]),
  any: z.union([z.string(), z.object({ c: z.number() })]),
});

Deno.test("stripOf() keeps what the schema names, as it is", () => {
  const value = {
    id: "1",
    inner: { n: 2 },
    list: [{ a: "x" }],
    map: { k: { b: true } },
    either: { kind: "y" as const, y: { deep: "d" } },
    any: { c: 1 },
  };
  assert.deepEqual(stripOf(schema)(value), value);
  const view = viewOf("agt_1", sampleConfig(), { now: 1 });
  const {
    config: _,
    history: __,
    listensTo: ___,
    latency: ____,
    supervision: _____,
    ...listed
  } = view;
  assert.deepEqual(stripOf(agentViewSchema)(view), listed);
});

Deno.test("stripOf() lets nothing out that no schema names, wherever it is", () => {
  const strip = stripOf(schema);
  const extra = { password: SECRET, nested: { token: SECRET } };
  fc.assert(
    fc.property(
      fc.record({
        id: fc.string(),
        inner: fc.option(fc.constant({ n: 1, ...extra })),
        list: fc.array(fc.constant({ a: "a", ...extra })),
        map: fc.dictionary(fc.string(), fc.constant({ b: true, ...extra })),
        either: fc.constantFrom<unknown>(
          { kind: "x", x: 1, ...extra },
          { kind: "y", y: { deep: "d", ...extra }, ...extra },
          { kind: "z", ...extra },
        ),
        any: fc.constantFrom<unknown>("text", { c: 1, ...extra }, extra),
      }),
      (value) => {
        const text = JSON.stringify(strip({ ...value, ...extra }));
        assert.ok(!text.includes(SECRET), text);
      },
    ),
  );
});

Deno.test("stripOf() refuses a schema that it could not hold", () => {
  assert.throws(
    () => stripOf(z.object({ a: z.object({}).transform(() => 1) })),
    /cannot change the shape/,
  );
  assert.throws(() => stripOf(z.map(z.string(), z.string())), /kind "map"/);
});
