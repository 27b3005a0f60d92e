/**
 * `deno task ml evaluate`: a model's figures, computed again from its files.
 *
 * @module
 */
import { resolve } from "node:path";
import { AppError } from "../../core/errors.ts";
import { loadCandleFile } from "../../exchange/candle_file.ts";
import { type CommandContext, EXIT } from "../dataset/command.ts";
import { hashCandleFile } from "../dataset/files.ts";
import type { ModelContext } from "../install/command.ts";
import { type EvaluateArguments, readArguments } from "./arguments.ts";
import {
  evaluateModel,
  type Evaluation,
  type HashedCandles,
  writeModelCard,
} from "./evaluate.ts";
import { evaluationText } from "./evaluation_text.ts";
import { MODELS_FOLDER, shippedModels } from "./package_files.ts";
import { evaluateUsage } from "./usage.ts";

/** Runs the command and answers with its exit code. */
export async function runEvaluateCommand(
  args: readonly string[],
  context: ModelContext,
): Promise<number> {
  const { value, problems } = readArguments(args);
  if (value.help) {
    context.out(evaluateUsage());
    return EXIT.ok;
  }
  if (problems.length > 0) return refuse(problems, context);
  try {
    return await evaluate(value, context);
  } catch (error) {
    if (error instanceof AppError && error.status < 500) {
      return refuse([error.message], context);
    }
    const reason = error instanceof AppError ? error.message : String(error);
    context.err(`The evaluation failed: ${reason}\n`);
    return EXIT.failed;
  }
}

async function evaluate(
  args: EvaluateArguments,
  context: ModelContext,
): Promise<number> {
  const { cwd, out } = context;
  const toPath = (file: string) => resolve(cwd ?? ".", file);
  const folders = await foldersOf(args.model, toPath);
  const path = toPath(args.candles);
  const series = await loadCandleFile(path);
  const candles: HashedCandles = { series, sha256: await hashCandleFile(path) };
  await context.runtime.ensure();
  let code: number = EXIT.ok;
  for (const folder of folders) {
    if (args.writeCard) {
      const study = toPath(args.study!);
      // deno-lint-ignore no-await-in-loop -- one model after the other
      const card = await writeModelCard(folder, { candles, study });
      out(
        args.json
          ? `${JSON.stringify(card)}\n`
          : `${card.name}: card written. ${card.verdict}\n`,
      );
      continue;
    }
    // deno-lint-ignore no-await-in-loop -- one model after the other
    const evaluation = await evaluateModel(folder, { candles, options: args });
    out(
      args.json
        ? `${JSON.stringify(toJson(evaluation))}\n`
        : evaluationText(evaluation),
    );
    if (!agrees(evaluation)) code = EXIT.failed;
  }
  return code;
}

/** Folders of the models that are meant: a name is one that comes with the product, all else a path. */
async function foldersOf(
  model: string | null,
  toPath: (file: string) => string,
): Promise<string[]> {
  const shipped = await shippedModels();
  const folderOf = (name: string) => `${MODELS_FOLDER}/${name}`;
  if (model === null) return shipped.map(folderOf);
  if (shipped.includes(model)) return [folderOf(model)];
  const folder = toPath(model);
  if (isFolder(folder)) return [folder];
  throw new AppError(
    "MODEL_NOT_FOUND",
    `--model ${model}: there is no such model or folder; choose from ${
      shipped.join(", ")
    }, or name a folder`,
    { status: 422 },
  );
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function agrees({ comparisons }: Evaluation): boolean {
  return comparisons.every((each) => each.agrees);
}

function toJson(evaluation: Evaluation) {
  const { comparisons, figures, name, notCompared } = evaluation;
  return {
    name,
    simulated: true,
    notCompared,
    agrees: notCompared === null ? agrees(evaluation) : null,
    figures,
    differences: comparisons,
  };
}

function refuse(problems: readonly string[], context: CommandContext): number {
  for (const problem of problems) context.err(`${problem}\n`);
  return EXIT.usage;
}
