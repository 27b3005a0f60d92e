/** `deno task ml`: see `--help`. */
import { runMlCommand } from "../lib/inference/command.ts";
import { modelFolders } from "../lib/inference/library/model_library.ts";
import { runtimePath } from "../lib/inference/library/runtime_path.ts";
import { writeTo } from "./output.ts";

const ROOT = new URL("../", import.meta.url);

Deno.exit(
  await runMlCommand(Deno.args, {
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    folders: modelFolders({
      root: ROOT,
      dataDir: Deno.env.get("DATA_DIR") ?? "data",
    }),
    wasmPath: runtimePath(ROOT),
    out: writeTo(Deno.stdout),
    err: writeTo(Deno.stderr),
  }),
);
