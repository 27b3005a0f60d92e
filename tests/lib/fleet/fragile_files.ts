import {
  type DeskFiles,
  DISK,
  type JournalStorage,
} from "../../../lib/desk/journal/storage.ts";
import type { DiskClock } from "./disk_clock.ts";

/** The real files of a desk, which take nothing while `isFull()`. No time passes while one waits for them. */
export function fragileFiles(
  { standing }: Pick<DiskClock, "standing">,
  isFull: () => boolean = () => false,
): DeskFiles {
  const guard = <Args extends unknown[], Result>(
    call: (...args: Args) => Result,
  ) =>
  (...args: Args): Result => {
    if (isFull()) throw new Error("No space left on device (os error 28)");
    return call(...args);
  };
  const open = (path: string): JournalStorage => {
    const storage = DISK.open(path);
    return {
      ...storage,
      append: guard(storage.append),
      overwrite: guard(storage.overwrite),
      truncate: guard(storage.truncate),
      syncNow: guard(storage.syncNow),
      startSegment: guard(storage.startSegment),
      // Asynchronous: it fails like the system's, by rejecting.
      sync: () => standing(Promise.try(guard(storage.sync))),
    };
  };
  return { ...DISK, open };
}
