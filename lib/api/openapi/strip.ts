/**
 * Takes out of an answer what its schema does not name. It does not check the
 * values: the types do that where the answer is made, and the tests where it
 * arrives (docs/adr/0022-answers-leave-by-their-schemas.md).
 *
 * @module
 */
import * as z from "zod";

/** Copies what may leave. */
export type Strip = (value: unknown) => unknown;

/** A schema that has no nameless parts inside: nothing has to be taken out. Null for that. */
type Part = Strip | null;

const SCALARS: ReadonlySet<string> = new Set([
  "string",
  "number",
  "int",
  "boolean",
  "null",
  "undefined",
  "literal",
  "enum",
  "template_literal",
  "bigint",
  "date",
  "never",
  "void",
]);

/** Schemas that hold one other and change nothing of its shape. */
const WRAPPERS: ReadonlySet<string> = new Set([
  "optional",
  "nullable",
  "default",
  "prefault",
  "readonly",
  "nonoptional",
  "catch",
]);

const compiled = new WeakMap<z.core.$ZodType, { part: Part }>();

/** Makes the function of a schema; made once for each. */
export function stripOf(schema: z.ZodType): Strip {
  return partOf(schema) ?? ((value) => value);
}

function partOf(schema: z.core.$ZodType): Part {
  const known = compiled.get(schema);
  if (known !== undefined) return known.part;
  const part = compile(schema);
  compiled.set(schema, { part });
  return part;
}

function compile(schema: z.core.$ZodType): Part {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (SCALARS.has(def.type)) return null;
  if (WRAPPERS.has(def.type) && "innerType" in def) {
    return partOf(def.innerType);
  }
  switch (def.type) {
    case "unknown":
    case "any":
      return null;
    case "object":
      return objectPart(def);
    case "array":
      return arrayPart(partOf(def.element));
    case "record":
      return recordPart(partOf(def.valueType));
    case "union":
      return unionPart(def);
    case "pipe":
      return pipePart(def);
    default:
      throw new TypeError(
        `An answer cannot have a schema of the kind "${def.type}"`,
      );
  }
}

/** What is answered is what came out of the pipe; only a value without parts may be made anew. */
function pipePart(def: z.core.$ZodPipeDef): Part {
  if (!isTransform(def.out)) return partOf(def.out);
  if (partOf(def.in) === null) return null;
  throw new TypeError("An answer cannot change the shape of what it has");
}

function isTransform(schema: z.core.$ZodType): boolean {
  return schema._zod.def.type === "transform";
}

function objectPart(def: z.core.$ZodObjectDef): Part {
  const fields = new Map<string, Part>(
    Object.entries(def.shape).map(([key, field]) => [key, partOf(field)]),
  );
  const isOpen = def.catchall !== undefined &&
    def.catchall._zod.def.type !== "never";
  if (isOpen) return null;
  return (value) =>
    typeof value === "object" && value !== null
      ? onlyNamed(value as Record<string, unknown>, fields)
      : value;
}

/** Most values have nothing to take out: then they are not copied. */
function onlyNamed(
  value: Record<string, unknown>,
  fields: { get(key: string): Part | undefined },
): Record<string, unknown> {
  let result: Record<string, unknown> | null = null;
  for (const key in value) {
    const part = fields.get(key);
    if (part === undefined) {
      result ??= upTo(value, key);
      continue;
    }
    const held = value[key];
    const kept = part === null ? held : part(held);
    if (kept !== held) result ??= upTo(value, key);
    if (result !== null) result[key] = kept;
  }
  return result ?? value;
}

/** A copy of what comes before a key. */
function upTo(
  value: Record<string, unknown>,
  end: string,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key in value) {
    if (key === end) break;
    result[key] = value[key];
  }
  return result;
}

function arrayPart(element: Part): Part {
  if (element === null) return null;
  return (value) => {
    if (!Array.isArray(value)) return value;
    const kept = value.map(element);
    return kept.some((item, place) => item !== value[place]) ? kept : value;
  };
}

function recordPart(held: Part): Part {
  if (held === null) return null;
  return (value) => {
    if (typeof value !== "object" || value === null) return value;
    return onlyNamed(value as Record<string, unknown>, {
      get: () => held,
    });
  };
}

/** Which one it is says the discriminator, or else the first schema that the value is right for. */
function unionPart(
  def: z.core.$ZodUnionDef & { discriminator?: string },
): Part {
  const options = def.options.map((schema) => ({
    schema,
    part: partOf(schema),
  }));
  if (options.every(({ part }) => part === null)) return null;
  const { discriminator } = def;
  return (value) => {
    if (typeof value !== "object" || value === null) return value;
    const chosen = options.find(({ schema }) =>
      discriminator === undefined
        ? z.safeParse(schema, value).success
        : schema._zod.propValues?.[discriminator]?.has(
          (value as Record<string, z.core.util.Primitive>)[discriminator],
        )
    );
    // What fits nothing is not known to be free of what must stay here.
    if (chosen === undefined) return null;
    return chosen.part === null ? value : chosen.part(value);
  };
}
