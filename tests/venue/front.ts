/**
 * The venue's door: a TCP relay before the HTTP server. A server of Deno cannot
 * cut the connection of a request without an answer; a relay can.
 *
 * @module
 */

interface Passage {
  outside: Deno.TcpConn;
  inside: Deno.TcpConn;
}

/** Relays connections and cuts them when asked. */
export class Front {
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #insidePort: number;
  /** By the local port of the inner connection, which the HTTP server sees as its client's. */
  readonly #passages = new Map<number, Passage>();
  readonly #running = new Set<Promise<void>>();

  constructor(options: { port: number; insidePort: number }) {
    this.#insidePort = options.insidePort;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: options.port });
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    this.#track(this.#accept());
  }

  /** The address of the client behind a connection. */
  addressOf(insideClientPort: number): string {
    const passage = this.#passages.get(insideClientPort);
    const address = passage?.outside.remoteAddr as Deno.NetAddr | undefined;
    return address?.hostname ?? "127.0.0.1";
  }

  /** Cuts a connection without a word. */
  cut(insideClientPort: number): void {
    const passage = this.#passages.get(insideClientPort);
    if (passage !== undefined) closeBoth(passage);
  }

  async close(): Promise<void> {
    this.#listener.close();
    for (const passage of this.#passages.values()) closeBoth(passage);
    await Promise.all(this.#running);
  }

  async #accept(): Promise<void> {
    for await (const outside of this.#listener) {
      this.#track(this.#relay(outside));
    }
  }

  async #relay(outside: Deno.TcpConn): Promise<void> {
    const inside = await Deno.connect({
      hostname: "127.0.0.1",
      port: this.#insidePort,
    }).catch(() => null);
    if (inside === null) return outside.close();
    const passage = { outside, inside };
    try {
      outside.setNoDelay();
      inside.setNoDelay();
    } catch {
      // The client is gone already.
      return closeBoth(passage);
    }
    const port = (inside.localAddr as Deno.NetAddr).port;
    this.#passages.set(port, passage);
    await Promise.all([pump(outside, inside), pump(inside, outside)]);
    this.#passages.delete(port);
    closeBoth(passage);
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}

/** Copies until one side ends; then the other learns of it. */
async function pump(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  try {
    await from.readable.pipeTo(to.writable, { preventClose: true });
    await to.closeWrite();
  } catch {
    // One of them was cut: so is the other.
    closeBoth({ outside: from, inside: to });
  }
}

function closeBoth(passage: Passage): void {
  for (const connection of [passage.outside, passage.inside]) {
    try {
      connection.close();
    } catch {
      // Closed already.
    }
  }
}
