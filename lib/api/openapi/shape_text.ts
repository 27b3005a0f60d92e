/**
 * A JSON schema as people write shapes down.
 *
 * @module
 */
import type { JsonSchema } from "./schemas.ts";

/** Writes a schema as text; a shape with a name is written as `→Name`. */
export function shapeOf(schema: JsonSchema, indent = ""): string {
  const ref = schema["$ref"];
  if (typeof ref === "string") return `→${ref.split("/").at(-1)!}`;
  const union = (schema["anyOf"] ?? schema["oneOf"]) as
    | readonly JsonSchema[]
    | undefined;
  if (union !== undefined) {
    return union.map((option) => shapeOf(option, indent)).join(" | ");
  }
  if ("const" in schema) return JSON.stringify(schema["const"]);
  const choices = schema["enum"] as readonly unknown[] | undefined;
  if (choices !== undefined) {
    return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  }
  const { type } = schema;
  if (Array.isArray(type)) {
    return type.map((one) => shapeOf({ ...schema, type: one }, indent))
      .join(" | ");
  }
  if (type === "array") {
    return `[${shapeOf((schema["items"] ?? {}) as JsonSchema, indent)}, …]`;
  }
  if (type === "object") return objectOf(schema, indent);
  return typeof type === "string" ? scalarOf(type, schema) : "anything";
}

function objectOf(schema: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const required = (schema["required"] ?? []) as readonly string[];
  const fields = Object.entries(
    (schema["properties"] ?? {}) as Record<string, JsonSchema>,
  ).map(([name, field]) => {
    const { description } = field;
    const comment = typeof description === "string"
      ? `\n${inner}# ${description}`
      : "";
    const mark = required.includes(name) ? "" : "?";
    return `${comment}\n${inner}${name}${mark}: ${shapeOf(field, inner)}`;
  });
  const rest = schema["additionalProperties"];
  if (typeof rest === "object" && rest !== null) {
    fields.push(`\n${inner}…: ${shapeOf(rest as JsonSchema, inner)}`);
  }
  return fields.length === 0 ? "{}" : `{${fields.join("")}\n${indent}}`;
}

function scalarOf(type: string, schema: JsonSchema): string {
  const { minimum, maximum, pattern, minLength, maxLength } = schema;
  const bounds = [
    ...between(minimum, maximum, ""),
    ...between(minLength, maxLength, " characters"),
    ...(typeof pattern === "string" ? [`like ${pattern}`] : []),
    ...("default" in schema
      ? [`preset ${JSON.stringify(schema["default"])}`]
      : []),
  ];
  return bounds.length === 0 ? type : `${type} (${bounds.join("; ")})`;
}

/** Whole numbers of zod have the bounds of the number type, which say nothing. */
function between(least: unknown, most: unknown, unit: string): string[] {
  const from = meant(least);
  const to = meant(most);
  if (from === null && to === null) return [];
  if (from === null) return [`at most ${to}${unit}`];
  return to === null
    ? [`at least ${from}${unit}`]
    : [`${from} to ${to}${unit}`];
}

function meant(bound: unknown): number | null {
  return typeof bound === "number" &&
      Math.abs(bound) < Number.MAX_SAFE_INTEGER
    ? bound
    : null;
}
