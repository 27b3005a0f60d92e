import type { CodeMeaning, CodeTable } from "./dialect.ts";
import type { CcxtRecord } from "./library.ts";

/** What a table is made of. */
export interface CodeTableParts {
  read: CodeTable["read"];
  /** Meaning by code. */
  meanings: Readonly<Record<string, CodeMeaning>>;
  /** Where a code stands for several things, by the start of the sentence; tried first. */
  sentences?: readonly (readonly [
    code: string,
    start: string,
    meaning: CodeMeaning,
  ])[];
  /** For codes without an entry of their own. */
  otherwise?: (code: string) => CodeMeaning | null;
  provenRateStatuses?: readonly number[];
}

/** A table that looks at the sentence, then at the code, then at its group. */
export function createCodeTable(parts: CodeTableParts): CodeTable {
  const { meanings, sentences = [], otherwise } = parts;
  return {
    read: parts.read,
    meaningOf: (code, message) =>
      sentences.find(([of, start]) => of === code && message.startsWith(start))
        ?.[2] ??
        (Object.hasOwn(meanings, code) ? meanings[code]! : null) ??
        otherwise?.(code) ?? null,
    provenRateStatuses: parts.provenRateStatuses ?? [],
    documented: {
      ...meanings,
      ...Object.fromEntries(
        sentences.map((
          [code, start, meaning],
        ) => [`${code} ${start}`, meaning]),
      ),
    },
  };
}

/** One entry a code, written as words. */
export function codes(
  meaning: CodeMeaning,
  list: string,
): Record<string, CodeMeaning> {
  return Object.fromEntries(
    list.split(" ").map((code) => [code, meaning]),
  );
}

/** A text or a number of an answer as text; null for anything else. */
export function textOf(record: CcxtRecord, name: string): string | null {
  const value = record[name];
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : null;
}

/** Whether a code is a whole number within bounds. */
export function isWithin(code: string, from: number, to: number): boolean {
  return /^-?\d{1,9}$/.test(code) && Number(code) >= from && Number(code) <= to;
}

/** An object of an answer; null for anything else. */
export function recordOf(value: unknown): CcxtRecord | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as CcxtRecord
    : null;
}
