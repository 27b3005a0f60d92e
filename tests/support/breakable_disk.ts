/** A file system of its own for a test, which turns read-only as one does whose device fails. Needs root, loop devices and ext4. */
import { system } from "./system.ts";
import { withTempDir } from "./temp.ts";

/** Enough for a server with two agents. */
const DISK_BYTES = 64 * 1_048_576;

/** A mounted file system. */
export interface BreakableDisk {
  path: string;
  /** From here on every write fails, also of files that are open. */
  turnReadOnly(): Promise<void>;
  /** Checks and mounts it anew. Nothing may be open on it. */
  mend(): Promise<void>;
}

/** Whether this user may make such a disk on this machine. */
export const CAN_BREAK_DISKS = await tryDisk();

async function tryDisk(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await withBreakableDisk((disk) => disk.turnReadOnly());
    return true;
  } catch {
    return false;
  }
}

/** Runs a test with a disk of its own, which is taken away afterwards. */
export async function withBreakableDisk(
  run: (disk: BreakableDisk) => Promise<void>,
): Promise<void> {
  await withTempDir(async (dir) => {
    const image = `${dir}/image`;
    const path = `${dir}/disk`;
    await Deno.mkdir(path);
    await Deno.writeFile(image, new Uint8Array());
    await Deno.truncate(image, DISK_BYTES);
    await system("mkfs.ext4", "-q", "-F", image);
    const mount = () => system("mount", "-o", "loop", image, path);
    await mount();
    try {
      await run({
        path,
        // What the kernel does by itself when it finds an error.
        turnReadOnly: () => system("mount", "-o", "remount,abort", path),
        async mend() {
          await system("umount", path);
          await mount();
        },
      });
    } finally {
      await system("umount", "-l", path);
    }
  });
}
