/** `deno task ml`: see `--help`. */
import { runMlCommand } from "../lib/inference/command.ts";
import { EXIT } from "../lib/inference/dataset/command.ts";
import { runtimeSource } from "../lib/inference/install/ensure_runtime.ts";
import { modelFolders } from "../lib/inference/library/model_library.ts";
import { writeTo } from "./output.ts";
import { readSetting } from "./read_setting.ts";

const ROOT = new URL("../", import.meta.url);
const err = writeTo(Deno.stderr);

const dataDir = readSetting("DATA_DIR", err);
if (dataDir === null) Deno.exit(EXIT.usage);

Deno.exit(
  await runMlCommand(Deno.args, {
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    folders: modelFolders({ root: ROOT, dataDir }),
    // By its name: the task may run that alone.
    runtime: runtimeSource({
      root: ROOT,
      deno: "deno",
      say: (line) => err(`${line}\n`),
    }),
    out: writeTo(Deno.stdout),
    err,
  }),
);
