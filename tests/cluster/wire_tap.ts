/**
 * Stands between one process and the KV server and reads every write that the
 * server has done, with the versionstamp that it gave: what happened in which
 * order is then known from the store itself and not from anybody's clock.
 *
 * @module
 */
import {
  decodeAtomicWrite,
  type Mutation,
} from "../support/kv_connect/messages.ts";
import {
  bytesOf,
  numberOf,
  readFields,
} from "../support/kv_connect/protobuf.ts";

/** A write that was done. */
export interface DoneWrite {
  /** Hexadecimal; sorts by the order of the commits. */
  stamp: string;
  mutations: readonly Mutation[];
  /** When its answer came, by the monotonic clock. */
  atMs: number;
}

/** A way to the KV server that is listened to. */
export interface WireTap {
  port: number;
  close(): Promise<void>;
}

const DONE = 1;

/** Opens one; `onWrite` is told of each write that was done, in the order of the answers. */
export function openWireTap(
  kvUrl: string,
  onWrite: (write: DoneWrite) => void,
): WireTap {
  const abort = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    // Whoever asked was killed or cut off in the middle: nobody waits for this.
    onError: () => new Response(null, { status: 502 }),
    signal: abort.signal,
  }, async (request) => {
    const { pathname } = new URL(request.url);
    const body = request.method === "POST" ? await request.bytes() : null;
    const answer = await fetch(new URL(pathname, kvUrl), {
      method: request.method,
      headers: headersOf(request),
      body,
      signal: abort.signal,
    });
    if (body === null || !pathname.endsWith("/atomic_write") || !answer.ok) {
      return new Response(answer.body, answer);
    }
    const output = await answer.bytes();
    const atMs = performance.now();
    const fields = readFields(output);
    if (numberOf(fields, 1) === DONE) {
      const stamp = bytesOf(fields, 2).toHex();
      onWrite({ stamp, mutations: decodeAtomicWrite(body).mutations, atMs });
    }
    return new Response(output, answer);
  });
  return {
    port: server.addr.port,
    // Whoever was connected has ended; a watch that still streams would keep a shutdown waiting.
    close() {
      abort.abort();
      return server.finished;
    },
  };
}

/** What the client says of itself; the connection is another one. */
function headersOf({ headers }: Request): Headers {
  const passed = new Headers(headers);
  for (const name of ["host", "connection", "content-length"]) {
    passed.delete(name);
  }
  return passed;
}
