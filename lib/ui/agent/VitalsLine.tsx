import { formatCount, formatDuration } from "../format.ts";
import { sparklinePoints } from "../Sparkline.tsx";
import type { VitalsPoint } from "./vitals_trace.ts";

/** A small line of what the page has seen of a worker's signs of life; nothing before there are two. */
export function VitalsLine(
  { points, of }: {
    points: readonly VitalsPoint[];
    of: "gapMs" | "mailboxDepth";
  },
) {
  const values = points.flatMap((point) => point[of] ?? []);
  if (values.length < 2) return null;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const text = of === "gapMs"
    ? `Last ${values.length} heartbeats, ${formatDuration(least)} to ${
      formatDuration(most)
    } apart`
    : `Last ${values.length} heartbeats: ${formatCount(least)} to ${
      formatCount(most)
    } messages waited`;
  return (
    <svg
      class="vitals-line"
      viewBox="0 0 96 24"
      width="96"
      height="24"
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      <polyline
        points={sparklinePoints(values).map((pair) => pair.join()).join(" ")}
        fill="none"
      />
    </svg>
  );
}
