import type { TimeSource } from "../../../lib/core/time.ts";
import type {
  ControlFrame,
  StreamEnvelope,
} from "../../../lib/contracts/stream.ts";
import { createLiveHub } from "../../../lib/live/hub.ts";
import type { LiveHub } from "../../../lib/live/port.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import { HEARTBEAT_MS } from "../../../lib/live/limits.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { ManualTime, systemTime } from "../store/support.ts";

/** One frame as a client reads it. */
export type Frame = StreamEnvelope | ControlFrame;

/** A store, a hub and a real server around one test. */
export interface Setup {
  store: OpenedStore;
  hub: LiveHub;
  url: string;
  /** What `isStillAllowed` answers. */
  allowed: { answer: () => Promise<boolean> };
}

/** Runs a test against a real server. `/sse` and `/socket` take `topics`, `after` and `user`. */
export async function withHub(
  test: (setup: Setup) => Promise<void>,
  options: {
    time?: TimeSource;
    retention?: Record<string, number>;
    /** Fills the store before the hub starts, as an earlier process did. */
    prepare?: (store: OpenedStore) => Promise<void>;
  } = {},
): Promise<void> {
  const { retention = {}, time = systemTime } = options;
  const store = await openStore({
    path: ":memory:",
    time: systemTime,
    retention,
  });
  await options.prepare?.(store);
  const hub = createLiveHub({ events: store.events, time });
  const allowed = { answer: () => Promise.resolve(true) };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answerStream(request, { hub, allowed }),
  );
  const url = `127.0.0.1:${server.addr.port}`;
  try {
    await test({ store, hub, url, allowed });
  } finally {
    const closed = hub.close("The test is over");
    // Time that stands still would keep a client that does not read for ever.
    if (time instanceof ManualTime) time.advance(5_000);
    await closed;
    await server.shutdown();
    await store.close();
  }
}

/** Answers `/sse` and `/socket` with their streams; `topics`, `after` and `user` come from the query. */
export function answerStream(
  request: Request,
  { hub, allowed }: {
    hub: LiveHub;
    allowed?: { answer: () => Promise<boolean> };
  },
): Response {
  const { pathname, searchParams } = new URL(request.url);
  const after = searchParams.get("after");
  const stream = {
    request,
    userId: searchParams.get("user") ?? "usr_1",
    topics: searchParams.get("topics")?.split(",") ?? [],
    after: after === null ? null : Number(after),
    isStillAllowed: () => allowed?.answer() ?? Promise.resolve(true),
  };
  try {
    if (pathname === "/ticket") {
      return hub.socketByTicket({ request, address: "192.0.2.1" });
    }
    return pathname === "/sse" ? hub.sse(stream) : hub.socket(stream);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return new Response(error.message, { status: error.status });
  }
}

/** A client that reads SSE as a browser does, but shows control frames too. */
export class SseClient {
  readonly #abort = new AbortController();
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";
  /** Last `id:` seen, which a browser sends when it reconnects. */
  lastId: string | null = null;

  private constructor(body: ReadableStream<string>, abort: AbortController) {
    this.#reader = body.getReader();
    this.#abort = abort;
  }

  /** Connects. */
  static async open(
    url: string,
    options: { query?: string; lastEventId?: string | null } = {},
  ): Promise<SseClient> {
    const abort = new AbortController();
    const headers: Record<string, string> = {};
    if (options.lastEventId) headers["last-event-id"] = options.lastEventId;
    const response = await fetch(`http://${url}/sse?${options.query ?? ""}`, {
      headers,
      signal: abort.signal,
    });
    if (!response.ok) {
      throw new AppError("TEST", await response.text(), {
        status: response.status,
      });
    }
    const text = response.body!.pipeThrough(new TextDecoderStream());
    const client = new SseClient(text, abort);
    // A browser keeps the id of its last event over a connection without any.
    client.lastId = options.lastEventId ?? null;
    return client;
  }

  /** The next frame, or null at the end of the stream. */
  async next(): Promise<Frame | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end !== -1) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const data = /^data: (.*)$/m.exec(block);
        if (data === null) continue;
        this.lastId = /^id: (\d+)$/m.exec(block)?.[1] ?? this.lastId;
        return JSON.parse(data[1]!);
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += value;
    }
  }

  /** The next frame that `isWanted`. */
  async until(isWanted: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const frame = await this.next();
      if (frame === null) {
        throw new Error("The stream ended before the frame came");
      }
      if (isWanted(frame)) return frame;
    }
  }

  /** Moves time on by a minute while it listens, as a page that is open does. */
  async listenForAMinute(time: ManualTime): Promise<void> {
    for (let beat = 0; beat < 4; beat++) {
      time.advance(HEARTBEAT_MS);
      await this.until(({ type }) => type === "heartbeat");
    }
  }

  /** The reason of the `closing` frame, when it has come. */
  async lastWords(): Promise<string> {
    const frame = await this.until(({ type }) => type === "closing");
    return (frame as { reason: string }).reason;
  }

  /** Leaves without a word, as a closed tab does. */
  async leave(): Promise<void> {
    this.#abort.abort();
    await this.#reader.cancel().catch(() => {});
  }
}

/** A WebSocket client that keeps frames until they are read. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly closed: Promise<CloseEvent>;
  readonly #frames: Frame[] = [];
  #wake: (() => void) | null = null;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      this.#frames.push(JSON.parse(data));
      this.#wake?.();
    };
    this.closed = new Promise((resolve) => socket.onclose = resolve);
    void this.closed.then(() => this.#wake?.());
  }

  /** Connects. */
  static async open(
    url: string,
    query = "",
    path = "socket",
  ): Promise<SocketClient> {
    const client = new SocketClient(
      new WebSocket(`ws://${url}/${path}?${query}`),
    );
    await new Promise((resolve, reject) => {
      client.socket.onopen = resolve;
      client.socket.onerror = reject;
    });
    return client;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** The next frame, or null after the close. */
  async next(): Promise<Frame | null> {
    while (this.#frames.length === 0) {
      if (this.socket.readyState === WebSocket.CLOSED) return null;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.#frames.shift()!;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** Opens a stream as soon as the hub has heard that older ones are gone. */
export async function untilAccepted<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch {
      // The ends of the older ones are on their way.
    }
  }
}
