/** Settings as JSON has them. */
export type Settings = Readonly<Record<string, unknown>>;

/** Puts the settings of `over` into those of `base`, group by group; lists and values are replaced whole. */
export function mergeSettings(base: Settings, over: Settings): Settings {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    merged[key] = isSettings(value) && isSettings(before) && key !== "feed"
      ? mergeSettings(before, value)
      : value;
  }
  return merged;
}

/** Whether a value is a group of settings. */
export function isSettings(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
