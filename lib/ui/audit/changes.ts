/** One value that an entry tells of, before and after. */
export interface ChangedValue {
  /** Where it is: `risk.leverage`. */
  path: string;
  /** Null where there was none, or where the entry tells only of one. */
  before: string | null;
  after: string | null;
}

/** What a detail says: values that changed, and the rest. */
export interface DetailView {
  changes: readonly ChangedValue[];
  facts: readonly { path: string; value: string }[];
  /** Values that are not shown. */
  left: number;
}

/** Values that one entry shows; the rest is only counted, the export has them all. */
const MAX_VALUES = 60;

/** Splits the detail of an entry into what changed and what else explains it. */
export function viewDetail(
  detail: Readonly<Record<string, unknown>>,
): DetailView {
  const { before, after, ...rest } = detail;
  const old = flatten(before);
  const now = flatten(after);
  const isChange = before !== undefined || after !== undefined;
  const changes = isChange
    ? [...new Set([...old.keys(), ...now.keys()])].flatMap((path) => {
      const pair = {
        before: old.get(path) ?? null,
        after: now.get(path) ?? null,
      };
      return pair.before === pair.after ? [] : [{ path, ...pair }];
    })
    : [];
  const told = Object.keys(rest).length === 0 ? [] : [...flatten(rest)];
  const facts = told.map(([path, value]) => ({ path, value }));
  const shown = changes.slice(0, MAX_VALUES);
  const room = MAX_VALUES - shown.length;
  return {
    changes: shown,
    facts: facts.slice(0, room),
    left: changes.length + facts.length - shown.length -
      Math.min(room, facts.length),
  };
}

/** Every value of a nested one by its path. */
function flatten(value: unknown, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  if (value === undefined) return found;
  const isNested = value !== null && typeof value === "object" &&
    Object.keys(value).length > 0;
  if (!isNested) {
    found.set(path === "" ? "value" : path, textOf(value));
    return found;
  }
  const members = Object.entries(value as object);
  const isPlainList = Array.isArray(value) &&
    value.every((item) => item === null || typeof item !== "object");
  if (isPlainList) {
    found.set(path === "" ? "value" : path, value.map(textOf).join(", "));
    return found;
  }
  for (const [key, member] of members) {
    const inner = flatten(member, path === "" ? key : `${path}.${key}`);
    for (const [place, text] of inner) found.set(place, text);
  }
  return found;
}

function textOf(value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return value ? "yes" : "no";
    case "string":
      return value === "" ? "(empty)" : value;
    case "number":
      return String(value);
    default:
      return value === null ? "none" : JSON.stringify(value);
  }
}
