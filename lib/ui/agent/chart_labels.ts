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
  /** When what it names became known: of two that would overlap the newer one is shown. */
  at: number;
}

const LABEL_FONT = "12px system-ui, sans-serif";
/** Height of a label, in pixels. */
export const LABEL_HEIGHT = 16;
const PADDING = 2;

const widths = new Map<string, number>();
/** Texts are few, but for results in R; what was measured is forgotten beyond this. */
const WIDTHS_LIMIT = 500;

/** Width of a label, in pixels. */
export function textWidth(
  context: Pick<CanvasRenderingContext2D, "font" | "measureText">,
  text: string,
): number {
  let width = widths.get(text);
  if (width === undefined) {
    context.font = LABEL_FONT;
    width = context.measureText(text).width;
    if (widths.size >= WIDTHS_LIMIT) widths.clear();
    widths.set(text, width);
  }
  return width;
}

/** The labels that are shown: from the newest on, each that covers none before it. */
export function placeLabels(
  labels: readonly Label[],
  widthOf: (text: string) => number,
): Label[] {
  const shown: { label: Label; width: number }[] = [];
  for (const label of [...labels].sort((a, b) => b.at - a.at || b.x - a.x)) {
    const width = widthOf(label.text) + 2 * PADDING;
    const overlaps = shown.some(({ label: { x, y }, width: other }) =>
      label.x < x + other && x < label.x + width &&
      Math.abs(y - label.y) < LABEL_HEIGHT
    );
    if (!overlaps) shown.push({ label, width });
  }
  return shown.map(({ label }) => label);
}

/** Draws the labels that {@link placeLabels} lets stand. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  labels: readonly Label[],
  background: string,
): void {
  const widthOf = (text: string) => textWidth(context, text);
  const shown = placeLabels(labels, widthOf);
  context.font = LABEL_FONT;
  context.textBaseline = "middle";
  for (const { text, x, y, color } of shown) {
    context.globalAlpha = 0.85;
    context.fillStyle = background;
    context.fillRect(
      x - PADDING,
      y - LABEL_HEIGHT / 2,
      widthOf(text) + 2 * PADDING,
      LABEL_HEIGHT,
    );
    context.globalAlpha = 1;
    context.fillStyle = color;
    context.fillText(text, x, y);
  }
}
