import { useSignal } from "@preact/signals";

const YEAR_SECONDS = 31_536_000;

/** Switches between dark and light; the choice is kept in a cookie so that the server paints it. */
export default function ThemeToggle(
  { theme }: { theme: "dark" | "light" | null },
) {
  const chosen = useSignal(theme);
  const onClick = () => {
    const system = matchMedia("(prefers-color-scheme: light)").matches
      ? "light"
      : "dark";
    const next = (chosen.value ?? system) === "dark" ? "light" : "dark";
    chosen.value = next;
    document.documentElement.dataset.theme = next;
    document.cookie =
      `theme=${next}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`;
    dispatchEvent(new CustomEvent("themechange"));
  };
  return (
    <button
      type="button"
      class="btn btn-quiet btn-icon"
      aria-label="Switch between dark and light"
      title="Switch between dark and light"
      data-testid="theme-toggle"
      onClick={onClick}
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
