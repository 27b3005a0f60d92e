import type { Preferences } from "../contracts/preference_values.ts";

/** What the root element says of how the page is painted; style sheets and scripts read it there. */
export interface Paint {
  "data-theme"?: "dark" | "light";
  "data-palette": Preferences["palette"];
  "data-density": Preferences["density"];
  "data-motion": Preferences["motion"];
  "data-zone": string;
  "data-refresh": string;
  "data-shortcuts": "on" | "off";
}

/** The attributes of the root element. */
export function paintOf(
  { theme, palette, density, motion, refreshSeconds, shortcuts }: Preferences,
  zone: string,
): Paint {
  return {
    // Without it the style sheet asks the system.
    ...(theme === "system" ? {} : { "data-theme": theme }),
    "data-palette": palette,
    "data-density": density,
    "data-motion": motion,
    "data-zone": zone,
    "data-refresh": String(refreshSeconds),
    "data-shortcuts": shortcuts ? "on" : "off",
  };
}
