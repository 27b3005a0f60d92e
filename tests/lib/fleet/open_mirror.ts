import { JournalMirror } from "../../../lib/fleet/cluster/mirror/journal_mirror.ts";
import { createJournalFiles } from "../../../lib/server/journal_files.ts";
import type { Store } from "../../../lib/store/port.ts";
import { type DiskClock, standingFiles } from "./disk_clock.ts";

/** The mirror of the journals in a folder. */
export function openMirror(
  { store, journalDir, ...clock }: Pick<DiskClock, "standing"> & {
    store: Pick<Store, "journals">;
    journalDir: string;
  },
): JournalMirror {
  const files = standingFiles(clock, createJournalFiles(journalDir));
  return new JournalMirror({ store: store.journals, files });
}
