/**
 * Labels of the chart's overlays: small texts that never cover each other.
 *
 * @module
 */

/** A text with its left edge and its middle height, in pixels. */
export interface Label {
  text: string;
  x: number;
  y: number;
  color: string;
}

const LABEL_FONT = "11px system-ui, sans-serif";
/** Height of a label, in pixels. */
export const LABEL_HEIGHT = 14;
/** Width of a label. */
export function textWidth(
  context: CanvasRenderingContext2D,
  text: string,
): number {
  context.font = LABEL_FONT;
  return context.measureText(text).width;
}

/** Draws labels from the newest (rightmost) on; one that would cover another is left out. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  labels: readonly Label[],
  background: string,
): void {
  context.font = LABEL_FONT;
  context.textBaseline = "middle";
  const taken: { x: number; y: number; width: number }[] = [];
  for (const { text, x, y, color } of [...labels].sort((a, b) => b.x - a.x)) {
    const width = context.measureText(text).width + 4;
    const overlaps = taken.some((other) =>
      x < other.x + other.width && other.x < x + width &&
      Math.abs(other.y - y) < LABEL_HEIGHT
    );
    if (overlaps) continue;
    taken.push({ x, y, width });
    context.globalAlpha = 0.75;
    context.fillStyle = background;
    context.fillRect(x - 2, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT);
    context.globalAlpha = 1;
    context.fillStyle = color;
    context.fillText(text, x, y);
  }
}
