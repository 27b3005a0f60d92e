/** Which stream a connection asks for. */
export interface RawConnectionOptions {
  /** Host and port of a server with `/sse` and `/socket`. */
  url: string;
  kind: "sse" | "socket";
  query: string;
}

const READ_BYTES = 64 * 1024;
const MEDIUM_LENGTH = 126;
const LONG_LENGTH = 127;
const CLOSE = 8;

/**
 * A stream asked for by hand over TCP. It reads only when it is told to: neither
 * `fetch` nor `WebSocket` can stop reading, so a client that is stuck needs this.
 */
export class RawConnection {
  readonly #connection: Deno.TcpConn;
  readonly #kind: "sse" | "socket";
  readonly #buffer = new Uint8Array(READ_BYTES);
  /** Begins with the head of the response. */
  readonly #chunks: Uint8Array[] = [];

  private constructor(connection: Deno.TcpConn, kind: "sse" | "socket") {
    this.#connection = connection;
    this.#kind = kind;
  }

  /** Sends the request and reads the first bytes of the answer: the server knows of the connection then. */
  static async open(options: RawConnectionOptions): Promise<RawConnection> {
    const { url, kind, query } = options;
    const [hostname, port] = url.split(":") as [string, string];
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const upgrade = [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    const request = [
      `GET /${kind}?${query} HTTP/1.1`,
      `Host: ${url}`,
      ...(kind === "socket" ? upgrade : []),
      "\r\n",
    ].join("\r\n");
    await connection.write(new TextEncoder().encode(request));
    const raw = new RawConnection(connection, kind);
    const first = await raw.read();
    if (first !== null) raw.#chunks.push(first.slice());
    return raw;
  }

  /** Status code of the answer. */
  get status(): number {
    const head = new TextDecoder().decode(concat(this.#chunks));
    return Number(/^HTTP\/1.1 (\d+)/.exec(head)?.[1]);
  }

  /** What came first. */
  get first(): Uint8Array {
    return concat(this.#chunks);
  }

  /** The bytes that have come, valid until the next call; null at the end. */
  async read(): Promise<Uint8Array | null> {
    const count = await this.#connection.read(this.#buffer);
    return count === null ? null : this.#buffer.subarray(0, count);
  }

  /** Reads at last, to the end: the reason and, of a socket, the close code it was told. */
  async lastWords(): Promise<string> {
    const chunks = this.#chunks;
    const words = () =>
      this.#kind === "socket" ? readSocketEnd(chunks) : readSseEnd(chunks);
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- bytes come one chunk after another
      const bytes = await this.read().catch(() => null);
      if (bytes === null) return words();
      chunks.push(bytes.slice());
      // The end of a response is an empty chunk; the server keeps the connection.
      if (this.#kind === "sse" && endsWith(chunks.at(-1)!, "0\r\n\r\n")) {
        return words();
      }
      if (this.#kind === "socket" && bytes.length < READ_BYTES) {
        const said = words();
        if (said !== "") return said;
      }
    }
  }

  /** Leaves. */
  close(): void {
    try {
      this.#connection.close();
    } catch (error) {
      // The server may have closed it.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

function endsWith(bytes: Uint8Array, text: string): boolean {
  return new TextDecoder().decode(bytes.subarray(-text.length)) === text;
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(
    chunks.reduce((sum, { byteLength }) => sum + byteLength, 0),
  );
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}

/** The `closing` frame of an event stream, or what else it ended with. */
function readSseEnd(chunks: readonly Uint8Array[]): string {
  const text = new TextDecoder().decode(concat(chunks));
  return /"type":"closing","reason":"([^"]*)"/.exec(text)?.[1] ?? "ended";
}

/** Code and reason of the close frame, or nothing if it has not come. */
function readSocketEnd(chunks: readonly Uint8Array[]): string {
  const all = concat(chunks);
  const decoder = new TextDecoder();
  const head = decoder.decode(all.subarray(0, 1_024)).indexOf("\r\n\r\n");
  const view = new DataView(all.buffer);
  let offset = head + 4;
  while (offset + 2 <= all.byteLength) {
    const opcode = all[offset]! & 0x0f;
    let length = all[offset + 1]! & 0x7f;
    offset += 2;
    if (length === MEDIUM_LENGTH) {
      length = view.getUint16(offset);
      offset += 2;
    } else if (length === LONG_LENGTH) {
      length = Number(view.getBigUint64(offset));
      offset += 8;
    }
    if (opcode === CLOSE) {
      const reason = decoder.decode(all.subarray(offset + 2, offset + length));
      return `${view.getUint16(offset)} ${reason}`;
    }
    offset += length;
  }
  return "";
}
