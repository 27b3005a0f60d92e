import { SHORTCUT_GROUPS } from "../../lib/ui/shell/shortcuts.ts";

/** Columns of the keys of the panel. */
export const SHORTCUT_HEAD = ["where", "key", "what it does"] as const;

/** A row for each key of the panel; the place is named once. */
export function shortcutRows(): string[][] {
  return SHORTCUT_GROUPS.flatMap(({ title, keys }) =>
    keys.map(([key, meaning], index) => [
      index === 0 ? title : "",
      key.split(" ").map((one) => `\`${one}\``).join(" "),
      meaning,
    ])
  );
}
