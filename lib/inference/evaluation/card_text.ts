import type {
  ModelCard,
  RowSpan,
  TradingFigures,
} from "../../contracts/model_card.ts";

/** The card for people, in Markdown. All of its figures are those of `card.json`. */
export function cardText(card: ModelCard): string {
  return [
    `# ${card.title}`,
    `**${card.verdict}**`,
    "Simulated on past candles. Past results say little about later ones, and this card is no advice.",
    "## What it is",
    table(["", ""], identityRows(card)),
    "## Data and labels",
    table(["", ""], dataRows(card)),
    "## How it was chosen",
    ...choiceParts(card),
    "## The last segment",
    ...segmentParts(card),
    "## Calibration",
    ...calibrationParts(card),
    "## Repeat it",
    sentences(
      `\`deno task ml evaluate --model ${card.name} --candles FILE\` computes the figures`,
      "of the last segment again from the shipped files and compares them with these.",
    ),
  ].join("\n\n") + "\n";
}

type Row = readonly string[];

function identityRows(card: ModelCard): Row[] {
  return [
    ["name", `\`${card.name}\``],
    ["kind", card.kind],
    [
      "reads",
      `windows of ${card.windowCandles} candles of ${card.timeframe}, ${card.features} features of version ${card.featuresVersion}`,
    ],
    ["settings", settingsText(chosenOf(card).settings)],
    ["temperature", `${card.temperature}, fitted on the last validation`],
    ["made with", versionsText(card)],
    ["seed", `${card.training.seed}`],
    ["model.onnx", `SHA-256 \`${card.onnxSha256}\``],
  ];
}

function dataRows({ training }: ModelCard): Row[] {
  const { data, labels } = training;
  return [
    ["candles", `${training.market ?? "not said"}, \`${data.candles.file}\``],
    ["SHA-256", `\`${data.candles.sha256}\``],
    ["licence", data.licence],
    ["rows", spanText(data.rows)],
    [
      "label",
      `first of ±${labels.distance} ${
        labels.deviation === "atr" ? "ATR" : "EWMA deviations"
      }, at most ${labels.limitCandles} candles`,
    ],
  ];
}

function choiceParts(card: ModelCard): string[] {
  const { choice, study } = card.training;
  const trials = card.trialSharpes.length;
  return [
    sentences(
      `${choice.variants.length} variants on ${study.folds.length} walk-forward folds;`,
      `the one with the least ${choice.scoreName} was trained again.`,
      "Labels that reach into what is measured next are purged, and at least",
      `${study.embargoRows} rows are left out between them.`,
      `With ${card.decision.margins.length} margins for each that makes ${trials} trials.`,
    ),
    table(
      ["variant", choice.scoreName, "folds"],
      choice.variants.map(({ score, scores, settings }, index) => [
        `${settingsText(settings)}${
          index === choice.chosen ? " (chosen)" : ""
        }`,
        score.toFixed(5),
        scores.map((each) => each.toFixed(5)).join(", "),
      ]),
    ),
    table(["part", "learns from", "measured on"], [
      ...study.folds.map(({ train, validation }, index) => [
        `fold ${index + 1}`,
        spanText(train),
        spanText(validation),
      ]),
      [
        "last validation",
        spanText(study.last.train),
        spanText(study.last.validation),
      ],
      ["last segment", "the same", spanText(study.last.test)],
    ]),
    sentences(
      "A position is taken where flat is not the likeliest and the chances of up and down",
      `differ by at least ${card.decision.margin}`,
      `(tried: ${
        card.decision.margins.join(", ")
      }; chosen on the last validation).`,
      "What chose something looks better than what comes after it:",
    ),
    tradingTable([
      ...card.folds.map((figures, index) =>
        [`fold ${index + 1}`, figures] as const
      ),
      ["last validation", card.validation],
    ]),
  ];
}

