import { dirname } from "node:path";
import type { RuntimePlace } from "../../../../lib/contracts/inference.ts";
import {
  REQUEST_FILE,
  RUNTIME_CONFIG_DIR,
  RUNTIME_VERSION,
  runtimeFiles,
  runtimePlace,
} from "../../../../lib/inference/install/runtime_place.ts";
import { writeState } from "../../../../lib/inference/install/runtime_state.ts";
import { withTempDir } from "../../../support/temp.ts";

const ROOT = new URL("../../../../", import.meta.url);

/** A project that has of everything only what the runtime is installed from. */
export interface RuntimeProject {
  root: URL;
  place: RuntimePlace & { requestPath: string };
}

/** Runs something with a project whose runtime is not installed. */
export function withRuntimeProject(
  run: (project: RuntimeProject) => Promise<void>,
): Promise<void> {
  return withTempDir(async (dir) => {
    const root = new URL(`file://${dir}/`);
    const { folder } = runtimePlace(root, null);
    for (const path of [folder, `${dir}/${RUNTIME_CONFIG_DIR}`]) {
      // deno-lint-ignore no-await-in-loop -- two folders
      await Deno.mkdir(path, { recursive: true });
    }
    for (const file of ["deno.json", "deno.lock"]) {
      const path = `${RUNTIME_CONFIG_DIR}/${file}`;
      // deno-lint-ignore no-await-in-loop -- two files
      await Deno.copyFile(new URL(path, ROOT), `${dir}/${path}`);
    }
    const requestPath = `${dir}/${REQUEST_FILE}`;
    await run({ root, place: { folder, requestPath } });
  });
}

/** Makes a runtime look installed. */
export async function pretendInstalled({ folder }: RuntimePlace) {
  const { modulePath, wasmPath } = runtimeFiles(folder);
  await Deno.mkdir(dirname(modulePath), { recursive: true });
  await Deno.writeTextFile(modulePath, "");
  await Deno.writeTextFile(wasmPath, "");
  await writeState(folder, { state: "installed", version: RUNTIME_VERSION });
}
