/** One value that differs. */
export interface JsonChange {
  /** JSON pointer to it. */
  pointer: string;
  /** Null where there was none. */
  before: unknown;
  /** Null where there is none any more. */
  after: unknown;
}

/**
 * What differs between two values of JSON, by JSON pointer, in the order of
 * their keys. Objects are compared key by key, lists as a whole.
 */
export function jsonDiff(
  before: unknown,
  after: unknown,
  pointer = "",
): JsonChange[] {
  if (isPlain(before) && isPlain(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      jsonDiff(before[name], after[name], `${pointer}/${escaped(name)}`)
    );
  }
  return JSON.stringify(before) === JSON.stringify(after)
    ? []
    : [{ pointer, before: before ?? null, after: after ?? null }];
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 6901. */
function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
