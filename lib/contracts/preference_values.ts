/**
 * What a person may prefer, without the schemas: browsers load this on every
 * page.
 *
 * @module
 */

/** Dark, light, or as the system says. */
export const THEMES = ["system", "dark", "light"] as const;
/** Colours of up and down, in this order. */
export const PALETTES = ["blue-orange", "green-red", "red-green"] as const;
/** Height of rows. */
export const DENSITIES = ["comfortable", "compact"] as const;
/** `reduced`: nothing moves, whatever the system says. */
export const MOTIONS = ["system", "reduced"] as const;
/** Seconds between two refreshes besides the live stream; 0 = the stream alone. */
export const REFRESH_SECONDS = [0, 5, 15, 60] as const;
/** The time zone of the browser, whichever it is. */
export const BROWSER_ZONE = "browser";
/** Longer than the name of any time zone. */
export const MAX_ZONE_LENGTH = 64;

/** How somebody wants the panel. */
export interface Preferences {
  theme: typeof THEMES[number];
  palette: typeof PALETTES[number];
  density: typeof DENSITIES[number];
  /** `UTC`, `browser`, or a name such as `Europe/Berlin`. */
  timeZone: string;
  motion: typeof MOTIONS[number];
  refreshSeconds: typeof REFRESH_SECONDS[number];
  /** Whether single keys do something. */
  shortcuts: boolean;
}

/** What holds until somebody chooses. */
export const DEFAULT_PREFERENCES: Preferences = {
  theme: "system",
  palette: "blue-orange",
  density: "comfortable",
  timeZone: "UTC",
  motion: "system",
  refreshSeconds: 0,
  shortcuts: true,
};

/** Whether this is a time zone's name that dates can be written in. */
export function isTimeZone(name: string): boolean {
  // An offset such as +02:00 is a zone to Intl and the name of none.
  if (!/^[A-Za-z][\w+/-]*$/.test(name) || name.length > MAX_ZONE_LENGTH) {
    return false;
  }
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const oneOf = (allowed: readonly unknown[]) => (value: unknown) =>
  allowed.includes(value);

const CHECKS: Readonly<
  Record<keyof Preferences, (value: unknown) => boolean>
> = {
  theme: oneOf(THEMES),
  palette: oneOf(PALETTES),
  density: oneOf(DENSITIES),
  timeZone: (value) =>
    typeof value === "string" && (value === BROWSER_ZONE || isTimeZone(value)),
  motion: oneOf(MOTIONS),
  refreshSeconds: oneOf(REFRESH_SECONDS),
  shortcuts: oneOf([true, false]),
};

/** Whether all of it may be preferred. */
export function arePreferences(
  given: Readonly<Record<keyof Preferences, unknown>>,
): given is Preferences {
  return Object.entries(CHECKS).every(([name, isAllowed]) =>
    isAllowed(given[name as keyof Preferences])
  );
}

/**
 * Preferences as they were stored, perhaps by another build: what it did not
 * know, and what this one does not, is as if nobody had chosen.
 */
export function readPreferences(stored: unknown): Preferences {
  const given = typeof stored === "object" && stored !== null
    ? stored as Record<string, unknown>
    : {};
  const kept = Object.entries(CHECKS).flatMap(([name, isAllowed]) =>
    isAllowed(given[name]) ? [[name, given[name]]] : []
  );
  return { ...DEFAULT_PREFERENCES, ...Object.fromEntries(kept) };
}

/** The zone to write times in: of the browser what it told, UTC until it has. */
export function zoneOf(
  { timeZone }: Pick<Preferences, "timeZone">,
  browserZone: string | null,
): string {
  if (timeZone !== BROWSER_ZONE) return timeZone;
  return browserZone !== null && isTimeZone(browserZone) ? browserZone : "UTC";
}
