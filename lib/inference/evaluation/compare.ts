import type { SegmentFigures } from "../../contracts/model_card.ts";
import { TOLERANCE } from "./limits.ts";

/** A figure of the card beside the one that was computed again. */
export interface Comparison {
  /** Where it stands in the card, for instance `trading.sharpe`. */
  name: string;
  card: number | null;
  repeated: number | null;
  /** Null where one of them is unknown. */
  difference: number | null;
  agrees: boolean;
}

/** Compares all figures, one by one. They agree within {@link TOLERANCE} times the larger of 1 and the card's. */
export function compareFigures(
  card: SegmentFigures,
  repeated: SegmentFigures,
): Comparison[] {
  const found = flatten(repeated, "");
  return [...flatten(card, "")].map(([name, expected]) => {
    const value = found.get(name) ?? null;
    if (expected === null || value === null) {
      return {
        name,
        card: expected,
        repeated: value,
        difference: null,
        agrees: expected === value,
      };
    }
    const difference = value - expected;
    const allowed = TOLERANCE * Math.max(1, Math.abs(expected));
    return {
      name,
      card: expected,
      repeated: value,
      difference,
      agrees: Math.abs(difference) <= allowed,
    };
  });
}

function flatten(value: object, prefix: string): Map<string, number | null> {
  const found = new Map<string, number | null>();
  for (const [key, each] of Object.entries(value)) {
    if (each !== null && typeof each === "object") {
      for (const [name, inner] of flatten(each, `${prefix}${key}.`)) {
        found.set(name, inner);
      }
    } else found.set(`${prefix}${key}`, each as number | null);
  }
  return found;
}
