/**
 * Models of one's own in a backup: a folder for each, with two files. Those that
 * come with the product are no data.
 *
 * @module
 */
import {
  MANIFEST_FILE,
  MODEL_BYTES_MAX,
  modelNameSchema,
  ONNX_FILE,
  OWN_MODELS_DIR,
} from "../../contracts/model.ts";
import { AppError } from "../../core/errors.ts";
import {
  copyPrivate,
  exists,
  listNames,
  makePrivateFolder,
  parentOf,
  syncPath,
} from "./files.ts";
import { BACKUP_ATTEMPTS } from "./limits.ts";

const FILES = [MANIFEST_FILE, ONNX_FILE] as const;

/** Paths of the files of models below a data folder or a backup, in order. What lacks one of them, or is larger than any model, is none. */
export async function listModelFiles(folder: string): Promise<string[]> {
  const names = await listModels(folder);
  return names.flatMap((name) => FILES.map((file) => `${name}/${file}`));
}

/** Copies them; a model that is replaced meanwhile is copied as it was before or after. */
export async function copyModels(from: string, to: string): Promise<void> {
  for (const model of await listModels(from)) {
    // deno-lint-ignore no-await-in-loop -- one file at a time
    await copyModel(`${from}/${model}`, `${to}/${model}`);
  }
}

/**
 * Moves those of a restore into a data folder. One that is there already goes
 * where the restore moves old data to; where it moves none, it stays. So do
 * models that the backup does not have.
 */
export async function putModels(
  { staged, dataDir, replaced }: {
    staged: string;
    dataDir: string;
    replaced: string | null;
  },
): Promise<void> {
  for (const model of await listModels(staged)) {
    // deno-lint-ignore no-await-in-loop -- one model at a time
    await putModel(`${staged}/${model}`, {
      target: `${dataDir}/${model}`,
      aside: replaced === null ? null : `${replaced}/${model}`,
    });
  }
}

async function putModel(
  from: string,
  { target, aside }: { target: string; aside: string | null },
): Promise<void> {
  if (await exists(target)) {
    if (aside === null) return;
    await makePrivateFolder(parentOf(aside));
    await Deno.rename(target, aside);
  }
  await makePrivateFolder(parentOf(target));
  await Deno.rename(from, target);
  await syncPath(parentOf(target));
}

/** Folders of whole models, such as `models/mine`. */
async function listModels(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await listNames(`${folder}/${OWN_MODELS_DIR}`)) {
    if (!modelNameSchema.safeParse(name).success) continue;
    const model = `${OWN_MODELS_DIR}/${name}`;
    const paths = FILES.map((file) => `${folder}/${model}/${file}`);
    // deno-lint-ignore no-await-in-loop -- a look or two at each
    const sizes = await Promise.all(paths.map(sizeOf));
    const isWhole = sizes.every((size) =>
      size !== null && size <= MODEL_BYTES_MAX
    );
    if (isWhole) found.push(model);
  }
  return found;
}

async function copyModel(from: string, to: string): Promise<void> {
  for (let attempt = 0; attempt < BACKUP_ATTEMPTS; attempt++) {
    // deno-lint-ignore no-await-in-loop -- attempts follow each other
    if (await tryToCopy(from, to)) return;
  }
  throw new AppError(
    "BACKUP_FAILED",
    `The model in "${from}" was changed during each of ${BACKUP_ATTEMPTS} attempts; try again when it is left alone`,
  );
}

/** False where the model was changed meanwhile; one that was removed is none. */
async function tryToCopy(from: string, to: string): Promise<boolean> {
  const before = await idOf(from);
  if (before === null) return true;
  if (await copyFiles(from, to) && await idOf(from) === before) return true;
  await Deno.remove(to, { recursive: true });
  return false;
}

/** False where a file is gone. */
async function copyFiles(from: string, to: string): Promise<boolean> {
  await makePrivateFolder(to);
  try {
    for (const file of FILES) {
      // deno-lint-ignore no-await-in-loop -- two files
      await copyPrivate(`${from}/${file}`, `${to}/${file}`);
    }
    await syncPath(to);
    await syncPath(parentOf(to));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Changes when a folder is replaced; null where there is none. */
async function idOf(folder: string): Promise<string | null> {
  const info = await statOrNull(folder);
  return info && `${info.ino} ${info.mtime?.getTime()}`;
}

/** Bytes of a file; null where there is none. */
async function sizeOf(path: string): Promise<number | null> {
  const info = await statOrNull(path);
  return info?.isFile === true ? info.size : null;
}

async function statOrNull(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    const isNone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isNone) return null;
    throw error;
  }
}
