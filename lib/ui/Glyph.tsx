import type { JSX } from "preact";
import type { GlyphName } from "./words.ts";

const SHAPES: Readonly<Record<GlyphName, JSX.Element>> = {
  dot: <circle cx="6" cy="6" r="4" />,
  ring: (
    <circle
      cx="6"
      cy="6"
      r="3.25"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
    />
  ),
  pause: <path d="M2.5 2h2.5v8H2.5zM7 2h2.5v8H7z" />,
  stop: <rect x="2" y="2" width="8" height="8" rx="1" />,
  half: (
    <>
      <circle
        cx="6"
        cy="6"
        r="4"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
      />
      <path d="M6 2a4 4 0 0 0 0 8z" />
    </>
  ),
  restart: (
    <path
      d="M9.8 5A4 4 0 1 0 10 6.6M10 2v3H7"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  ),
  warn: (
    <path
      d="M6 1 11.5 11h-11zM5.3 4.6v3.2h1.4V4.6zM5.3 8.5v1.3h1.4V8.5z"
      fill-rule="evenodd"
    />
  ),
  cross: (
    <path
      d="m2.5 2.5 7 7m0-7-7 7"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
    />
  ),
  play: <path d="M3 1.5v9L10.5 6z" />,
  check: (
    <path
      d="m2 6.5 2.8 3L10 3"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  ),
};

/** A status shape of 12 px in the colour of its text. Decoration only: a word stands beside it. */
export function Glyph({ name }: { name: GlyphName }) {
  return (
    <svg
      class="glyph"
      viewBox="0 0 12 12"
      width="12"
      height="12"
      fill="currentColor"
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[name]}
    </svg>
  );
}
