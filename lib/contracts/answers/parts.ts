/**
 * What the schemas of answers are made with. A schema says what leaves the
 * server; the interface beside it says what the services give. The two are
 * held together by the types, so that neither can change alone.
 *
 * @module
 */
import * as z from "zod";
import { RISK_MEASURES } from "../risk.ts";

type Plain = string | number | boolean | bigint | null | undefined;

/** A type without what makes no difference in JSON: `readonly`, and `undefined` of what may be left out. */
type Normal<T> = T extends Plain ? T
  : T extends readonly (infer E)[] ? Normal<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Normal<Exclude<T[K], undefined>> }
  : T;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

/** Says, for the compiler alone, that answers of a schema are exactly of a type. */
export function same<T, S extends z.ZodType>(
  ..._differs: Equal<Normal<T>, Normal<z.output<S>>> extends true ? []
    : [never]
): void {}

/** One of the keys of a table of codes. */
export function codesOf<K extends string>(
  table: Readonly<Record<K, unknown>>,
): z.ZodEnum<{ [P in K]: P }> {
  return z.enum(Object.keys(table) as K[]) as unknown as z.ZodEnum<
    { [P in K]: P }
  >;
}

/** A page of a list. */
export function pageOf<S extends z.ZodType>(
  item: S,
): z.ZodObject<
  { items: z.ZodArray<S>; nextCursor: z.ZodNullable<z.ZodString> }
> {
  return z.object({
    items: z.array(item),
    /** Where the next page starts; null after the last one. */
    nextCursor: z.string().nullable(),
  });
}

/** Codes of the rules of a risk manager. */
export const RISK_RULE_CODES = [
  ...Object.values(RISK_MEASURES).map(({ code }) => code),
  "RISK_UNKNOWN" as const,
  "RISK_DATA_MISSING" as const,
];
