/** What a commit held, as it was sent. */
export interface RecordedCommit {
  checks: Deno.KvKey[];
  sets: { key: Deno.KvKey; value: unknown }[];
  deletes: Deno.KvKey[];
}

/** What a test does to a commit. `send` commits for real. */
export type CommitFault = (
  commit: RecordedCommit,
  send: () => Promise<Deno.KvCommitResult | Deno.KvCommitError>,
) => Promise<Deno.KvCommitResult | Deno.KvCommitError>;

/** A real KV whose commits are recorded and can be made to fail. */
export interface FaultKv {
  kv: Deno.Kv;
  commits: RecordedCommit[];
  /** Runs in place of each commit while it is set. */
  fault: CommitFault | null;
  /** Makes `watch` yield nothing, as a half-open link does. */
  isWatchSilent: boolean;
}

/** Wraps a KV. */
export function createFaultKv(real: Deno.Kv): FaultKv {
  const state: FaultKv = {
    kv: real,
    commits: [],
    fault: null,
    isWatchSilent: false,
  };
  state.kv = new Proxy(real, {
    get(target, name) {
      if (name === "atomic") {
        return () => recordedAtomic(target.atomic(), state);
      }
      if (name === "watch" && state.isWatchSilent) {
        return () => new ReadableStream();
      }
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return state;
}

function recordedAtomic(
  real: Deno.AtomicOperation,
  state: FaultKv,
): Deno.AtomicOperation {
  const commit: RecordedCommit = { checks: [], sets: [], deletes: [] };
  const atomic = {
    check(...checks: Deno.AtomicCheck[]) {
      for (const { key } of checks) commit.checks.push(key);
      real.check(...checks);
      return atomic;
    },
    set(key: Deno.KvKey, value: unknown) {
      commit.sets.push({ key, value });
      real.set(key, value);
      return atomic;
    },
    delete(key: Deno.KvKey) {
      commit.deletes.push(key);
      real.delete(key);
      return atomic;
    },
    commit() {
      state.commits.push(commit);
      const send = () => real.commit();
      return state.fault === null ? send() : state.fault(commit, send);
    },
  };
  return atomic as unknown as Deno.AtomicOperation;
}

/** A store's raw KV over a fresh memory database. */
export async function openFaultKv(): Promise<FaultKv> {
  return createFaultKv(await Deno.openKv(":memory:"));
}
