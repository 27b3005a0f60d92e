import assert from "node:assert/strict";
import {
  type CommandContext,
  EXIT,
} from "../../../lib/inference/dataset/command.ts";
import { runMlCommand } from "../../../lib/inference/command.ts";
import { modelFolders } from "../../../lib/inference/library/model_library.ts";
import { RUNTIME_SOURCE } from "../../support/model_runtime.ts";

const ROOT = new URL("../../../", import.meta.url);

/** 3,000 candles of 15 minutes, made by the simulated market. */
export const FIXTURE = new URL(
  "../../fixtures/simulated-btcusdt-15m.csv",
  import.meta.url,
).pathname;

/** What a run of the command said. */
export interface MlRun {
  code: number;
  out: string;
  err: string;
}

/** Runs `deno task ml` within this process. */
export async function runMl(
  args: readonly string[],
  { cwd, dataDir = "data" }: Pick<CommandContext, "cwd"> & {
    dataDir?: string;
  } = {},
): Promise<MlRun> {
  let out = "";
  let err = "";
  const code = await runMlCommand(args, {
    ...(cwd === undefined ? {} : { cwd }),
    folders: modelFolders({ root: ROOT, dataDir }),
    runtime: RUNTIME_SOURCE,
    out: (text) => out += text,
    err: (text) => err += text,
  });
  return { code, out, err };
}

/** A record of a data set, as any program reads it. */
export interface DatasetRecord {
  openAt: number;
  touchAt: number;
  close: number;
  label: number;
  weight: number;
  features: Float32Array;
}

/** A data set with what the file beside it says. */
export interface ReadDataset {
  bytes: Uint8Array<ArrayBuffer>;
  // deno-lint-ignore no-explicit-any -- a program of another language knows no types of ours
  meta: any;
  records: DatasetRecord[];
}

/** Reads a data set by nothing but its description, as numpy does. */
export async function readDataset(path: string): Promise<ReadDataset> {
  const bytes = await Deno.readFile(path);
  const meta = JSON.parse(await Deno.readTextFile(`${path}.json`));
  const view = new DataView(bytes.buffer);
  const records: DatasetRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const record: Record<string, number | Float32Array> = {};
    for (const [name, type, count] of meta.data.dtype) {
      const size = Number(type.slice(2));
      const read = (from: number) =>
        size === 8 ? view.getFloat64(from, true) : view.getFloat32(from, true);
      record[name] = count === undefined ? read(at) : Float32Array.from(
        { length: count },
        (_, index) => read(at + index * size),
      );
      at += size * (count ?? 1);
    }
    records.push({
      openAt: record.open_at as number,
      touchAt: record.touch_at as number,
      close: record.close as number,
      label: record.label as number,
      weight: record.weight as number,
      features: record.features as Float32Array,
    });
  }
  return { bytes, meta, records };
}

/** Exports the fixture with these arguments and reads the result. */
export async function exportFixture(
  folder: string,
  args: readonly string[] = [],
): Promise<ReadDataset & { run: MlRun }> {
  const path = `${folder}/rows.bin`;
  const run = await runMl([
    "dataset",
    "--candles",
    FIXTURE,
    "--out",
    path,
    ...args,
  ]);
  assert.equal(run.code, EXIT.ok, run.err);
  return { ...await readDataset(path), run };
}

/** Runs something in a folder of its own, which is removed afterwards. */
export async function inFolder(
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
