/**
 * A KV Connect server on loopback with faults on order, so that the store can
 * be tested against the real client of Deno over a real socket.
 *
 * @module
 */
import { startCuttableProxy } from "./cuttable_proxy.ts";
import { MemoryDatabase } from "./database.ts";
import {
  decodeAtomicWrite,
  decodeSnapshotRead,
  encodeAtomicWrite,
  encodeSnapshotRead,
} from "./messages.ts";
import { silentStream, watchStream } from "./watch.ts";

/** Token of the server; a client takes it from the environment. */
export const KV_CONNECT_TOKEN = "a-token-of-tests-only";

/** What a request is about. */
export type RequestKind = "read" | "write" | "watch";

/** What can go wrong with a request, and what then happens. */
export const KV_CONNECT_FAULTS = {
  cut: "done, but every connection of the client is cut before it is told",
  torn: "done, but the answer breaks off, so that the client cannot read it",
  lost_ack: "done, but answered with 500",
  error: "not done, and answered with 500",
  hang: "not done and never answered",
  late: "done and answered only after later requests were",
  conflict: "somebody else writes what is checked just before",
  silent: "a watch that is accepted and never tells anything",
} as const;
export type KvConnectFault = keyof typeof KV_CONNECT_FAULTS;

/** Requests that overtake a late one. */
const LATE_REQUESTS = 5;
/** The client sends again 200 to 303 ms after a failure; when nothing came for longer, nothing will. */
const RESEND_WITHIN_MS = 600;

/** A field of bytes whose length is missing. */
const TORN_MESSAGE = new Uint8Array([10]);

/** A request as it came. */
export interface SeenRequest {
  kind: RequestKind;
  body: Uint8Array;
}

/** A running server. */
export interface KvConnectServer {
  /** For `Deno.openKv`, which also wants `DENO_KV_ACCESS_TOKEN`. */
  url: string;
  database: MemoryDatabase;
  /** Decides the fault of each request; null lets all through. */
  fault: ((kind: RequestKind) => KvConnectFault | null) | null;
  /** Requests so far, in order of arrival. */
  requests: readonly SeenRequest[];
  /** How often each fault struck. */
  faults: ReadonlyMap<KvConnectFault, number>;
  /** Refuses everything, waits until no call of a client is under way, and ends. */
  close(): Promise<void>;
}

/** Starts a server and lets `Deno.openKv` of this process know its token. What runs for long keeps no requests. */
export function startKvConnectServer(
  { keepsRequests = true, dataHost = null }: {
    keepsRequests?: boolean;
    /** Another name of this machine, by which the metadata name the data. */
    dataHost?: string | null;
  } = {},
): KvConnectServer {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", KV_CONNECT_TOKEN);
  return new Server(keepsRequests, dataHost);
}

const ENDPOINTS: Readonly<Record<string, RequestKind>> = {
  "/v3/snapshot_read": "read",
  "/v3/atomic_write": "write",
  "/v3/watch": "watch",
};

class Server implements KvConnectServer {
  readonly database = new MemoryDatabase();
  readonly requests: SeenRequest[] = [];
  readonly faults = new Map<KvConnectFault, number>();
  fault: KvConnectServer["fault"] = null;
  readonly url: string;
  readonly #abort = new AbortController();
  readonly #http: Deno.HttpServer<Deno.NetAddr>;
  readonly #proxy: ReturnType<typeof startCuttableProxy>;
  /** Requests that wait, and what lets them go on. */
  readonly #held = new Set<{ dueAt: number; release: () => void }>();
  #isClosing = false;
  #onRequest = () => {};
  readonly #keepsRequests: boolean;
  readonly #dataHost: string | null;