function segmentParts(card: ModelCard): string[] {
  const { baselines, deflatedSharpe, forecast, rows, trading } = card.test;
  const { random } = baselines;
  return [
    sentences(
      `${rows} rows, looked at once. Each position is held from a close to the next;`,
      `a change costs ${card.training.costBp} bp of the traded value a side`,
      "(fee, half the spread and slippage together).",
      "Sharpe ratios are of a year, with their standard error; always flat has 0 of everything.",
    ),
    tradingTable([
      [`**${card.name}**`, trading],
      ["buy and hold", baselines.hold],
      ...baselines.logistic === null
        ? []
        : [["logistic regression", baselines.logistic] as const],
    ]),
    table(["", ""], [
      [
        "random with the same turnover",
        `${random.draws} shifts of its positions: ${
          percent(random.meanNetReturn)
        } on average, ${percent(random.lowNetReturn)} to ${
          percent(random.highNetReturn)
        } for nine in ten; ${percent(random.shareAsGood)} do as well`,
      ],
      [
        "deflated Sharpe ratio",
        deflatedSharpe === null
          ? "unknown"
          : `${
            deflatedSharpe.toFixed(3)
          } for ${card.trialSharpes.length} trials`,
      ],
      [
        "hit rate",
        forecast.hitRate === null
          ? "none"
          : `${percent(forecast.hitRate)} of ${forecast.hitRows} labels`,
      ],
      [
        "next candle's direction",
        forecast.nextCandleHitRate === null
          ? "none"
          : percent(forecast.nextCandleHitRate),
      ],
      [
        "log loss",
        `${forecast.logLoss.toFixed(4)}; logistic regression ${
          baselines.logisticLogLoss?.toFixed(4) ?? "none"
        }, the labels' own frequencies ${forecast.baseLogLoss.toFixed(4)}`,
      ],
    ]),
  ];
}

function calibrationParts({ kind, test }: ModelCard): string[] {
  return [
    ...kind === "ppo"
      ? [
        sentences(
          "A policy says what to do, not what will happen: its chances are how much it prefers an action.",
          "Their temperature was fitted to up against down alone, as its flat is a choice and no forecast.",
        ),
      ]
      : [],
    table(
      ["rows", "chance of up", "part that was up"],
      test.forecast.calibration.map(({ chance, rows, share }) => [
        `${rows}`,
        percent(chance),
        percent(share),
      ]),
    ),
  ];
}

function tradingTable(
  rows: readonly (readonly [string, TradingFigures])[],
): string {
  return table(
    [
      "",
      "net",
      "gross",
      "Sharpe",
      "drawdown",
      "turnover",
      "in position",
      "break-even cost",
    ],
    rows.map(([name, figures]) => [
      name,
      percent(figures.netReturn),
      percent(figures.grossReturn),
      figures.sharpe === null
        ? "none"
        : `${fixed(figures.sharpe, 2)} ± ${fixed(figures.sharpeError!, 2)}`,
      percent(figures.maxDrawdown),
      `${figures.turnover.toFixed(4)} a candle`,
      percent(figures.exposure),
      figures.breakEvenCostBp === null
        ? "none"
        : `${fixed(figures.breakEvenCostBp, 2)} bp`,
    ]),
  );
}

function chosenOf({ training: { choice } }: ModelCard) {
  return choice.variants[choice.chosen]!;
}

function settingsText(settings: Readonly<Record<string, number>>): string {
  return Object.entries(settings).map(([key, value]) => `${key} ${value}`)
    .join(", ");
}

function versionsText({ training }: ModelCard): string {
  return Object.entries(training.versions).map(([name, version]) =>
    `${name} ${version}`
  ).join(", ");
}

function spanText({ fromAt, rows, toAt }: RowSpan): string {
  return `${rows} rows, ${dayOf(fromAt)} to ${dayOf(toAt)}`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function percent(part: number): string {
  return `${fixed(100 * part, 2)} %`;
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace("-", "−");
}

function table(head: Row, rows: readonly Row[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function sentences(...parts: readonly string[]): string {
  return parts.join(" ");
}
