import { toggleTheme } from "../lib/ui/client/preferences.ts";

/** Switches between dark and light; the choice is kept with the person's preferences. */
export default function ThemeToggle() {
  return (
    <button
      type="button"
      class="btn btn-quiet btn-icon"
      aria-label="Switch between dark and light"
      title="Switch between dark and light"
      data-testid="theme-toggle"
      onClick={toggleTheme}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle
          cx="8"
          cy="8"
          r="5.75"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
        />
        <path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor" />
      </svg>
    </button>
  );
}