  constructor(keepsRequests: boolean, dataHost: string | null) {
    this.#keepsRequests = keepsRequests;
    this.#dataHost = dataHost;
    this.#http = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      signal: this.#abort.signal,
    }, (request) => this.#serve(request));
    // Only what stands in the middle can cut a connection under an answer.
    this.#proxy = startCuttableProxy(this.#http.addr.port);
    this.url = `http://127.0.0.1:${this.#proxy.port}/`;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const held of this.#held) held.release();
    await this.#quiet();
    await this.#proxy.close();
    this.#abort.abort();
    await this.#http.finished;
  }

  #metadata(): Response {
    const hourMs = 3_600_000;
    const origin = this.#dataHost === null
      ? ""
      : `http://${this.#dataHost}:${this.#proxy.port}`;
    return Response.json({
      version: 3,
      databaseId: "00000000-0000-4000-8000-000000000001",
      endpoints: [{ url: `${origin}/v3`, consistency: "strong" }],
      token: KV_CONNECT_TOKEN,
      expiresAt: new Date(Date.now() + hourMs).toISOString(),
    });
  }

  async #serve(request: Request): Promise<Response> {
    this.#onRequest();
    const authorization = request.headers.get("authorization");
    if (authorization !== `Bearer ${KV_CONNECT_TOKEN}`) {
      return new Response("Wrong token", { status: 401 });
    }
    const { pathname } = new URL(request.url);
    if (pathname === "/") return this.#metadata();
    const kind = ENDPOINTS[pathname];
    if (kind === undefined) {
      return new Response("No such path", { status: 404 });
    }
    const body = await request.bytes().catch(() => null);
    // The connection was cut while the request was still on its way.
    if (body === null) return new Response("Cut off", { status: 500 });
    if (this.#isClosing) return refusal();
    if (this.#keepsRequests) this.requests.push({ kind, body });
    this.#releaseDue();
    const fault = this.fault?.(kind) ?? null;
    if (fault !== null) {
      this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
    }
    if (kind !== "watch") return await this.#answer(kind, { body, fault });
    return new Response(
      fault === "silent" ? silentStream() : watchStream(this.database, body),
    );
  }

  async #answer(
    kind: "read" | "write",
    call: { body: Uint8Array; fault: KvConnectFault | null },
  ): Promise<Response> {
    const { body, fault } = call;
    switch (fault) {
      case "error":
        return new Response("Failed on order", { status: 500 });
      case "lost_ack":
        this.#do(kind, body);
        return new Response("Done, but not told", { status: 500 });
      case "cut":
        this.#do(kind, body);
        this.#proxy.cut();
        break;
      case "torn":
        this.#do(kind, body);
        return protobuf(TORN_MESSAGE);
      case "hang":
        await this.#hold(Infinity);
        return refusal();
      case "late":
        await this.#hold(this.requests.length + LATE_REQUESTS);
        break;
      case "conflict":
        if (kind === "write") this.#touchChecked(body);
    }
    return protobuf(this.#do(kind, body));
  }

  #do(kind: "read" | "write", body: Uint8Array): Uint8Array<ArrayBuffer> {
    const { database } = this;
    return kind === "write"
      ? encodeAtomicWrite(database.write(decodeAtomicWrite(body)))
      : encodeSnapshotRead(
        decodeSnapshotRead(body).map((range) => database.read(range)),
      );
  }

  /** Gives what a write checks a new versionstamp: a check that fails without one would be a lie. */
  #touchChecked(body: Uint8Array): void {
    const mutations = decodeAtomicWrite(body).checks.flatMap(({ key }) => {
      const entry = this.database.get(key);
      return entry === null ? [] : [{ kind: "set" as const, ...entry }];
    });
    this.database.write({ checks: [], mutations });
  }

  #hold(dueAt: number): Promise<void> {
    return new Promise((resolve) => {
      const held = {
        dueAt,
        release: () => {
          this.#held.delete(held);
          resolve();
        },
      };
      this.#held.add(held);
    });
  }

  #releaseDue(): void {
    for (const held of this.#held) {
      if (held.dueAt <= this.requests.length) held.release();
    }
  }

  /** A call that failed on order goes on in the client, even of a closed KV, until it is refused for good. */
  #quiet(): Promise<void> {
    if (this.faults.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, RESEND_WITHIN_MS);
      this.#onRequest = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, RESEND_WITHIN_MS);
      };
    });
  }
}

function protobuf(body: Uint8Array<ArrayBuffer>): Response {
  return new Response(body, {
    headers: { "content-type": "application/x-protobuf" },
  });
}

/** Ends the client's attempts; a failure would only make it send again. */
function refusal(): Response {
  return new Response("The server is closing", { status: 403 });
}
