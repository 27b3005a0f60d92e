/**
 * Reads the numeric and choice parameters of a contract's schema, so that the
 * form shows exactly what the schema allows, with the schema's own words.
 *
 * @module
 */
import * as z from "zod";

/** A parameter that a form shows as slider and number, or as choices. */
export type ParameterField =
  & {
    key: string;
    label: string;
    help: string;
  }
  & (
    | { kind: "number"; unit: string; min: number; max: number; step: number }
    | { kind: "choice"; options: readonly string[] }
  );

const numberMeta = z.object({
  label: z.string(),
  help: z.string(),
  unit: z.string(),
  min: z.number(),
  max: z.number(),
  step: z.number(),
});
const choiceMeta = z.object({ label: z.string(), help: z.string() });

/** Lists the parameters of a strategy or of the detector that carry a label. */
export function parameterFields(schema: z.ZodObject): ParameterField[] {
  return Object.entries(schema.shape).flatMap(
    ([key, field]): ParameterField[] => {
      const meta = (field as z.ZodType).meta();
      const number = numberMeta.safeParse(meta);
      if (number.success) return [{ kind: "number", key, ...number.data }];
      const choice = choiceMeta.safeParse(meta);
      if (!choice.success || !(field instanceof z.ZodDefault)) return [];
      const inner = field.unwrap();
      if (!(inner instanceof z.ZodEnum)) return [];
      return [{
        kind: "choice",
        key,
        ...choice.data,
        options: inner.options.map(String),
      }];
    },
  );
}
