import { assert } from "../../core/assert.ts";
import { keys } from "../keys.ts";
import { MAX_GET_MANY } from "../limits.ts";
import type { AtomicWrite } from "./connection.ts";

/** One atomic commit; what is left out is empty. */
export type Commit = Partial<AtomicWrite> & {
  /** What only the owner of an agent may write: refused once this process is fenced. */
  isFenced?: boolean;
};

/** The entry that is there for as long as this process may write what is fenced. */
export interface Fence {
  key: Deno.KvKey;
  versionstamp: string;
  /** Told once when the entry is not what it was: somebody else goes on with this process's agents. */
  onLost(): void;
}

/** The write of a commit with its op id, which says later whether it was done. */
export function withOpId(
  commit: Commit,
  { opId, fence }: { opId: string; fence: Fence | null },
): AtomicWrite {
  const opKey = keys.op(opId);
  const checks = [
    { key: opKey, versionstamp: null },
    ...commit.checks ?? [],
  ];
  assert(
    checks.length <= MAX_GET_MANY,
    `A commit has at most ${MAX_GET_MANY} checks, so that one read can look at all of them, had ${checks.length}`,
  );
  return {
    // Last: where there are as many others as one read can look at, it is left out of that.
    checks: fence === null
      ? checks
      : [...checks, { key: fence.key, versionstamp: fence.versionstamp }],
    sets: [...commit.sets ?? [], { key: opKey, value: { v: 1 } }],
    deletes: commit.deletes ?? [],
  };
}
