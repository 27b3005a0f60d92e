/** How much of the spread of its parts a portfolio does without, because they do not move as one. */
export interface DiversificationFigures {
  /** Deviation of the portfolio's return, in percent of equity a period. */
  volatilityPct: number | null;
  /** The same if all parts moved against it as one. */
  undiversifiedPct: number | null;
  /** The second over the first, 1 or more (Choueifaty and Coignard 2008). */
  ratio: number | null;
  /** Part of the undiversified deviation that is saved, 0 to 100 %. */
  savedPct: number | null;
}

/**
 * Diversification of a portfolio from the deviation of its return and those of
 * its markets, with their weights. What depends on something unknown is null;
 * ratio and saving are also null where nothing moves.
 */
export function diversificationOf(
  { deviation, parts }: {
    /** Of the portfolio's return, a part of one. */
    deviation: number | null;
    /** Null where the weights are unknown. */
    parts: readonly { weight: number; deviation: number | null }[] | null;
  },
): DiversificationFigures {
  let undiversified: number | null = parts === null ? null : 0;
  for (const part of parts ?? []) {
    if (part.weight === 0) continue;
    undiversified = undiversified === null || part.deviation === null
      ? null
      : undiversified + Math.abs(part.weight) * part.deviation;
  }
  const isKnown = deviation !== null && undiversified !== null &&
    deviation > 0 && undiversified > 0;
  return {
    volatilityPct: deviation === null ? null : 100 * deviation,
    undiversifiedPct: undiversified === null ? null : 100 * undiversified,
    ratio: isKnown ? undiversified! / deviation : null,
    savedPct: isKnown
      ? 100 * Math.max(0, 1 - deviation / undiversified!)
      : null,
  };
}
