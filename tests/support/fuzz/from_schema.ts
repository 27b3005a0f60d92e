/** Values that a JSON schema allows, as far as it says. */
import fc from "fast-check";
import type { JsonSchema } from "../../../lib/api/openapi/schemas.ts";
import type { Draw } from "./random.ts";

/** Where `$ref` leads. */
export type Components = Readonly<Record<string, JsonSchema>>;

const SAMPLES = 12;
const samples = new Map<string, readonly string[]>();

/** Draws a value. Beyond some depth only what must be there is. */
export function valueFor(
  schema: JsonSchema,
  { draw, components, depth = 0 }: {
    draw: Draw;
    components: Components;
    depth?: number;
  },
): unknown {
  const deeper = { draw, components, depth: depth + 1 };
  const ref = schema["$ref"];
  if (typeof ref === "string") {
    return valueFor(components[ref.split("/").at(-1)!]!, deeper);
  }
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return draw.pick(schema["enum"]);
  const options = schema["anyOf"] ?? schema["oneOf"];
  if (Array.isArray(options)) return valueFor(draw.pick(options), deeper);
  const type = Array.isArray(schema["type"])
    ? draw.pick(schema["type"] as string[])
    : schema["type"];
  switch (type) {
    case "object":
      return objectFor(schema, deeper);
    case "array":
      return listFor(schema, deeper);
    case "string":
      return textFor(schema, draw);
    case "number":
    case "integer":
      return numberFor(schema, draw);
    case "boolean":
      return draw.chance(0.5);
    case "null":
      return null;
    default:
      return draw.pick<unknown>([null, 1, "x", {}, [1]]);
  }
}

type Options = { draw: Draw; components: Components; depth: number };

function objectFor(schema: JsonSchema, options: Options): unknown {
  const { draw, depth } = options;
  const required = (schema["required"] ?? []) as readonly string[];
  const result: Record<string, unknown> = {};
  const fields = (schema["properties"] ?? {}) as Record<string, JsonSchema>;
  for (const [name, field] of Object.entries(fields)) {
    const isWanted = required.includes(name) ||
      depth < 6 && draw.chance(0.3);
    if (isWanted) result[name] = valueFor(field, options);
  }
  const rest = schema["additionalProperties"];
  const names = schema["propertyNames"] as JsonSchema | undefined;
  if (typeof rest === "object" && rest !== null && draw.chance(0.5)) {
    const name = names === undefined ? "x" : valueFor(names, options);
    result[String(name)] = valueFor(rest as JsonSchema, options);
  }
  return result;
}

function listFor(schema: JsonSchema, options: Options): unknown {
  const least = (schema["minItems"] ?? 0) as number;
  const most = Math.min((schema["maxItems"] ?? least + 2) as number, least + 2);
  const length = least + options.draw.below(most - least + 1);
  return Array.from(
    { length },
    () => valueFor((schema["items"] ?? {}) as JsonSchema, options),
  );
}

function textFor(schema: JsonSchema, draw: Draw): string {
  const { pattern, format } = schema;
  if (typeof pattern === "string") return draw.pick(matching(pattern));
  if (format === "date-time") return "2024-01-01T00:00:00Z";
  const least = (schema["minLength"] ?? 0) as number;
  const most = Math.min((schema["maxLength"] ?? 20) as number, least + 20);
  return "a".repeat(least + draw.below(most - least + 1));
}

/** Texts of a pattern; drawn once for all, because that is slow. */
function matching(pattern: string): readonly string[] {
  const known = samples.get(pattern);
  if (known !== undefined) return known;
  let drawn: readonly string[];
  try {
    drawn = fc.sample(fc.stringMatching(new RegExp(pattern)), {
      numRuns: SAMPLES,
      seed: 1,
    });
  } catch {
    // Not every pattern can be turned round.
    drawn = ["x"];
  }
  samples.set(pattern, drawn);
  return drawn;
}

function numberFor(schema: JsonSchema, draw: Draw): number {
  const least = Math.max((schema["minimum"] ?? -1_000) as number, -1e9);
  const most = Math.min((schema["maximum"] ?? least + 2_000) as number, 1e9);
  const value = draw.pick([
    least,
    most,
    least + (most - least) * draw.below(1_000) / 1_000,
  ]);
  return schema["type"] === "integer" ? Math.round(value) : value;
}
