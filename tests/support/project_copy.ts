import { cp } from "node:fs/promises";
import { runtimePlace } from "../../lib/inference/install/runtime_place.ts";
import { ensureBuilt } from "./built.ts";

const ROOT = new URL("../../", import.meta.url);

/** What a running server does not need, or what is better shared than copied. */
const LEFT_OUT = [".git", ".ci", "data", "docs", "node_modules", "tests"];

/** The ONNX runtime is no part of a build: a copy is as a fresh start leaves it. */
const { folder: RUNTIME_FOLDER } = runtimePlace(ROOT, null);

/**
 * Copies the built project into a folder, so that a test can change what it
 * runs; answers with the copy's root. The packages are the project's own.
 */
export async function copyProject(folder: string): Promise<URL> {
  await ensureBuilt();
  for await (const { name } of Deno.readDir(ROOT)) {
    if (LEFT_OUT.includes(name)) continue;
    // The times decide whether the copy counts as built.
    await cp(new URL(name, ROOT), `${folder}/${name}`, {
      recursive: true,
      preserveTimestamps: true,
      filter: (source) => source !== RUNTIME_FOLDER,
    });
  }
  await Deno.symlink(
    new URL("node_modules", ROOT),
    `${folder}/node_modules`,
    { type: "dir" },
  );
  return new URL(`file://${folder}/`);
}
