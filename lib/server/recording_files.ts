import type { FileEdges, RecordingFiles } from "../fleet/recording_files.ts";

/** Recordings in a folder, which is made with the first of them and which only its owner may read. */
export function createRecordingFiles(folder: string): RecordingFiles {
  const pathOf = (name: string) => `${folder}/${name}`;
  return {
    async write(name, bytes, isNew) {
      if (isNew) await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
      await Deno.writeFile(pathOf(name), bytes, {
        append: !isNew,
        create: isNew,
        mode: 0o600,
      });
    },
    list: async () =>
      await whereThere(async () => {
        const names: string[] = [];
        for await (const { name, isFile } of Deno.readDir(folder)) {
          if (isFile) names.push(name);
        }
        return names;
      }) ?? [],
    edges: (name, length) => whereThere(() => readEdges(pathOf(name), length)),
    open: (name) =>
      whereThere(async () =>
        (await Deno.open(pathOf(name), { read: true })).readable
      ),
    remove: async (name) =>
      void await whereThere(() => Deno.remove(pathOf(name))),
  };
}

async function readEdges(path: string, length: number): Promise<FileEdges> {
  using file = await Deno.open(path, { read: true });
  const { size } = await file.stat();
  return {
    bytes: size,
    first: await readAt(file, { from: 0, length }),
    last: await readAt(file, { from: Math.max(0, size - length), length }),
  };
}

async function readAt(
  file: Deno.FsFile,
  { from, length }: { from: number; length: number },
): Promise<Uint8Array> {
  await file.seek(from, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    // deno-lint-ignore no-await-in-loop -- a file may be read in pieces
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

/** Null where the file or folder is not there. */
async function whereThere<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
