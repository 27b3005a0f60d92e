import type { FreshConfig } from "fresh";
import type { BuildOptions } from "fresh/dev";

/** Run-time options of the app, given to `new App` by main.ts. */
export const appConfig: FreshConfig = {};

/** Build options, given to `new Builder` by dev.ts. */
export const buildConfig: BuildOptions = {
  root: decodeURIComponent(new URL("./", import.meta.url).pathname),
  // Of the shell, in routes/_layout.tsx.
  everywhere: [
    "ConnectionChip",
    "EmergencyBanner",
    "EmergencyDialog",
    "ShellTools",
    "StorageBanner",
    "ThemeToggle",
  ],
  styles: ["/panel.css"],
  target: ["chrome111", "firefox114", "safari16.4"],
};
