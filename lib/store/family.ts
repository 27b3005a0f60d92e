/** Makes a value of the next version. */
export type Upcaster = (value: Versioned) => Versioned;

/** Every stored value says its version. */
export interface Versioned {
  v: number;
  [field: string]: unknown;
}

/** All keys with the same first part. */
export interface KeyFamily {
  /** What one entry is. */
  what: string;
  /** What keeps it bounded. */
  bound: string;
  /** The upcaster at place `n` makes version `n + 2` of version `n + 1`. */
  upcasters: readonly Upcaster[];
}

/** Describes a family. */
export function family(
  what: string,
  bound: string,
  upcasters: readonly Upcaster[] = [],
): KeyFamily {
  return { what, bound, upcasters };
}
