/** `deno task restore`: see `--help`. */
import { exists } from "../lib/store/backup/files.ts";
import { restoreBackup } from "../lib/store/backup/restore_backup.ts";
import { openDataFolder } from "../lib/server/data_folder.ts";
import { WRAPPING_KEY_FILE } from "../lib/vault/keyring.ts";
import { readCommand, runCommand, UsageError } from "./backup_command.ts";

const HELP = `Puts a backup into the data folder. The server must be stopped.

Usage: deno task restore --from FOLDER [--replace]

  --from FOLDER  A folder that "deno task backup" has made
  --replace      Move what the data folder holds to DATA_DIR/replaced-<time>;
                 without it a data folder that holds data is left as it is
  --help         Show this

Every file is compared with its hash before anything is touched.

Environment:
  DATA_DIR       Data folder of the server (default: ./data)

Exit codes: 0 done, 1 failed, 2 wrong input`;

async function run(): Promise<string> {
  const { values, dataDir, pathOf } = readCommand({
    from: { type: "string" },
    replace: { type: "boolean" },
  });
  if (values.from === undefined) {
    throw new UsageError(
      "Give the folder of a backup, for instance --from data/backups/2026-01-31T12-00-00.000Z",
    );
  }
  const restored = await restoreBackup({
    from: pathOf("from", values.from),
    dataDir,
    isReplacing: values.replace === true,
    nowMs: Date.now(),
    lock: () => openDataFolder(dataDir, ["journal"]),
  });
  const aside = restored.replaced === null
    ? ""
    : `; what it held before is in ${restored.replaced}`;
  const key = await exists(`${dataDir}/${WRAPPING_KEY_FILE}`)
    ? ""
    : `\nBefore the start put ${WRAPPING_KEY_FILE} of that time there, unless EXCHANGE_KEY_SECRET is set; no backup holds it`;
  return `Restored ${restored.files} files of ${restored.createdAt} to ${dataDir}${aside}${key}`;
}

if (import.meta.main) Deno.exit(await runCommand(run, HELP));
