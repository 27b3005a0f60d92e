/** Made-up trails as lines of an export, for tests that harm them. */
import { userActor } from "../../../../lib/contracts/audit.ts";
import {
  AUDIT_STREAMS,
  type AuditRecord,
  type AuditStream,
} from "../../../../lib/contracts/audit_trail.ts";
import {
  hashOf,
  ROOT_HASH,
  storableEntry,
} from "../../../../lib/store/audit/chain.ts";
import {
  createAuditKey,
  createSigner,
} from "../../../../lib/store/audit/checkpoint.ts";
import { entryOf } from "../../../../lib/store/audit/link_check.ts";
import {
  checkpointLine,
  recordLine,
} from "../../../../lib/store/audit/lines.ts";

export const signer = createSigner(createAuditKey());

/** An entry of made-up content. */
export function entryOfNumber(n: number) {
  return storableEntry({
    at: 1_800_000_000_000 + (n * 7_919) % 10_007,
    actor: userActor({ id: `usr_${n % 5}`, email: `u${n % 5}@example.com` }),
    via: n % 2 === 0 ? "panel" : "cli",
    action: n % 3 === 0 ? "agent.config" : "stop",
    target: `agt_${n}`,
    outcome: "ok",
    reason: n % 7 === 0 ? "überprüft \u{1F50D}" : "",
    detail: { before: { risk: n / 8, on: true }, after: [n, null, "x"] },
  });
}

/** Records of a stream, oldest first. */
export function recordsOf(stream: AuditStream, count: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let n = 1; n <= count; n++) {
    records.push(link(entryOfNumber(n), {
      stream,
      n,
      prev: records.at(-1)?.hash ?? ROOT_HASH,
    }));
  }
  return records;
}

/** A record with the hash that belongs to it. */
export function link(
  entry: ReturnType<typeof entryOf>,
  place: { stream: AuditStream; n: number; prev: string },
): AuditRecord {
  return { ...entry, ...place, hash: hashOf({ ...place, entry }) };
}

/** The hash of a record made anew. */
export function rehashed(record: AuditRecord): AuditRecord {
  const { stream, n, prev } = record;
  return link(entryOf(record), { stream, n, prev: prev! });
}

/** An export: entries of both streams and their checkpoints, the last entry signed. */
export function exportOf(
  counts: Record<AuditStream, number>,
  every: number,
): string[] {
  return AUDIT_STREAMS.flatMap((stream) => {
    const records = recordsOf(stream, counts[stream]);
    const signed = records.filter(({ n }) =>
      n % every === 0 || n === records.length
    );
    return [
      ...records.map(recordLine),
      ...signed.map(({ n, hash, at }, index) =>
        checkpointLine(
          signer.sign({ stream, serial: index + 1, n, hash: hash!, at }),
        )
      ),
    ];
  });
}
