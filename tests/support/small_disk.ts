/** A small file system of its own for a test, which can be filled. Needs root. */
import { system } from "./system.ts";

/** Bytes of the disk: enough for a server with two agents. */
const DISK_MIB = 64;

/** A mounted file system. */
export interface SmallDisk {
  path: string;
}

/** Whether this user may mount file systems on this machine. */
export const CAN_MOUNT = await tryMount();

async function tryMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await withSmallDisk(() => Promise.resolve());
    return true;
  } catch {
    return false;
  }
}

/** Runs a test with a disk of its own, which is taken away afterwards. */
export async function withSmallDisk(
  run: (disk: SmallDisk) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "smc-fleet-disk-" });
  try {
    const size = `size=${DISK_MIB}m`;
    await system("mount", "-t", "tmpfs", "-o", size, "tmpfs", path);
    try {
      await run({ path });
    } finally {
      await system("umount", "-l", path);
    }
  } finally {
    await Deno.remove(path);
  }
}

/** Takes all the space that is left, down to the last byte. */
export async function fillDisk(path: string): Promise<void> {
  const file = await Deno.open(`${path}/filler`, { create: true, write: true });
  try {
    for (let size = 1_048_576; size >= 1; size = Math.floor(size / 4)) {
      const block = new Uint8Array(size);
      // deno-lint-ignore no-await-in-loop -- until nothing of this size fits
      while (await writeAll(file, block));
    }
  } finally {
    file.close();
  }
}

async function writeAll(
  file: Deno.FsFile,
  block: Uint8Array,
): Promise<boolean> {
  try {
    return await file.write(block) > 0;
  } catch {
    return false;
  }
}
