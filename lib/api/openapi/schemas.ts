/**
 * Zod schemas as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. Zod's
 * own writer is used, because it refers to named shapes wherever they occur.
 *
 * @module
 */
import * as z from "zod";

/** A JSON schema as plain data. */
export type JsonSchema = Record<string, unknown>;

/** Schemas of one direction: those that are named, and those asked for. */
export interface WrittenSchemas {
  components: Record<string, JsonSchema>;
  /** The JSON schema of one that was given. */
  of(schema: z.ZodType): JsonSchema;
}

/** What `parameter()` keeps for forms, and what becomes of it here. */
const FORM_WORDS = [
  "label",
  "unit",
  "help",
  "min",
  "max",
  "step",
  "preset",
  "whole",
];

/** Writes schemas. `io`: as they are sent, or as they are answered. */
export function writeSchemas(
  schemas: readonly z.ZodType[],
  { io, named }: {
    io: "input" | "output";
    named: Readonly<Record<string, z.ZodType>>;
  },
): WrittenSchemas {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) {
    registry.add(schema, { id });
  }
  // In a list of its own each is written anew: only what is named is referred to.
  const asked = new Map<z.ZodType, string>();
  for (const schema of new Set(schemas)) {
    const id = `_${asked.size}`;
    registry.add(z.array(schema), { id });
    asked.set(schema, id);
  }
  const { schemas: written } = z.toJSONSchema(registry, {
    io,
    unrepresentable: "any",
    uri: refTo,
    override: ({ jsonSchema }) => tidy(jsonSchema as JsonSchema),
  });
  return {
    components: Object.fromEntries(
      Object.keys(named).map((id) => [id, rootless(written[id] as JsonSchema)]),
    ),
    of: (schema) => written[asked.get(schema)!]!.items as JsonSchema,
  };
}

function refTo(id: string): string {
  return `#/components/schemas/${id}`;
}

/** Within a document a schema has no address of its own. */
function rootless(
  { $schema: _, $id: __, id: ___, ...schema }: JsonSchema,
): JsonSchema {
  return schema;
}

/** Words for forms become a description; patterns and bounds are there already. */
function tidy(schema: JsonSchema): void {
  const { label, unit, help } = schema;
  if (typeof label === "string" && typeof help === "string") {
    const inUnits = typeof unit === "string" && unit !== "" ? ` (${unit})` : "";
    schema["description"] = `${label}${inUnits}: ${help}`;
  }
  for (const word of FORM_WORDS) delete schema[word];
  delete schema["id"];
}
