import type { ComponentChildren } from "preact";
import type { ChangeEffect } from "../../contracts/config_preview.ts";
import type { JsonChange } from "../../core/json_diff.ts";
import { Glyph } from "../Glyph.tsx";
import type { GlyphName, Tone } from "../words.ts";
import { valueText } from "./value_text.ts";

const EFFECT_WORDS: Readonly<
  Record<
    ChangeEffect,
    { word: string; meaning: string; glyph: GlyphName; tone: Tone }
  >
> = {
  now: {
    word: "applies now",
    meaning: "Holds as soon as it is saved",
    glyph: "check",
    tone: "ok",
  },
  restart: {
    word: "needs restart",
    meaning: "Holds after the next restart of the agent",
    glyph: "restart",
    tone: "warn",
  },
  next_start: {
    word: "at next start",
    meaning: "The agent is not running; it starts with it",
    glyph: "ring",
    tone: "info",
  },
  fixed: {
    word: "cannot change",
    meaning: "An agent keeps it for its life",
    glyph: "cross",
    tone: "danger",
  },
};

/** Fields that change, side by side; without effects where nobody is about to save. */
export function ChangeTable(
  { changes, caption, before = "Now", after = "New", testId }: {
    changes: readonly (JsonChange & { effect?: ChangeEffect })[];
    caption: string;
    before?: string;
    after?: string;
    testId: string;
  },
) {
  const hasEffects = changes.some(({ effect }) => effect !== undefined);
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label={`${caption}, scrollable`}
    >
      <table class="table change-table" data-testid={testId}>
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">{before}</th>
            <th scope="col">{after}</th>
            {hasEffects && <th scope="col">Effect</th>}
          </tr>
        </thead>
        <tbody>
          {changes.map(({ pointer, before, after, effect }) => (
            <tr key={pointer}>
              <FieldHead pointer={pointer} />
              <td class="change-old">{valueText(before)}</td>
              <td class="change-new">{valueText(after)}</td>
              {hasEffects && (
                <td>{effect !== undefined && <Effect effect={effect} />}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The head of a field's row: its name, and where it is. */
export function FieldHead(
  { pointer, children }: { pointer: string; children?: ComponentChildren },
) {
  return (
    <th scope="row" class="change-field">
      {fieldTitle(pointer)}
      {children}
      <code class="change-pointer">{pointer}</code>
    </th>
  );
}

function Effect({ effect }: { effect: ChangeEffect }) {
  const { word, meaning, glyph, tone } = EFFECT_WORDS[effect];
  return (
    <span class={`state tone-${tone}`} title={meaning} data-effect={effect}>
      <Glyph name={glyph} /> {word}
    </span>
  );
}

/** "Max drawdown pct" of `/risk/maxDrawdownPct`. */
export function fieldTitle(pointer: string): string {
  const name = pointer.slice(pointer.lastIndexOf("/") + 1);
  const words = name.replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
