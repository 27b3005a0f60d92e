import type { PageState, Services } from "../api/page_state.ts";
import {
  DEFAULT_PREFERENCES,
  type Preferences,
  zoneOf,
} from "../contracts/preference_values.ts";
import { AppError } from "../core/errors.ts";

/**
 * How a page is to be painted: as who asks has chosen. Before that, and before
 * a login, the browser's cookie says which theme was seen last.
 */
export async function paintingOf(
  request: Request,
  { services, userId }: {
    services: Pick<Services, "preferences">;
    userId: string | null;
  },
): Promise<Pick<PageState, "preferences" | "zone">> {
  const stored = userId === null ? null : await readStored(services, userId);
  const preferences = stored ??
    { ...DEFAULT_PREFERENCES, theme: themeOf(request) };
  return { preferences, zone: zoneOf(preferences, cookie(request, "zone")) };
}

/** A page that cannot be painted as chosen is painted anyway. */
async function readStored(
  { preferences }: Pick<Services, "preferences">,
  userId: string,
): Promise<Preferences | null> {
  try {
    return await preferences.get(userId);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function themeOf(request: Request): Preferences["theme"] {
  const theme = cookie(request, "theme");
  return theme === "dark" || theme === "light" ? theme : "system";
}

function cookie(request: Request, name: string): string | null {
  const text = request.headers.get("cookie") ?? "";
  for (const part of text.split(";")) {
    const [key, value] = part.trim().split("=", 2);
    if (key !== name || value === undefined) continue;
    try {
      return decodeURIComponent(value);
    } catch {
      return null;
    }
  }
  return null;
}
