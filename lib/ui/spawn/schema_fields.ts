/**
 * Reads the labelled parameters of a contract's schema, so that the
 * form shows exactly what the schema allows, with the schema's own words.
 *
 * @module
 */
import * as z from "zod";

/** A parameter that a form shows as slider and number, as choices, as a tick, or as text. */
export type ParameterField =
  & {
    key: string;
    label: string;
    help: string;
  }
  & (
    | { kind: "number"; unit: string; min: number; max: number; step: number }
    | { kind: "choice"; options: readonly string[] }
    | { kind: "tick" }
    | { kind: "text" }
  );

const numberMeta = z.object({
  label: z.string(),
  help: z.string(),
  unit: z.string(),
  min: z.number(),
  max: z.number(),
  step: z.number(),
});
const wordsMeta = z.object({ label: z.string(), help: z.string() });

/** Lists the parameters of a group, such as a strategy, that carry a label. */
export function parameterFields(schema: z.ZodObject): ParameterField[] {
  return Object.entries(schema.shape).flatMap(
    ([key, field]): ParameterField[] => {
      const meta = (field as z.ZodType).meta();
      const number = numberMeta.safeParse(meta);
      if (number.success) return [{ kind: "number", key, ...number.data }];
      const words = wordsMeta.safeParse(meta);
      if (!words.success || !(field instanceof z.ZodDefault)) return [];
      const inner = field.unwrap();
      if (inner instanceof z.ZodBoolean) {
        return [{ kind: "tick", key, ...words.data }];
      }
      if (
        inner instanceof z.ZodPipe || inner instanceof z.ZodString ||
        inner instanceof z.ZodArray
      ) {
        return [{ kind: "text", key, ...words.data }];
      }
      if (!(inner instanceof z.ZodEnum)) return [];
      return [{
        kind: "choice",
        key,
        ...words.data,
        options: inner.options.map(String),
      }];
    },
  );
}
