import { COST_BP_PRESET, TOLERANCE } from "./limits.ts";

/** The text of `deno task ml evaluate --help`. */
export function evaluateUsage(): string {
  return `Repeats the figures of a model's card from its files, with candles that you name.

Usage: deno task ml evaluate --candles FILE [options]

  --candles FILE   candles as .candles, or as CSV or CSV.gz: timestamp_ms,open,high,low,close,volume
  --model NAME     a model that comes with the product, or the folder of a package; all of the
                   former if left out
  --from TIME      first and last candle that are measured, for instance 2019-03-01; all if left out
  --to TIME
  --cost-bp NUMBER cost of one side in basis points; that of the card, or ${COST_BP_PRESET}, if left out
  --write-card     measures the model and writes card.json, card.md and the verdict in model.json;
                   for a model that was just trained, as it looks at the last segment
  --study FILE     logits of the training's folds, for --write-card
  --json           one line of JSON for each model instead of text
  --help           this text

With the candles of the card its figures are computed again: features, windows, the network, the
positions, costs and baselines. A figure agrees if it differs by at most ${TOLERANCE} times the larger of 1
and the figure. With other candles, rows or costs, and for a package without a card, there is nothing
to compare; rows that the model learned from flatter it.

Results are simulated. The task may write files for --write-card; without it, it writes nothing.

Exit codes: 0 all figures agree, 1 a figure differs or an unexpected failure, 2 wrong usage, candles
or package.
`;
}
