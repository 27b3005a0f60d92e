import { FEATURE_COUNT } from "../../../agents/decision/feature_list.ts";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import { settingKeys } from "./settings.ts";

/** The text of `deno task ml dataset --help`. */
export function datasetUsage(): string {
  return `Writes features and labels of a file of candles, to train a model with.

Usage: deno task ml dataset --candles FILE --out FILE [options]

  --candles FILE      candles as .candles, or as CSV or CSV.gz: timestamp_ms,open,high,low,close,volume
  --out FILE          file of the rows; FILE.json beside it says how to read it
  --from TIME         first candle with a row, for instance 2019-03-01 or 2019-03-01T12:00Z;
                      those before it are read all the same, so that the features are warm
  --to TIME           last candle that is read, labels included; a day means its end
  --train-to TIME     writes mean and deviation of each feature over the rows up to then,
                      for a model that is trained on those rows alone
  --folds COUNT       cuts the rows for a walk-forward study of that many folds and a last segment,
                      purged and with an embargo; the cuts stand in FILE.json
  --set KEY=VALUE     changes one setting, as often as needed: --set labels.distance=3
  --licence TEXT      licence of the candles, written beside the rows
  --json              one line of JSON instead of text
  --help              this text

Keys of --set with their presets:
${settingKeys().map((key) => `  ${key}`).join("\n")}

A row has ${FEATURE_COUNT} features that were known at the close of its candle, a label and the weight
of the label. The first ${
    WARM_UP_CANDLES - 1
  } candles warm the features up and the last ones, as many as
labels.limitCandles, have no label. docs/decision-features.md lists the features.

The task may write files so that the rows are put where you name them; it writes nothing else.

Exit codes: 0 done, 1 unexpected failure, 2 wrong usage or wrong candles.
`;
}
