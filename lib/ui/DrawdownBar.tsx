import { Unknown } from "./Amount.tsx";
import { formatPercent } from "./format.ts";

/** Drawdown as a number and as a bar that is full at the limit. */
export function DrawdownBar(
  { drawdownPct, limitPct }: {
    drawdownPct: number | null;
    limitPct: number | null;
  },
) {
  if (drawdownPct === null) {
    return <Unknown reason="The equity is not known yet" />;
  }
  const text = formatPercent(drawdownPct === 0 ? 0 : -drawdownPct);
  if (limitPct === null) {
    return <span class="num" title="The limit is not loaded yet">{text}</span>;
  }
  const share = Math.min(1, Math.max(0, drawdownPct / limitPct));
  const tone = share >= 0.9 ? "danger" : share >= 0.6 ? "warn" : "normal";
  const label = `Drawdown ${text} of ${
    formatPercent(limitPct, { digits: 0, maxDigits: 1 })
  } allowed`;
  return (
    <span class="drawdown" title={label}>
      <span class="num">{text}</span>
      <svg
        class={`bar bar-${tone}`}
        viewBox="0 0 44 6"
        width="44"
        height="6"
        role="img"
        aria-label={label}
      >
        <rect class="bar-track" width="44" height="6" rx="2" />
        <rect
          class="bar-fill"
          width={Math.round(share * 440) / 10}
          height="6"
          rx="2"
        />
      </svg>
    </span>
  );
}
