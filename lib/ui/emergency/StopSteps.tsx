import { Glyph } from "../Glyph.tsx";
import type { StopStep } from "./stop_steps.ts";

const LOOKS = {
  done: { glyph: "check", tone: "ok", word: "done" },
  working: { glyph: "half", tone: "info", word: "at work" },
  left: { glyph: "cross", tone: "danger", word: "left over" },
} as const;

/** The steps of a stop as a list. */
export function StopSteps({ steps }: { steps: readonly StopStep[] }) {
  return (
    <ul class="plain-list stop-steps" data-testid="stop-progress">
      {steps.map(({ name, state, text }) => {
        const { glyph, tone, word } = LOOKS[state];
        return (
          <li key={name} data-state={state}>
            <span class={`state tone-${tone}`}>
              <Glyph name={glyph} /> {name}
            </span>
            <span class="num">{text}</span>
            <span class="sr-only">, {word}</span>
          </li>
        );
      })}
    </ul>
  );
}
