import { createHash } from "node:crypto";
import { PRIVATE_FILE_MODE, PRIVATE_FOLDER_MODE } from "./limits.ts";

/** A file as the manifest lists it. */
export interface FileDigest {
  bytes: number;
  sha256: string;
}

/** Makes a folder, and those above it, that only its owner may enter. */
export async function makePrivateFolder(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: PRIVATE_FOLDER_MODE });
}

/** Copies a file as it is now; what is appended meanwhile may or may not be in the copy. */
export async function copyPrivate(from: string, to: string): Promise<void> {
  await Deno.copyFile(from, to);
  await Deno.chmod(to, PRIVATE_FILE_MODE);
  await syncPath(to);
}

/** Writes a new file that only its owner may read. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { mode: PRIVATE_FILE_MODE });
  await syncPath(path);
}

/** Waits until a file, or the names in a folder, would survive a power cut. */
export async function syncPath(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true });
  await file.sync();
}

/** Size and SHA-256 of a file. */
export async function digestFile(path: string): Promise<FileDigest> {
  const hash = createHash("sha256");
  let bytes = 0;
  using file = await Deno.open(path, { read: true });
  for await (const chunk of file.readable) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Names in a folder in order; none if there is no such folder. */
export async function listNames(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Tells whether there is a file or folder of this name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The folder that a path is in. */
export function parentOf(path: string): string {
  const end = path.lastIndexOf("/");
  return end < 0 ? "." : path.slice(0, end) || "/";
}
