import { type Signal, useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { loadNotices, markRead } from "../lib/ui/client/notices.ts";
import { keepZone, toggleTheme } from "../lib/ui/client/preferences.ts";
import type { PanelUser } from "../lib/ui/roles.ts";
import {
  Bell,
  PaletteButton,
  TradingChip,
} from "../lib/ui/shell/BarButtons.tsx";
import { isTyping, ShellKeys, type ShellWish } from "../lib/ui/shell/keys.ts";
import { NAV } from "../lib/ui/shell/nav.ts";
import type { Overlay, Overlays } from "../lib/ui/shell/Overlays.tsx";
import type { SessionWarning } from "../lib/ui/shell/SessionWarning.tsx";
import type { TradingStanding } from "../lib/ui/shell/trading_state.ts";
import {
  type LoginTimes,
  useSessionEnd,
} from "../lib/ui/shell/use_session_end.ts";

/** What the bar's tools know when the server paints them. */
export interface ShellToolsProps {
  user: PanelUser;
  trading: TradingStanding;
  /** Null where the login has no end that a page could warn of. */
  login: LoginTimes | null;
}

/** Trading state, command palette, notifications and keys of every page. */
export default function ShellTools({ user, trading, login }: ShellToolsProps) {
  const open = useSignal<Overlay>(null);
  const Loaded = useSignal<{ Overlays: typeof Overlays } | null>(null);
  const show = async (overlay: Overlay) => {
    open.value = overlay;
    if (overlay === "notices") markRead();
    // Where the file does not come, the page is all there is.
    Loaded.value ??= await import("../lib/ui/shell/Overlays.tsx")
      .catch(() => null);
  };
  useShellKeys((wish) => carryOut(wish, show));
  useEffect(() => {
    loadNotices();
    keepZone();
    if (location.hash === SPAWN_HASH) spawnHere();
    void registerOffline();
  }, []);
  const Parts = Loaded.value?.Overlays;
  return (
    <>
      <TradingChip trading={trading} />
      <PaletteButton onOpen={() => void show("palette")} />
      <Bell onOpen={() => void show("notices")} />
      <LoginEnd login={login} />
      {Parts !== undefined && <Parts open={open} user={user} onSpawn={spawn} />}
    </>
  );
}

const SPAWN_HASH = "#spawn";

function carryOut(
  wish: ShellWish,
  show: (overlay: Overlay) => Promise<void>,
): void {
  switch (wish.kind) {
    case "palette":
    case "sheet":
      void show(wish.kind);
      break;
    case "theme":
      toggleTheme();
      break;
    case "emergency":
      // Its page asks; the key alone stops nothing.
      location.assign("/emergency-stop");
      break;
    case "filter":
      document.querySelector<HTMLElement>("main input[type=search]")?.focus();
      break;
    case "spawn":
      spawn();
      break;
    case "go": {
      const page = NAV.find(({ key }) => key === wish.key);
      if (page !== undefined) location.assign(page.href);
    }
  }
}

/** Opens the dialog where there is one, else the page that has it. */
function spawn(): void {
  if (spawnButton() === null) location.assign(`/${SPAWN_HASH}`);
  else spawnButton()!.click();
}

function spawnButton(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-testid=spawn-open]");
}

/** The island of the page is brought to life after the bar. */
function spawnHere(): void {
  history.replaceState(null, "", location.pathname + location.search);
  setTimeout(() => spawnButton()?.click());
}

/** Loads the part that knows of being offline, where it is not at work yet. */
async function registerOffline(): Promise<void> {
  if (navigator.serviceWorker?.controller !== null) return;
  const { registerWorker } = await import("../lib/ui/shell/offline.ts");
  await registerWorker();
}

function useShellKeys(onWish: (wish: ShellWish) => void): void {
  const keys = useMemo(
    () =>
      new ShellKeys({
        pages: NAV.map(({ key }) => key),
        now: () => performance.now(),
      }),
    [],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const isQuiet = document.documentElement.dataset.shortcuts === "off" ||
        isTyping(event.target) ||
        document.querySelector("dialog[open]") !== null;
      const wish = keys.read(event, { isQuiet });
      if (wish === null) return;
      event.preventDefault();
      onWish(wish);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

/** The warning before the end of a login; loaded when it is due. */
function LoginEnd({ login }: { login: LoginTimes | null }) {
  const ending = useSessionEnd(login);
  const Warning: Signal<
    { View: ComponentType<Parameters<typeof SessionWarning>[0]> } | null
  > = useSignal(null);
  const isHidden = useSignal(false);
  const isNear = ending.value !== null;
  const hasEnded = isNear && ending.value!.leftMs <= 0;
  useEffect(() => {
    // What was closed before the end is said again at the end.
    isHidden.value = false;
    if (!isNear || Warning.value !== null) return;
    void import("../lib/ui/shell/SessionWarning.tsx").then(
      ({ SessionWarning: View }) => Warning.value = { View },
      () => {},
    );
  }, [isNear, hasEnded]);
  const View = Warning.value?.View;
  if (View === undefined || ending.value === null || isHidden.value) {
    return null;
  }
  return (
    <View
      {...ending.value}
      onStayed={() => ending.value = null}
      onClose={() => isHidden.value = true}
    />
  );
}
