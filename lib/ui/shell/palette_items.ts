/**
 * What the command palette offers, and how it is found.
 *
 * @module
 */
import type { AgentView, ControlAction } from "../../contracts/agent.ts";
import { isAllowed } from "../../contracts/policy.ts";
import { ACTION_WORDS, whyNot } from "../fleet/actions.ts";
import type { PanelUser } from "../roles.ts";
import { SETTINGS_PAGES } from "../settings/SettingsFrame.tsx";
import { NAV } from "./nav.ts";

/** What choosing an item does. */
export type PaletteEffect =
  | { kind: "open"; href: string }
  | { kind: "control"; action: ControlAction; agent: AgentView }
  | { kind: "theme" | "sheet" | "spawn" };

/** One line of the palette. */
export interface PaletteItem {
  /** The same on every page. */
  id: string;
  group: "Recent" | "Pages" | "Agents" | "Actions" | "Settings";
  label: string;
  hint: string;
  /** Why it cannot be chosen now, or null. */
  refusal: string | null;
  effect: PaletteEffect;
}

/** The palette asks before each of these. */
const CONTROLS: readonly ControlAction[] = ["pause", "resume", "stop"];
/** Lines that are shown; a longer list calls for another letter. */
export const MAX_SHOWN = 40;

/** Everything there is to choose. */
export function paletteItems(
  user: PanelUser,
  agents: readonly AgentView[],
): readonly PaletteItem[] {
  return [
    ...pageItems(user),
    ...agents.map((agent): PaletteItem => ({
      id: `agent ${agent.id}`,
      group: "Agents",
      label: agent.name,
      hint: `${agent.symbol} ${agent.timeframe} · ${agent.observed}`,
      refusal: null,
      effect: { kind: "open", href: `/agents/${agent.id}` },
    })),
    ...actionItems(),
    ...SETTINGS_PAGES.map(({ href, label }) =>
      pageItem("Settings", { href, label: `Settings: ${label}`, hint: "" })
    ),
    ...agents.flatMap((agent) => controlItems(user, agent)),
  ];
}

function pageItems(user: PanelUser): readonly PaletteItem[] {
  const page = (href: string, label: string, hint: string) =>
    pageItem("Pages", { href, label, hint });
  return [
    ...NAV.filter(({ action, key }) =>
      key !== "s" && (action === undefined || isAllowed(user.role, action))
    ).map(({ href, label, key }) => page(href, label, `g ${key}`)),
    page("/emergency-stop", "Emergency stop", "Ctrl+Shift+."),
    page("/dead-letters", "Dead letters", ""),
  ];
}

function pageItem(
  group: PaletteItem["group"],
  { href, label, hint }: { href: string; label: string; hint: string },
): PaletteItem {
  return {
    id: `page ${href}`,
    group,
    label,
    hint,
    refusal: null,
    effect: { kind: "open", href },
  };
}

function actionItems(): readonly PaletteItem[] {
  const action = (
    kind: "theme" | "sheet" | "spawn",
    label: string,
    hint: string,
  ): PaletteItem => ({
    id: `action ${kind}`,
    group: "Actions",
    label,
    hint,
    refusal: null,
    effect: { kind },
  });
  return [
    action("spawn", "Spawn an agent…", "n"),
    action("theme", "Switch between dark and light", "t"),
    action("sheet", "Keyboard shortcuts", "?"),
  ];
}

function controlItems(
  user: PanelUser,
  agent: AgentView,
): readonly PaletteItem[] {
  return CONTROLS.map((action) => ({
    id: `${action} ${agent.id}`,
    group: "Actions",
    label: `${ACTION_WORDS[action].label} ${agent.name}…`,
    hint: ACTION_WORDS[action].meaning,
    refusal: whyNot(agent, action, user),
    effect: { kind: "control", action, agent },
  }));
}

/**
 * The items that fit: each word of the query is somewhere in the label. Without
 * a query what was chosen last comes first, and nothing that is done to agents.
 */
export function findItems(
  items: readonly PaletteItem[],
  { query, recent }: { query: string; recent: readonly string[] },
): readonly PaletteItem[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    const again = recent.flatMap((id) => items.filter((item) => item.id === id))
      .map((item) => ({ ...item, group: "Recent" as const }));
    const rest = items.filter(({ id, effect }) =>
      effect.kind !== "control" && !recent.includes(id)
    );
    return [...again, ...rest].slice(0, MAX_SHOWN);
  }
  const rank = ({ label, refusal }: PaletteItem) =>
    (refusal === null ? 0 : 2) +
    (label.toLowerCase().startsWith(words[0]!) ? 0 : 1);
  return items.filter(({ label }) => {
    const text = label.toLowerCase();
    return words.every((word) => text.includes(word));
  }).toSorted((one, other) => rank(one) - rank(other)).slice(0, MAX_SHOWN);
}

const RECENT_KEY = "smc.recent";
const MAX_RECENT = 5;

/** Ids of what was chosen last in this tab, newest first. */
export function readRecent(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(
      sessionStorage.getItem(RECENT_KEY) ?? "[]",
    );
    return Array.isArray(kept) ? kept.map(String) : [];
  } catch {
    return [];
  }
}

/** Keeps what was chosen. */
export function keepRecent(id: string): void {
  const recent = [id, ...readRecent().filter((known) => known !== id)];
  try {
    sessionStorage.setItem(
      RECENT_KEY,
      JSON.stringify(recent.slice(0, MAX_RECENT)),
    );
  } catch {
    // A tab without storage begins with the pages.
  }
}
