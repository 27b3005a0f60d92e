import type {
  ControlFrame,
  StreamEnvelope,
} from "../../lib/contracts/stream.ts";
import { RawConnection, type RawConnectionOptions } from "./raw_connection.ts";

type Frame = StreamEnvelope | ControlFrame;

/** What each event of an SSE stream begins with. */
const DATA = "data: ";
const STAMP = /stamp=([\d.]+)/;

/** Milliseconds since 1970 with a fraction, the same in every process of a machine. */
export function stampMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Where a listener connects, and to which topics it listens. */
export interface ListenTo {
  /** Host and port of a server with `/sse` and `/socket`. */
  url: string;
  kind: "sse" | "socket";
  topics: string;
}

/** What a listener needs of a frame. */
export interface ReadFrame {
  type: Frame["type"];
  seq: number | null;
  isStored: boolean;
  reason: string | null;
  stampMs: number | null;
}

// A thousand listeners get the same text: parsing it once keeps the clients from being what is measured.
let lastText = "";
let lastFrame: ReadFrame;

function readFrame(text: string): ReadFrame {
  if (text === lastText) return lastFrame;
  const frame = JSON.parse(text) as Frame;
  const stamp = STAMP.exec(text);
  lastText = text;
  lastFrame = {
    type: frame.type,
    seq: "seq" in frame ? frame.seq : null,
    isStored: "topic" in frame && frame.seq !== null,
    reason: "reason" in frame ? frame.reason : null,
    stampMs: stamp === null ? null : Number(stamp[1]),
  };
  return lastFrame;
}

/** Which stream, of which user, and who is told of its frames. */
export interface ListenerOptions extends ListenTo {
  user: string;
  onFrame: (frame: ReadFrame) => void;
}

/** One client that reads everything and remembers how far it is. */
export class StreamListener {
  readonly #options: ListenerOptions;
  #cut: () => void = () => {};
  cursor = 0;
  received = 0;
  unordered = 0;
  closedBecause: string | null = null;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Connects and resolves with the greeting. */
  async connect(after: number | null, url?: string): Promise<void> {
    const { kind, topics, user } = this.#options;
    const place = after === null ? "" : `&after=${after}`;
    const address = {
      url: url ?? this.#options.url,
      query: `topics=${topics}&user=${user}${place}`,
      kind,
    };
    const greeted = Promise.withResolvers<void>();
    if (kind === "socket") this.#openSocket(address, greeted);
    else await this.#openSse(address, greeted);
    await greeted.promise;
  }

  cut(): void {
    this.#cut();
  }

  #openSocket(
    { url, query }: RawConnectionOptions,
    greeted: PromiseWithResolvers<void>,
  ): void {
    const socket = new WebSocket(`ws://${url}/socket?${query}`);
    let isCut = false;
    socket.onmessage = ({ data }) => {
      if (!isCut) this.#receive(data, greeted);
    };
    socket.onerror = () =>
      greeted.reject(new Error(`A socket was refused: ${query}`));
    socket.onclose = ({ code }) => {
      if (!isCut) this.closedBecause = `${code} ${this.closedBecause ?? ""}`;
    };
    this.#cut = () => {
      isCut = true;
      socket.close();
    };
  }

  async #openSse(
    address: RawConnectionOptions,
    greeted: PromiseWithResolvers<void>,
  ): Promise<void> {
    // By hand: `fetch` and its decoder would take more time than the server.
    const connection = await RawConnection.open(address);
    let isCut = false;
    this.#cut = () => {
      isCut = true;
      connection.close();
    };
    void this.#readSse(connection, greeted).catch((error) => {
      if (isCut) return;
      this.closedBecause ??= "the connection was lost";
      greeted.reject(error);
    });
  }

  async #readSse(
    connection: RawConnection,
    greeted: PromiseWithResolvers<void>,
  ): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    let bytes: Uint8Array | null = connection.first;
    while (bytes !== null) {
      rest += decoder.decode(bytes, { stream: true });
      let start = rest.indexOf(DATA);
      let end = rest.indexOf("\n\n", start);
      while (start !== -1 && end !== -1) {
        this.#receive(rest.slice(start + DATA.length, end), greeted);
        rest = rest.slice(end);
        start = rest.indexOf(DATA);
        end = rest.indexOf("\n\n", start);
      }
      // deno-lint-ignore no-await-in-loop -- bytes come one chunk after another
      bytes = await connection.read();
    }
    this.closedBecause ??= "ended";
  }

  #receive(text: string, greeted: PromiseWithResolvers<void>): void {
    const frame = readFrame(text);
    if (frame.isStored) {
      this.received++;
      if (frame.seq! <= this.cursor) this.unordered++;
    }
    if (frame.type === "closing") this.closedBecause = frame.reason;
    // A greeting and a heartbeat say that everything up to there was sent.
    this.cursor = Math.max(this.cursor, frame.seq ?? 0);
    if (frame.type === "hello") greeted.resolve();
    this.#options.onFrame(frame);
  }
}
