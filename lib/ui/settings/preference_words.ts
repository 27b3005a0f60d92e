import {
  arePreferences,
  BROWSER_ZONE,
  DENSITIES,
  MOTIONS,
  PALETTES,
  type Preferences,
  REFRESH_SECONDS,
  THEMES,
} from "../../contracts/preference_values.ts";

/** A preference that is one of a few. */
export interface Choice {
  name: "theme" | "palette" | "density" | "motion" | "refreshSeconds";
  label: string;
  help: string;
  options: readonly { value: string; label: string }[];
}

const words = <T extends string | number>(
  values: readonly T[],
  labels: Readonly<Record<T, string>>,
) => values.map((value) => ({ value: String(value), label: labels[value] }));

/** Preferences in the order in which they are asked for. */
export const CHOICES: readonly Choice[] = [
  {
    name: "theme",
    label: "Theme",
    help: "Dark or light, or as your system says",
    options: words(THEMES, {
      system: "As the system",
      dark: "Dark",
      light: "Light",
    }),
  },
  {
    name: "palette",
    label: "Up and down",
    help:
      "Blue and orange can be told apart by everybody; arrows and signs say the same in every palette",
    options: words(PALETTES, {
      "blue-orange": "Blue up, orange down",
      "green-red": "Green up, red down",
      "red-green": "Red up, green down",
    }),
  },
  {
    name: "density",
    label: "Density",
    help: "Compact shows more rows on a screen",
    options: words(DENSITIES, {
      comfortable: "Comfortable",
      compact: "Compact",
    }),
  },
  {
    name: "motion",
    label: "Motion",
    help: "Reduced: nothing moves or fades",
    options: words(MOTIONS, { system: "As the system", reduced: "Reduced" }),
  },
  {
    name: "refreshSeconds",
    label: "Auto-refresh",
    help:
      "The live stream updates pages by itself; this asks for everything in addition",
    options: words(REFRESH_SECONDS, {
      0: "Live stream alone",
      5: "And every 5 s",
      15: "And every 15 s",
      60: "And every 60 s",
    }),
  },
];

/** Time zones by region, with what is chosen among them. */
export function zoneGroups(
  chosen: string,
): readonly { label: string; zones: readonly string[] }[] {
  const all = new Set(Intl.supportedValuesOf("timeZone"));
  if (chosen !== BROWSER_ZONE && chosen !== "UTC") all.add(chosen);
  const groups = new Map<string, string[]>();
  for (const zone of [...all].filter((name) => name.includes("/")).sort()) {
    const region = zone.split("/")[0]!;
    groups.set(region, [...groups.get(region) ?? [], zone]);
  }
  return [...groups].map(([label, zones]) => ({ label, zones }));
}

/** Reads a form; null where a field is not one of what it may be. */
export function readPreferenceForm(
  field: (name: string) => string,
): Preferences | null {
  const given = {
    theme: field("theme"),
    palette: field("palette"),
    density: field("density"),
    timeZone: field("timeZone"),
    motion: field("motion"),
    refreshSeconds: Number(field("refreshSeconds") || Number.NaN),
    shortcuts: field("shortcuts") === "on",
  };
  return arePreferences(given) ? given : null;
}
