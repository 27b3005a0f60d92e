import type {
  AuditCheckpoint,
  AuditFault,
  AuditFaultKind,
  AuditStream,
} from "../../contracts/audit_trail.ts";
import { isSigned } from "./checkpoint.ts";

/** Checkpoints of one place: of the store, of a mirror, of an export. */
export interface CheckpointSource {
  /** As it is named in a fault: `the store`, a file. */
  name: string;
  checkpoints: readonly AuditCheckpoint[];
}

/** What the checkpoints of all places come to. */
export interface CheckpointVerdict {
  /** Those whose signature is right, each once. */
  sound: readonly AuditCheckpoint[];
  faults: readonly AuditFault[];
  /** The key that has signed them; null where there is none. */
  key: string | null;
}

/**
 * Checks checkpoints by themselves: signature, key, running numbers, and whether
 * every place tells the same. The store may lack none that a mirror has: a mirror
 * is written after it. A mirror may lack the newest ones.
 */
export function checkCheckpoints(
  sources: readonly CheckpointSource[],
  pinnedKey: string | null,
): CheckpointVerdict {
  const faults: AuditFault[] = [];
  const sound = new Map<string, AuditCheckpoint>();
  const key = pinnedKey ?? sources.flatMap(({ checkpoints }) => checkpoints)
    .find(isSigned)?.key ??
    null;
  for (const { name, checkpoints } of sources) {
    const serials = new Map<AuditStream, number>();
    for (const checkpoint of checkpoints) {
      const { stream, serial } = checkpoint;
      const expected = (serials.get(stream) ?? 0) + 1;
      if (checkpoint.key !== key || !isSigned(checkpoint)) {
        faults.push(faultOf("signature wrong", checkpoint, {
          name,
          why: checkpoint.key === key
            ? "The key has not signed what it says"
            : `It is signed by the key ${checkpoint.key}, not by ${key}`,
        }));
        // Whether its number is right says nobody.
        serials.set(stream, expected);
        continue;
      }
      if (serial > expected) {
        faults.push(faultOf("checkpoint missing", checkpoint, {
          name,
          why: `Checkpoint ${expected} is not there`,
        }));
      }
      serials.set(stream, Math.max(serial, expected - 1));
      const place = `${stream} ${serial}`;
      const known = sound.get(place);
      if (known !== undefined && known.signature !== checkpoint.signature) {
        faults.push(faultOf("checkpoint edited", checkpoint, {
          name,
          why: "Two signed checkpoints have this number",
        }));
      }
      sound.set(place, known ?? checkpoint);
    }
  }
  return { sound: [...sound.values()], faults, key };
}

/** Tells of checkpoints that mirrors have and the first place lacks. */
export function findLacking(
  [first, ...mirrors]: readonly CheckpointSource[],
): AuditFault[] {
  const known = new Set(first?.checkpoints.map(placeOf));
  return mirrors.flatMap(({ name, checkpoints }) =>
    checkpoints.filter((checkpoint) => !known.has(placeOf(checkpoint)))
      .slice(0, 1).map((checkpoint) =>
        faultOf("checkpoint missing", checkpoint, {
          name: first!.name,
          why: `It stands in ${name}`,
        })
      )
  );
}

function placeOf({ stream, serial }: AuditCheckpoint): string {
  return `${stream} ${serial}`;
}

function faultOf(
  kind: AuditFaultKind,
  { stream, serial, n }: AuditCheckpoint,
  { name, why }: { name: string; why: string },
): AuditFault {
  const detail =
    `${kind} in ${name}: checkpoint ${serial} of the stream ${stream}, at entry ${n}. ${why}`;
  return { kind, stream, n, upTo: n, detail };
}
