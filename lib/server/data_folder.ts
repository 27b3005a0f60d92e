/**
 * The data folder: made on the first start, and owned by one server at a time,
 * because two of them would write one store and one order journal.
 *
 * @module
 */
import { AppError } from "../core/errors.ts";
import { PRODUCT_VERSION } from "../core/version.ts";

/** A locked data folder. The lock also ends with the process, however it ends. */
export interface DataFolder {
  release(): void;
}

/**
 * Makes the folder with its subfolders and locks it.
 *
 * @throws {AppError} `DATA_DIR_UNUSABLE` or `DATA_DIR_IN_USE`, with how to mend it.
 */
export async function openDataFolder(
  path: string,
  subfolders: readonly string[],
): Promise<DataFolder> {
  let file: Deno.FsFile;
  try {
    for (const folder of subfolders) {
      // deno-lint-ignore no-await-in-loop -- the first failure is the one to tell
      await Deno.mkdir(`${path}/${folder}`, { recursive: true });
    }
    file = await Deno.open(`${path}/lock`, {
      create: true,
      read: true,
      write: true,
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "DATA_DIR_UNUSABLE",
      `The data folder "${path}" cannot be used: ${detail}; choose a folder that this user may write, for example DATA_DIR=./data`,
      { cause: error },
    );
  }
  if (!await file.tryLock(true)) {
    const owner = ownerIn(await readText(file));
    file.close();
    throw new AppError(
      "DATA_DIR_IN_USE",
      `The data folder "${path}" is in use by another server${owner}; stop it, or choose another folder with DATA_DIR`,
    );
  }
  await file.truncate(0);
  await file.write(
    new TextEncoder().encode(`${Deno.pid}\n${PRODUCT_VERSION}\n`),
  );
  return { release: () => file.close() };
}

/** Who holds a lock, in words: its process, and its version, which builds before this did not write. */
function ownerIn(text: string): string {
  const [process = "", version = ""] = text.trim().split("\n");
  if (process === "") return "";
  return ` (process ${process}${version === "" ? "" : `, version ${version}`})`;
}

async function readText(file: Deno.FsFile): Promise<string> {
  const bytes = new Uint8Array(64);
  const length = await file.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, length));
}
