import { modelCardSchema } from "../../lib/contracts/model_card.ts";

const MODELS = new URL("../../lib/inference/models/", import.meta.url);

/** Head of the table of shipped models. */
export const MODEL_HEAD = [
  "model",
  "candles",
  "licence of the candles",
  "Sharpe ratio",
  "buy and hold",
  "logistic regression",
  "shifts as good",
  "hit rate",
  "beats its baselines",
] as const;

/** Rows of the table, from the cards. */
export function modelRows(): string[][] {
  return [...Deno.readDirSync(MODELS)].filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => name).sort().map((name) => {
      const path = new URL(`${name}/card.json`, MODELS);
      const { beatsBaselines, test, timeframe, training } = modelCardSchema
        .parse(JSON.parse(Deno.readTextFileSync(path)));
      const { baselines, forecast, trading } = test;
      return [
        `[\`${name}\`](../lib/inference/models/${name}/card.md)`,
        `${training.market ?? "not said"} ${timeframe}`,
        training.data.licence,
        ratio(trading),
        ratio(baselines.hold),
        baselines.logistic === null ? "none" : ratio(baselines.logistic),
        percent(baselines.random.shareAsGood),
        forecast.hitRate === null ? "none" : percent(forecast.hitRate),
        beatsBaselines ? "yes" : "no",
      ];
    });
}

function ratio(
  { sharpe, sharpeError }: {
    sharpe: number | null;
    sharpeError: number | null;
  },
): string {
  return sharpe === null
    ? "none"
    : `${sharpe.toFixed(2).replace("-", "−")} ± ${sharpeError!.toFixed(2)}`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
