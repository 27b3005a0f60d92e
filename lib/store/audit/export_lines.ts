import {
  AUDIT_STREAMS,
  type AuditFilter,
  type AuditStream,
} from "../../contracts/audit_trail.ts";
import { checkpointLine, recordLine } from "./lines.ts";
import { EXPORT_BATCH } from "./limits.ts";
import { matches } from "./query.ts";
import type { AuditReader } from "./reader.ts";

/**
 * The trail as lines with their ends, oldest first, each stream with its
 * checkpoints behind it. Without a filter it ends at the newest checkpoint of
 * each stream, so that every line of it can be verified; what is behind comes
 * with the next export. With a filter it is a selection that verifies nothing.
 * A batch is read when the one before has been taken.
 */
export async function* exportLines(
  reader: AuditReader,
  filter: AuditFilter = {},
): AsyncGenerator<string> {
  const isWhole = Object.values(filter).every((value) => value === undefined);
  for (const stream of AUDIT_STREAMS) {
    if (filter.stream !== undefined && filter.stream !== stream) continue;
    const last = isWhole
      ? (await reader.lastCheckpoint(stream))?.n ?? 0
      : Number.MAX_SAFE_INTEGER;
    yield* recordLines(reader, { stream, filter, last });
    if (isWhole) yield* checkpointLines(reader, { stream, last });
  }
}

async function* recordLines(
  reader: AuditReader,
  { stream, filter, last }: {
    stream: AuditStream;
    filter: AuditFilter;
    last: number;
  },
): AsyncGenerator<string> {
  for (let from = 1; from <= last;) {
    const page = await reader.after(stream, { from, limit: EXPORT_BATCH });
    const lines = page.filter((record) =>
      record.n <= last && matches(record, filter)
    ).map((record) => `${recordLine(record)}\n`);
    if (lines.length > 0) yield lines.join("");
    if (page.length < EXPORT_BATCH) return;
    from = page.at(-1)!.n + 1;
  }
}

async function* checkpointLines(
  reader: AuditReader,
  { stream, last }: { stream: AuditStream; last: number },
): AsyncGenerator<string> {
  for (let from = 1;;) {
    const page = await reader.checkpoints(stream, {
      from,
      limit: EXPORT_BATCH,
    });
    const lines = page.filter(({ n }) => n <= last)
      .map((checkpoint) => `${checkpointLine(checkpoint)}\n`);
    if (lines.length > 0) yield lines.join("");
    if (page.length < EXPORT_BATCH) return;
    from = page.at(-1)!.serial + 1;
  }
}
