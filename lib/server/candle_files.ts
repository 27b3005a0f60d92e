import { CANDLE_FILE_NAME } from "../contracts/candle.ts";
import type { CandleFile } from "../contracts/feed.ts";

/** Most files that are offered; a folder with more is somebody's whole disk. */
const MAX_FILES = 500;

/** Lists the replayable files of a folder by name; a folder that cannot be read has none. */
export async function listCandleFiles(folder: string): Promise<CandleFile[]> {
  const files: CandleFile[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.isDirectory || !CANDLE_FILE_NAME.test(entry.name)) continue;
      const { size } = await Deno.stat(`${folder}/${entry.name}`);
      files.push({ file: entry.name, bytes: size });
      if (files.length >= MAX_FILES) break;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files.sort((a, b) => a.file.localeCompare(b.file));
}
