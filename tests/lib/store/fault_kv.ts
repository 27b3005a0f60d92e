import type {
  AtomicWrite,
  KvConnection,
  WriteOutcome,
} from "../../../lib/store/kv/connection.ts";
import { openDenoKv } from "../../../lib/store/kv/deno_kv.ts";

/** What a test does to a commit. `send` commits for real. */
export type CommitFault = (
  write: AtomicWrite,
  send: () => Promise<WriteOutcome>,
) => Promise<WriteOutcome>;

/** A real KV whose commits are recorded and can be made to fail. */
export interface FaultKv {
  kv: KvConnection;
  /** The same database without faults, as another process has it. */
  raw: KvConnection;
  commits: AtomicWrite[];
  /** Runs in place of each commit while it is set. */
  fault: CommitFault | null;
  /** Makes `watch` yield nothing, as a half-open link does. */
  isWatchSilent: boolean;
}

/** Wraps a connection. */
export function createFaultKv(real: KvConnection): FaultKv {
  const state: FaultKv = {
    raw: real,
    commits: [],
    fault: null,
    isWatchSilent: false,
    kv: {
      get: (key) => real.get(key),
      getMany: (wanted) => real.getMany(wanted),
      list: (selector, limits) => real.list(selector, limits),
      close: () => real.close(),
      write: (write) => {
        state.commits.push(write);
        const send = () => real.write(write);
        return state.fault === null ? send() : state.fault(write, send);
      },
      watch: (keys) =>
        state.isWatchSilent ? new ReadableStream() : real.watch(keys),
    },
  };
  return state;
}

/** A store's raw KV over a fresh memory database. */
export async function openFaultKv(): Promise<FaultKv> {
  return createFaultKv(await openDenoKv(":memory:"));
}
