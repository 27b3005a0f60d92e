import { asset } from "fresh/runtime";
import type { Services } from "../lib/api/page_state.ts";
import { LIVE_SETTINGS_META } from "../lib/contracts/live_settings.ts";
import { define } from "./(_shared)/define.ts";

const STYLES = [
  "/app.css",
  ...[
    "controls",
    "content",
    "feedback",
    "shell",
    "fleet",
    "fleet_small",
    "teams",
    "spawn_steps",
    "spawn",
    "agent",
    "backtests",
    "backtest_result",
    "backtest_replay",
    "logs",
    "account",
    "audit",
    "settings",
  ].map((name) => `/css/${name}.css`),
];

/** The document around every page. The theme comes from the cookie, so nothing flashes. */
export default define.page(function App({ Component, state }) {
  const theme = state.theme ?? null;
  // Absent where an error comes before the services.
  const live = (state.services as Services | undefined)?.liveSettings;
  return (
    <html lang="en" {...(theme === null ? {} : { "data-theme": theme })}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark light" />
        {live !== undefined && (
          <meta name={LIVE_SETTINGS_META} content={JSON.stringify(live)} />
        )}
        <title>SMC Fleet</title>
        <link rel="icon" type="image/svg+xml" href={asset("/favicon.svg")} />
        {STYLES.map((path) => (
          <link key={path} rel="stylesheet" href={asset(path)} />
        ))}
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
});
