/** `deno task backup`: see `--help`. */
import { createBackup } from "../lib/store/backup/create_backup.ts";
import { readCommand, runCommand } from "./backup_command.ts";

const HELP =
  `Copies the store, the order journals and models of your own, also while the server runs.

Usage: deno task backup [--out FOLDER]

  --out FOLDER  A new folder for the backup (default: DATA_DIR/backups/<time>)
  --help        Show this

The backup holds password hashes: keep it as safe as the data folder. What is
sealed in it opens only with DATA_DIR/exchange-key-secret (or
EXCHANGE_KEY_SECRET), which is not part of it, nor are candle files.

Environment:
  DATA_DIR      Data folder of the server (default: ./data)

Exit codes: 0 done, 1 failed, 2 wrong input`;

async function run(): Promise<string> {
  const { values, dataDir, pathOf } = readCommand({ out: { type: "string" } });
  const backup = await createBackup({
    dataDir,
    out: values.out === undefined ? null : pathOf("out", values.out),
    nowMs: Date.now(),
  });
  const megabytes = (backup.bytes / 1e6).toFixed(1);
  return `Backed up ${backup.files} files (${megabytes} MB) to ${backup.folder}`;
}

if (import.meta.main) Deno.exit(await runCommand(run, HELP));
