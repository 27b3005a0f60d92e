import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { api } from "../client/live.ts";
import { toggleTheme } from "../client/preferences.ts";
import { CommandDialogs } from "../fleet/CommandDialogs.tsx";
import { Commands } from "../fleet/commands.ts";
import type { PanelUser } from "../roles.ts";
import { ToastHost } from "../ToastHost.tsx";
import { NoticeList } from "./NoticeList.tsx";
import { Palette } from "./Palette.tsx";
import type { PaletteEffect } from "./palette_items.ts";
import { ShortcutSheet } from "./ShortcutSheet.tsx";

/** What lies over the page now. */
export type Overlay = "palette" | "sheet" | "notices" | null;

/** Everything that the bar opens; loaded when it is asked for the first time. */
export function Overlays(
  { open, user, onSpawn }: {
    open: Signal<Overlay>;
    user: PanelUser;
    onSpawn: () => void;
  },
) {
  const commands = useMemo(
    // The page hears of the new wish by its stream.
    () => new Commands({ api, user, onView: () => {} }),
    [],
  );
  // Pages with commands of their own have a place for messages already.
  const hasToasts = useMemo(
    () => document.querySelector("[data-testid=toasts]") !== null,
    [],
  );
  const close = () => open.value = null;
  const choose = (effect: PaletteEffect) => {
    close();
    switch (effect.kind) {
      case "open":
        location.assign(effect.href);
        break;
      case "theme":
        toggleTheme();
        break;
      case "sheet":
        open.value = "sheet";
        break;
      case "spawn":
        onSpawn();
        break;
      case "control":
        // Asked for every command, also for those that a button does at once.
        commands.pending.value = {
          action: effect.action,
          agents: [effect.agent],
        };
    }
  };
  return (
    <>
      <Palette
        open={open.value === "palette"}
        user={user}
        onChoose={choose}
        onClose={close}
      />
      <ShortcutSheet
        open={open.value === "sheet"}
        isOn={document.documentElement.dataset.shortcuts !== "off"}
        onClose={close}
      />
      <NoticeList open={open.value === "notices"} onClose={close} />
      <CommandDialogs commands={commands} />
      {!hasToasts && <ToastHost />}
    </>
  );
}
