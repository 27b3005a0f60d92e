import { resolve } from "node:path";
import { openCandleFile } from "../../exchange/candle_file.ts";
import { writeColumnarFile } from "../../exchange/columnar/writer.ts";
import {
  importCsv,
  type ImportedCandles,
} from "../../exchange/history/import_csv.ts";
import {
  oneWord,
  readOptions,
  symbolOption,
  timeframeOption,
} from "../arguments.ts";
import { type DataContext, EXIT, UsageError } from "../context.ts";
import { assertNew, nameFrom, newFileName } from "../folder.ts";
import { reportJson, reportText } from "../report_text.ts";

/** `data import FILE`: a CSV file from anywhere into the candle folder. */
export async function runImport(
  args: readonly string[],
  context: DataContext,
): Promise<number> {
  const { values, positionals } = readOptions(args, {
    symbol: { type: "string" },
    timeframe: { type: "string" },
    out: { type: "string" },
    keep: { type: "string" },
    replace: { type: "boolean" },
    "dry-run": { type: "boolean" },
  });
  const source = oneWord(positionals, "The file to import");
  const name = source.slice(source.lastIndexOf("/") + 1);
  const out = values.out === undefined
    ? nameFrom(name)
    : newFileName(values.out);
  const path = `${context.folder}/${out}`;
  const dryRun = values["dry-run"] ?? false;
  if (!dryRun) await assertNew(path, values.replace ?? false);
  const file = await openCandleFile(resolve(context.cwd, source));
  const imported = await importCsv(file.readable, {
    name,
    symbol: values.symbol === undefined ? null : symbolOption(values.symbol),
    timeframe: values.timeframe === undefined
      ? null
      : timeframeOption("--timeframe", values.timeframe),
    keep: keepOption(values.keep),
  });
  if (!imported.ok) throw new UsageError(...imported.problems);
  const { value } = imported;
  if (!dryRun) {
    await Deno.mkdir(context.folder, { recursive: true });
    const header = { symbol: value.symbol, stepMs: value.stepMs, source: name };
    await writeColumnarFile(path, { header, candles: value.candles });
  }
  tell(value, { out, name, dryRun, json: values.json ?? false, context });
  return EXIT.ok;
}

function tell(
  imported: ImportedCandles,
  { context, dryRun, json, name, out }: {
    out: string;
    name: string;
    dryRun: boolean;
    json: boolean;
    context: DataContext;
  },
): void {
  const { candles, changes, lines, report, symbol } = imported;
  const facts = { file: out, symbol, source: name };
  if (json) {
    const { conflicts, duplicates, misplaced, order } = candles;
    const mended = { lines, order, misplaced, duplicates, conflicts, changes };
    const all = { ...reportJson(facts, report), ...mended, dryRun };
    context.out(`${JSON.stringify(all)}\n`);
    return;
  }
  const told = changes.map((change) => `- ${change}\n`).join("");
  context.out(
    reportText(facts, report) +
      (told === ""
        ? "\nNothing had to be changed.\n"
        : `\nOn the way:\n${told}`) +
      (dryRun ? "\nDry run: nothing was written.\n" : ""),
  );
}

function keepOption(text: string | undefined): "first" | "last" | null {
  if (text === undefined) return null;
  if (text === "first" || text === "last") return text;
  throw new UsageError(
    `--keep ${JSON.stringify(text)} is neither first nor last`,
  );
}
