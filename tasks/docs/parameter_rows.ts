import type * as z from "zod";
import {
  type ParameterField,
  parameterFields,
} from "../../lib/ui/spawn/schema_fields.ts";

/** Columns of {@link parameterRows}. */
export const PARAMETER_HEAD = ["setting", "default", "range", "meaning"];

/** One row for each labelled parameter of a group of settings. */
export function parameterRows(
  schema: z.ZodObject,
  group: string,
): string[][] {
  const presets: Readonly<Record<string, unknown>> = schema.parse({});
  return parameterFields(schema).map((field) => [
    `\`${group}.${field.key}\``,
    `\`${presets[field.key]}\``,
    rangeOf(field),
    field.help,
  ]);
}

function rangeOf(field: ParameterField): string {
  switch (field.kind) {
    case "number":
      return `${field.min} to ${field.max} ${field.unit}`;
    case "choice":
      return field.options.map((option) => `\`${option}\``).join(", ");
    default:
      return "–";
  }
}
