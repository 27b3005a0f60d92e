import type { EpochMs } from "../../contracts/primitives.ts";
import {
  type OptionValues,
  type ReadArguments,
  readOptions,
  readTime,
} from "../read_options.ts";
import { COST_BP_MAX } from "./limits.ts";

/** What `deno task ml evaluate` was asked for; empty texts are missing. */
export interface EvaluateArguments {
  help: boolean;
  /** Name of a shipped model or folder of a package; null for all that are shipped. */
  model: string | null;
  candles: string;
  from: EpochMs | null;
  to: EpochMs | null;
  /** Cost of a side in basis points; null for that of the card. */
  costBp: number | null;
  writeCard: boolean;
  /** Logits of the training's study, for the card. */
  study: string | null;
  json: boolean;
}

const OPTIONS = {
  model: { type: "string" },
  candles: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  "cost-bp": { type: "string" },
  "write-card": { type: "boolean" },
  study: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the command line. */
export function readArguments(
  args: readonly string[],
): ReadArguments<EvaluateArguments> {
  return readOptions(args, { options: OPTIONS, read: toArguments });
}

function toArguments(
  values: OptionValues<typeof OPTIONS>,
): ReadArguments<EvaluateArguments> {
  const problems: string[] = [];
  if (!values.candles) {
    problems.push(
      "--candles is missing; name a .csv, .csv.gz or .candles file",
    );
  }
  const from = readTime(values.from, { name: "from", edge: "start", problems });
  const to = readTime(values.to, { name: "to", edge: "end", problems });
  const costBp = readCost(values["cost-bp"], problems);
  if (values["write-card"] && (from ?? to ?? costBp) !== null) {
    problems.push(
      "--write-card takes rows and costs from the training; leave out --from, --to and --cost-bp",
    );
  }
  if (values["write-card"] && !(values.model && values.study)) {
    problems.push(
      "--write-card needs --model and --study: the package and the .study file that the training wrote",
    );
  }
  if (values.study && !values["write-card"]) {
    problems.push("--study is only read with --write-card; leave it out");
  }
  const value = {
    help: values.help ?? false,
    model: values.model || null,
    candles: values.candles ?? "",
    from,
    to,
    costBp,
    writeCard: values["write-card"] ?? false,
    study: values.study || null,
    json: values.json ?? false,
  };
  return { value, problems: value.help ? [] : problems };
}

function readCost(
  text: string | undefined,
  problems: string[],
): number | null {
  if (text === undefined) return null;
  const costBp = text.trim() === "" ? NaN : Number(text);
  if (costBp >= 0 && costBp <= COST_BP_MAX) return costBp;
  problems.push(
    `--cost-bp ${
      JSON.stringify(text)
    } is no cost; write basis points of one side, 0 to ${COST_BP_MAX}`,
  );
  return null;
}
