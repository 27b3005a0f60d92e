import type { Env } from "../core/env.ts";
import type { FleetOptions } from "../fleet/fleet.ts";
import { JournalMirror } from "../fleet/hosts/journal_mirror.ts";
import { journalDirOf } from "./data_paths.ts";
import { createJournalFiles } from "./journal_files.ts";

/** The mirror of this host's journals, where others share the store; nothing where this is the only host. */
export function openMirror(
  { env, isShared = false }: { env: Env; isShared?: boolean },
  { journals }: FleetOptions["store"],
): Pick<FleetOptions, "mirror"> {
  if (!isShared) return {};
  const files = createJournalFiles(journalDirOf(env));
  return { mirror: new JournalMirror({ store: journals, files }) };
}
