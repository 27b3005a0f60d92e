/**
 * `deno task ml check` and `deno task ml add`: models of one's own.
 *
 * @module
 */
import { resolve } from "node:path";
import { FEATURE_COUNT } from "../../../agents/decision/feature_list.ts";
import { AppError } from "../../core/errors.ts";
import { type CommandContext, EXIT } from "../dataset/command.ts";
import type { ModelContext } from "../install/command.ts";
import { MANIFEST_FILE, ONNX_FILE } from "../../contracts/model.ts";
import { loadOnnxModel, type OnnxModel } from "../runtime/onnx_model.ts";
import type { ModelFolders } from "./model_library.ts";

/** What these commands know besides where they write to. */
export interface LibraryContext extends ModelContext {
  folders: ModelFolders;
}

const CHECK_USAGE =
  `Says whether a model can be used, and everything that keeps it from that.

Usage: deno task ml check DIR

  DIR     folder with ${MANIFEST_FILE} and ${ONNX_FILE}
  --help  this text

The description, the file's SHA-256, features, input and output are compared, and the model is
run on zeros and on random windows. docs/models.md says what the two files hold.

Exit codes: 0 usable, 1 not usable, 2 wrong usage.
`;

const ADD_USAGE =
  `Checks a model and copies it to where the server finds it: DATA_DIR/models/NAME.

Usage: deno task ml add DIR [--replace]

  DIR        folder with ${MANIFEST_FILE} and ${ONNX_FILE}
  --replace  takes the place of a model of the same name; agents ask it from their next start on
  --help     this text

Exit codes: 0 added, 1 not usable or not added, 2 wrong usage.
`;

/** Runs made to tell how long one takes. */
const TIMED_RUNS = 200;

/** Runs `deno task ml check` and answers with its exit code. */
export async function runCheckCommand(
  args: readonly string[],
  context: LibraryContext,
): Promise<number> {
  const read = readFolder(args, { context, flags: [] });
  if (read === null) return help(CHECK_USAGE, context);
  if ("problem" in read) return refuse(read.problem, context);
  const model = await load(read.folder, context);
  if (model === null) return EXIT.failed;
  const text = await describe(model);
  await model.release();
  context.out(`Usable: ${text}`);
  return EXIT.ok;
}

/** Runs `deno task ml add` and answers with its exit code. */
export async function runAddCommand(
  args: readonly string[],
  context: LibraryContext,
): Promise<number> {
  const read = readFolder(args, { context, flags: ["--replace"] });
  if (read === null) return help(ADD_USAGE, context);
  if ("problem" in read) return refuse(read.problem, context);
  const model = await load(read.folder, context);
  if (model === null) return EXIT.failed;
  const { name } = model.manifest;
  await model.release();
  try {
    await copyModel(read.folder, {
      name,
      folders: context.folders,
      isReplacing: read.flags.includes("--replace"),
    });
  } catch (error) {
    context.err(`${(error as Error).message}\n`);
    return EXIT.failed;
  }
  context.out(
    `Added ${name} to ${context.folders.own}. Name it in decision.models of an agent of type decision_engine.\n`,
  );
  return EXIT.ok;
}

/** The folder that was named; null for help. */
function readFolder(
  args: readonly string[],
  { context, flags: known }: {
    context: CommandContext;
    flags: readonly string[];
  },
): { folder: string; flags: readonly string[] } | { problem: string } | null {
  if (args.includes("--help") || args.includes("-h")) return null;
  const flags = args.filter((arg) => arg.startsWith("-"));
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown !== undefined) {
    return { problem: `There is no option ${unknown}; see --help` };
  }
  const [folder, ...more] = args.filter((arg) => !arg.startsWith("-"));
  if (folder === undefined || more.length > 0) {
    return { problem: "Name one folder of a model; see --help" };
  }
  return { folder: resolve(context.cwd ?? ".", folder), flags };
}

/** The model, or null after everything that is wrong with it was told. */
async function load(
  folder: string,
  { runtime, err }: LibraryContext,
): Promise<OnnxModel | null> {
  try {
    await runtime.ensure();
    const loaded = await loadOnnxModel({
      folder,
      runtimeFolder: runtime.folder,
    });
    if (loaded.ok) return loaded.value;
    for (const problem of loaded.problems) err(`${problem}\n`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    err(`${error.message}\n`);
  }
  return null;
}

async function describe(model: OnnxModel): Promise<string> {
  const { manifest } = model;
  const rows = new Float32Array(manifest.windowCandles * FEATURE_COUNT);
  const startMs = performance.now();
  for (let run = 0; run < TIMED_RUNS; run++) {
    // deno-lint-ignore no-await-in-loop -- a model answers one window at a time
    await model.answer(rows, manifest.windowCandles - 1);
  }
  const runMs = (performance.now() - startMs) / TIMED_RUNS;
  return [
    `${manifest.name} (${manifest.title})`,
    `  Kind       ${manifest.kind}`,
    `  Input      ${manifest.windowCandles} candles of ${manifest.features.length} features`,
    `  Trained    ${
      manifest.timeframes.join(", ")
    }; its labels look ${manifest.horizonCandles} candles ahead`,
    `  Licence    ${manifest.licence}`,
    `  Verdict    ${manifest.verdict}`,
    `  A run      ${runMs.toFixed(3)} ms on average of ${TIMED_RUNS}`,
    "",
  ].join("\n");
}

/** @throws {Error} With a sentence, if the name is taken or a file cannot be written. */
async function copyModel(
  folder: string,
  { name, folders, isReplacing }: {
    name: string;
    folders: ModelFolders;
    isReplacing: boolean;
  },
): Promise<void> {
  if (isThere(`${folders.shipped}/${name}`)) {
    throw new Error(
      `A model named ${name} comes with the product; give yours another name in ${MANIFEST_FILE} and in its folder`,
    );
  }
  const target = `${folders.own}/${name}`;
  if (isThere(target) && !isReplacing) {
    throw new Error(
      `There is a model ${name} in ${folders.own}; add --replace to take its place`,
    );
  }
  // Beside the place and moved into it, so that nobody reads half a model.
  const partial = `${folders.own}/.${name}.new`;
  await Deno.mkdir(partial, { recursive: true });
  for (const file of [MANIFEST_FILE, ONNX_FILE]) {
    // deno-lint-ignore no-await-in-loop -- two files
    await Deno.copyFile(`${folder}/${file}`, `${partial}/${file}`);
  }
  if (isThere(target)) await Deno.remove(target, { recursive: true });
  await Deno.rename(partial, target);
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function help(text: string, context: CommandContext): number {
  context.out(text);
  return EXIT.ok;
}

function refuse(problem: string, context: CommandContext): number {
  context.err(`${problem}\n`);
  return EXIT.usage;
}
