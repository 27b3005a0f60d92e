/**
 * Emergency stops in a backup. Every desk keeps a file of latches: that of the
 * markets of candles in the folder itself, that of a venue in one of its own.
 *
 * @module
 */
import {
  EMERGENCY_FOLDER,
  LATCHES_FILE,
} from "../../contracts/emergency_desk.ts";
import {
  copyPrivate,
  exists,
  makePrivateFolder,
  parentOf,
  syncPath,
} from "./files.ts";

/** Paths of the files of latches below a data folder or a backup, in order. */
export async function listLatches(folder: string): Promise<string[]> {
  const emergency = `${folder}/${EMERGENCY_FOLDER}`;
  if (!await exists(emergency)) return [];
  const folders = [EMERGENCY_FOLDER];
  for await (const { name, isDirectory } of Deno.readDir(emergency)) {
    if (isDirectory) folders.push(`${EMERGENCY_FOLDER}/${name}`);
  }
  const paths = folders.sort().map((name) => `${name}/${LATCHES_FILE}`);
  const found = await Promise.all(
    paths.map((path) => exists(`${folder}/${path}`)),
  );
  return paths.filter((_, at) => found[at]);
}

/** Copies them; a desk replaces its file as a whole, so each copy is of one moment. */
export async function copyLatches(from: string, to: string): Promise<void> {
  for (const path of await listLatches(from)) {
    // deno-lint-ignore no-await-in-loop -- one file at a time
    await makePrivateFolder(parentOf(`${to}/${path}`));
    // deno-lint-ignore no-await-in-loop -- as above
    await copyPrivate(`${from}/${path}`, `${to}/${path}`);
    // deno-lint-ignore no-await-in-loop -- as above
    await syncPath(parentOf(`${to}/${path}`));
  }
}

/** Moves those of a restore into a data folder. What the folder itself knows is newer, and stays. */
export async function putLatches(
  staged: string,
  dataDir: string,
): Promise<void> {
  for (const path of await listLatches(staged)) {
    const target = `${dataDir}/${path}`;
    // deno-lint-ignore no-await-in-loop -- one file at a time
    if (await exists(target)) continue;
    // deno-lint-ignore no-await-in-loop -- as above
    await makePrivateFolder(parentOf(target));
    // deno-lint-ignore no-await-in-loop -- as above
    await Deno.rename(`${staged}/${path}`, target);
    // deno-lint-ignore no-await-in-loop -- as above
    await syncPath(parentOf(target));
  }
}
