import type { AlertChannelView } from "../../../contracts/alerts/channel.ts";
import {
  ALERT_CLASS_NAMES,
  ALERT_CLASSES,
  type AlertClass,
  type AlertSeverity,
} from "../../../contracts/alerts/classes.ts";
import type { AlertDeliveryView } from "../../../contracts/alerts/delivery.ts";
import type { AlertRule } from "../../../contracts/alerts/rule.ts";
import type { GlyphName, Tone } from "../../words.ts";

interface Word {
  word: string;
  tone: Tone;
  glyph: GlyphName;
}

export const SEVERITY_WORDS: Readonly<Record<AlertSeverity, string>> = {
  info: "Information",
  warning: "Warning",
  critical: "Critical",
};

/** How a channel does, in a word. */
export function channelWord(
  { blockedBy, health }: Pick<AlertChannelView, "blockedBy" | "health">,
): Word {
  if (blockedBy !== null) {
    return { word: "Switched off", tone: "warn", glyph: "warn" };
  }
  if (health.failingSince !== null) {
    return { word: "Failing", tone: "danger", glyph: "cross" };
  }
  if (health.lastDeliveredAt === null) {
    return { word: "Not used yet", tone: "muted", glyph: "ring" };
  }
  return { word: "Works", tone: "ok", glyph: "dot" };
}

/** What became of a message, in a word. */
export function deliveryWord(
  { state, attempts }: Pick<AlertDeliveryView, "state" | "attempts">,
): Word {
  switch (state) {
    case "delivered":
      return { word: "Delivered", tone: "ok", glyph: "dot" };
    case "failed":
      return { word: "Failed", tone: "danger", glyph: "cross" };
    case "waiting":
      return attempts === 0
        ? { word: "Waits", tone: "muted", glyph: "ring" }
        : { word: "Tries again", tone: "warn", glyph: "warn" };
  }
}

/** What a message is about, in one line. */
export function deliveryTitle(
  { kind, items, count }: AlertDeliveryView,
): string {
  if (kind === "test") return "Test";
  const [first] = items;
  const what = kind === "digest"
    ? "Gathered during quiet hours"
    : first === undefined
    ? "Alert"
    : ALERT_CLASSES[first.class].label;
  return count === 1 ? what : `${what}, ${count} alerts`;
}

/** The classes of a rule in words, shortened where there are many. */
export function classesWord({ classes }: Pick<AlertRule, "classes">): string {
  const labels = (names: readonly AlertClass[]) =>
    names.map((name) => ALERT_CLASSES[name].label).join(", ");
  const others = ALERT_CLASS_NAMES.filter((name) => !classes.includes(name));
  if (others.length === 0) return "Everything";
  return others.length < 4
    ? `Everything but: ${labels(others)}`
    : labels(classes);
}

/** Classes by the part of the form that they stand in, in its order. */
export function classGroups(): readonly {
  group: string;
  classes: readonly AlertClass[];
}[] {
  const groups = Map.groupBy(
    ALERT_CLASS_NAMES,
    (name) => ALERT_CLASSES[name].group,
  );
  return [...groups].map(([group, classes]) => ({ group, classes }));
}
