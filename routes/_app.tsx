import { asset } from "fresh/runtime";
import { define } from "./(_shared)/define.ts";

const STYLES = [
  "app",
  "shell",
  "fleet",
  "spawn",
  "agent",
  "logs",
  "account",
] as const;

/** The document around every page. The theme comes from the cookie, so nothing flashes. */
export default define.page(function App({ Component, state }) {
  const theme = state.theme ?? null;
  return (
    <html lang="en" {...(theme === null ? {} : { "data-theme": theme })}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="dark light" />
        <title>SMC Fleet</title>
        <link rel="icon" type="image/svg+xml" href={asset("/favicon.svg")} />
        {STYLES.map((name) => (
          <link
            key={name}
            rel="stylesheet"
            href={asset(name === "app" ? "/app.css" : `/css/${name}.css`)}
          />
        ))}
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
});
