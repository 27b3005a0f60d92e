import type { createIdFactory } from "../core/ids.ts";
import { hasFolder } from "./data_paths.ts";

/**
 * The name of this process among those that share a store: as the operator
 * says, or drawn once and kept with its data, so that it is the same after a
 * restart and finds its agents again.
 */
export async function hostIdOf(
  { HOST_ID, DATA_DIR }: { HOST_ID: string; DATA_DIR: string },
  ids: ReturnType<typeof createIdFactory>,
): Promise<string> {
  if (HOST_ID !== "") return HOST_ID;
  const drawn = ids("host").toLowerCase().replace("_", "-");
  // It owns no agents: after a restart it may be another one.
  if (!hasFolder({ DATA_DIR })) return drawn;
  const path = `${DATA_DIR}/host-id`;
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.writeTextFile(path, `${drawn}\n`);
  return drawn;
}
