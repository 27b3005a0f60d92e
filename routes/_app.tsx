import { asset } from "fresh/runtime";
import type { Services } from "../lib/api/page_state.ts";
import { LIVE_SETTINGS_META } from "../lib/contracts/live_settings.ts";
import { DEFAULT_PREFERENCES } from "../lib/contracts/preference_values.ts";
import { setTimeZone } from "../lib/ui/format.ts";
import { paintOf } from "../lib/ui/paint.ts";
import { define } from "./(_shared)/define.ts";

/** The document around every page, painted as who looks has chosen, so nothing flashes. */
export default define.page(function App({ Component, state }) {
  // Where the request broke before anybody was asked, there are the presets.
  const { preferences = DEFAULT_PREFERENCES, zone = "UTC" } = state;
  setTimeZone(zone);
  // Absent where an error comes before the services.
  const live = (state.services as Services | undefined)?.liveSettings;
  return (
    <html lang="en" {...paintOf(preferences, zone)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark light" />
        {live !== undefined && (
          <meta name={LIVE_SETTINGS_META} content={JSON.stringify(live)} />
        )}
        <title>SMC Fleet</title>
        <link rel="manifest" href="/manifest.webmanifest" />
        <meta name="theme-color" content="#121820" />
        <link rel="apple-touch-icon" href={asset("/icons/icon-192.png")} />
        <link rel="icon" type="image/svg+xml" href={asset("/favicon.svg")} />
        <link rel="stylesheet" href={asset("/panel.css")} />
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
});
