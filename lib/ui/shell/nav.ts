import type { Action } from "../../contracts/policy.ts";

/** A page that the bar and the command palette lead to. */
export interface NavPage {
  href: string;
  label: string;
  /** After `g`: the key that goes there. */
  key: string;
  owns: (path: string) => boolean;
  /** Only for who may do this; left out for everybody. */
  action?: Action;
}

/** Where the bar leads, in order. */
export const NAV: readonly NavPage[] = [
  {
    href: "/",
    label: "Fleet",
    key: "f",
    owns: (path) => path === "/" || path.startsWith("/agents/"),
  },
  {
    href: "/backtests",
    label: "Backtests",
    key: "b",
    owns: (path) => path.startsWith("/backtests"),
  },
  {
    href: "/templates",
    label: "Templates",
    key: "m",
    owns: (path) => path.startsWith("/templates"),
    action: "templates.read",
  },
  {
    href: "/analytics",
    label: "Analytics",
    key: "y",
    owns: (path) => path === "/analytics",
    action: "agents.read",
  },
  {
    href: "/logs",
    label: "Logs",
    key: "l",
    owns: (path) => path === "/logs" || path === "/dead-letters",
  },
  {
    href: "/risk",
    label: "Risk",
    key: "r",
    owns: (path) => path === "/risk",
    action: "agents.read",
  },
  {
    href: "/audit",
    label: "Audit",
    key: "a",
    owns: (path) => path === "/audit",
    action: "audit.read",
  },
  {
    href: "/settings/preferences",
    label: "Settings",
    key: "s",
    owns: (path) => path.startsWith("/settings"),
  },
];
