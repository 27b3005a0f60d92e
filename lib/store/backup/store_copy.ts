import { backup, DatabaseSync } from "node:sqlite";
import { AppError } from "../../core/errors.ts";

/**
 * Copies the store while a server writes it. SQLite reads one state of the
 * file, in one step, because a copy in several steps starts over with each
 * commit of the server and may never end. The server is not held up: readers
 * and the writer of a write-ahead log do not wait for each other.
 *
 * The copy is one file without a log beside it, and has been checked.
 *
 * @throws {AppError} `BACKUP_FAILED` if the copy is no sound database.
 */
export async function copyStore(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true });
  try {
    await backup(source, to, { rate: -1 });
  } finally {
    source.close();
  }
  const copy = new DatabaseSync(to);
  try {
    copy.exec("PRAGMA journal_mode = DELETE");
    const [verdict] = copy.prepare("PRAGMA integrity_check").all();
    if (verdict?.["integrity_check"] === "ok") return;
    throw new AppError(
      "BACKUP_FAILED",
      `The copy of "${from}" is damaged (${
        String(verdict?.["integrity_check"])
      }), so no backup was made; check the disk, and restore an older backup if the server reports errors, too`,
    );
  } finally {
    copy.close();
  }
}
