/**
 * Where a page of a list begins. What is inside is nobody's business but ours,
 * and names its list, so that the cursor of another one is refused.
 *
 * @module
 */
import * as z from "zod";

/** A page as services give it: with a bare place. */
interface Page<T> {
  items: readonly T[];
  nextCursor: string | null;
}

/** Cursors of one list. */
export interface Cursors {
  /** Of a query: reads the place out of a cursor. */
  schema: z.ZodType<string, string>;
  /** A place as clients get it. */
  write(place: string): string;
  /** A page as clients get it. */
  page<T>(page: Page<T>): { items: readonly T[]; nextCursor: string | null };
}

const REFUSAL = "Use the nextCursor of an earlier answer of this list";

/** Form of every cursor. */
export const CURSOR_PATTERN = /^[A-Za-z0-9_-]{1,600}$/;

function cursorsOf(list: string, place: RegExp): Cursors {
  const write = (text: string) => encode(`${list} ${text}`);
  return {
    schema: z.string().regex(CURSOR_PATTERN, REFUSAL).transform(
      (text, context) => {
        const [name, ...rest] = (decode(text) ?? "").split(" ");
        const found = rest.join(" ");
        // One place has one text: what was changed by hand is no cursor of ours.
        const isOurs = name === list && place.test(found) &&
          write(found) === text;
        if (isOurs) return found;
        context.addIssue({ code: "custom", message: REFUSAL });
        return z.NEVER;
      },
    ),
    write,
    page: ({ items, nextCursor }) => ({
      items,
      nextCursor: nextCursor === null ? null : write(nextCursor),
    }),
  };
}

/** A running number. */
const NUMBER = /^\d{1,15}$/;

/** Cursors by list. */
export const cursors = {
  agents: cursorsOf("agents", /^agt_[0-9A-Z]{26}$/),
  audit: cursorsOf("audit", /^\d{1,16}\.\d{1,16}$/),
  backtests: cursorsOf("backtests", /^bt_[0-9A-Z]{26}$/),
  configs: cursorsOf("configs", NUMBER),
  deadLetters: cursorsOf("dead-letters", NUMBER),
  deskRecords: cursorsOf("desk-records", NUMBER),
  logs: cursorsOf("logs", NUMBER),
  people: cursorsOf("people", /^usr_[0-9A-Z]{26}$/),
  trades: cursorsOf("trades", NUMBER),
  /** Of a list that a service gives as a whole: the key of the last item. */
  whole: cursorsOf("list", /^.{1,400}$/s),
} as const satisfies Readonly<Record<string, Cursors>>;

function encode(text: string): string {
  return new TextEncoder().encode(text).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/** The text of a cursor; null where it is none. */
function decode(text: string): string | null {
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
