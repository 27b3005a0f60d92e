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

const SECOND_MS = 1_000;

/** What is remembered of the sources of a build. */
export interface SourceStamp {
  newestMs: number;
  files: number;
}

/** Tells whether any source is newer than the last good build, or came or went since. */
export async function isBuildStale(root: URL): Promise<boolean> {
  try {
    const stamp = JSON.parse(
      await Deno.readTextFile(new URL(STAMP_FILE, root)),
    ) as SourceStamp;
    const now = await readSources(root);
    return stamp.files !== now.files ||
      !isSameTime(stamp.newestMs, now.newestMs);
  } catch {
    // No stamp, or one that cannot be read: build.
    return true;
  }
}

/**
 * Remembers that these sources have been built. They are read before the build
 * begins: what is edited while it runs may not be in it.
 */
export async function markBuilt(
  root: URL,
  sources: SourceStamp,
): Promise<void> {
  await Deno.mkdir(new URL(".build/", root), { recursive: true });
  await Deno.writeTextFile(new URL(STAMP_FILE, root), JSON.stringify(sources));
}

/** The sources as they are now. */
export async function readSources(root: URL): Promise<SourceStamp> {
  const stamp = { newestMs: 0, files: 0 };
  for (const file of SOURCE_FILES) await addFile(stamp, new URL(file, root));
  for (const folder of SOURCE_DIRS) {
    await addFolder(stamp, new URL(`${folder}/`, root));
  }
  return stamp;
}

/**
 * Layers of images and archives keep whole seconds: a build that came in one
 * has its time without the rest, and a start on a read-only disk cannot build
 * again. An edit in the same second has a time that is no whole second.
 */
function isSameTime(builtMs: number, nowMs: number): boolean {
  if (builtMs === nowMs) return true;
  return nowMs % SECOND_MS === 0 && Math.abs(nowMs - builtMs) < SECOND_MS;
}

async function addFolder(stamp: SourceStamp, folder: URL): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) {
      await addFolder(stamp, new URL(`${entry.name}/`, folder));
    } else await addFile(stamp, new URL(entry.name, folder));
  }
}

async function addFile(stamp: SourceStamp, file: URL): Promise<void> {
  const { mtime } = await Deno.stat(file);
  stamp.newestMs = Math.max(stamp.newestMs, mtime?.getTime() ?? 0);
  stamp.files++;
}
