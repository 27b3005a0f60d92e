/**
 * What somebody prefers, in the browser: painted at once, kept on the server.
 *
 * @module
 */
import { type Preferences, zoneOf } from "../../contracts/preference_values.ts";
import { setTimeZone } from "../format.ts";
import { paintOf } from "../paint.ts";
import { api } from "./live.ts";

const YEAR_SECONDS = 31_536_000;

/** Paints the page as chosen, without loading it anew. */
export function applyPreferences(preferences: Preferences): void {
  const { documentElement: root } = document;
  const zone = zoneOf(preferences, browserZone());
  delete root.dataset.theme;
  for (const [name, value] of Object.entries(paintOf(preferences, zone))) {
    root.setAttribute(name, value);
  }
  setTimeZone(zone);
  keepCookies(preferences);
  // Canvases read their colours anew.
  dispatchEvent(new CustomEvent("themechange"));
}

let saving: Promise<unknown> = Promise.resolve();

/** Keeps a change, one after the other, on top of what another page has chosen meanwhile. */
export function savePreferences(
  change: Partial<Preferences>,
): Promise<Preferences> {
  const saved = saving.catch(() => {}).then(async () =>
    await api.putPreferences({ ...await api.preferences(), ...change })
  );
  saving = saved;
  return saved;
}

/** Switches between dark and light, from whatever is seen now. */
export function toggleTheme(): void {
  const { documentElement: root } = document;
  const system = matchMedia("(prefers-color-scheme: light)").matches
    ? "light"
    : "dark";
  const theme = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
  root.dataset.theme = theme;
  keepTheme(theme);
  dispatchEvent(new CustomEvent("themechange"));
  // The page and the cookie have it; where the server does not answer, other browsers wait.
  void savePreferences({ theme }).catch(() => {});
}

/** The zone of this browser. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What the server must know before it can look anything up: the theme before a login, and the zone of this browser. */
function keepCookies({ theme }: Preferences): void {
  keepTheme(theme);
  keepZone();
}

/** Tells the server the zone of this browser, for who wants times in it. */
export function keepZone(): void {
  document.cookie = `zone=${
    encodeURIComponent(browserZone())
  }; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
}

function keepTheme(theme: Preferences["theme"]): void {
  const seconds = theme === "system" ? 0 : YEAR_SECONDS;
  document.cookie = `theme=${theme}; Path=/; Max-Age=${seconds}; SameSite=Lax`;
}
