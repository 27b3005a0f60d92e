/** Folders whose files go into the panel's scripts or into a worker. */
const SOURCE_DIRS = [
  "actors",
  "agents",
  "islands",
  "lib",
  "routes",
  "static",
] as const;
const SOURCE_FILES = [
  "deno.json",
  "deno.lock",
  "dev.ts",
  "main.ts",
  "fresh.config.ts",
] as const;

/** Written after a good build: newest source time and number of sources. */
const STAMP_FILE = ".build/stamp.json";

interface Stamp {
  newestMs: number;
  files: number;
}

/** Tells whether any source is newer than the last good build, or came or went since. */
export async function isBuildStale(root: URL): Promise<boolean> {
  try {
    const stamp = JSON.parse(
      await Deno.readTextFile(new URL(STAMP_FILE, root)),
    ) as Stamp;
    const now = await readStamp(root);
    return stamp.newestMs !== now.newestMs || stamp.files !== now.files;
  } catch {
    // No stamp, or one that cannot be read: build.
    return true;
  }
}

/** Remembers that the sources as they are now have been built. */
export async function markBuilt(root: URL): Promise<void> {
  await Deno.mkdir(new URL(".build/", root), { recursive: true });
  await Deno.writeTextFile(
    new URL(STAMP_FILE, root),
    JSON.stringify(await readStamp(root)),
  );
}

async function readStamp(root: URL): Promise<Stamp> {
  const stamp = { newestMs: 0, files: 0 };
  for (const file of SOURCE_FILES) await addFile(stamp, new URL(file, root));
  for (const folder of SOURCE_DIRS) {
    await addFolder(stamp, new URL(`${folder}/`, root));
  }
  return stamp;
}

async function addFolder(stamp: Stamp, folder: URL): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) {
      await addFolder(stamp, new URL(`${entry.name}/`, folder));
    } else await addFile(stamp, new URL(entry.name, folder));
  }
}

async function addFile(stamp: Stamp, file: URL): Promise<void> {
  const { mtime } = await Deno.stat(file);
  stamp.newestMs = Math.max(stamp.newestMs, mtime?.getTime() ?? 0);
  stamp.files++;
}
