/** Receivers on this machine, as real ones behave. */

/** What a receiver was sent. */
export interface Received {
  path: string;
  headers: Headers;
  body: string;
}

/** A receiver that keeps what it is sent. */
export interface Receiver extends AsyncDisposable {
  port: number;
  received: Received[];
  /** Resolves once so many messages have come. */
  arrived(count: number): Promise<void>;
}

/** Listens; `answer` decides what each message gets. */
export function createReceiver(
  answer: (received: Received, n: number) => Response | Promise<Response> =
    () => new Response("ok"),
  tls: Partial<Deno.TlsCertifiedKeyPem> = {},
): Receiver {
  const received: Received[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, ...tls },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const one = {
        path: pathname + search,
        headers: request.headers,
        body: await request.text(),
      };
      received.push(one);
      for (const { count, resolve } of waiting) {
        if (received.length >= count) resolve();
      }
      return await answer(one, received.length);
    },
  );
  return {
    port: server.addr.port,
    received,
    arrived(count) {
      if (received.length >= count) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ count, resolve }));
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Listens and says to every connection what it is told to, byte by byte. */
export function createRawReceiver(
  serve: (connection: Deno.Conn) => Promise<void>,
): Disposable & { port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const loop = async () => {
    for await (const connection of listener) {
      open.add(connection);
      void serve(connection).catch(() => {});
    }
  };
  void loop().catch(() => {});
  return {
    port: (listener.addr as Deno.NetAddr).port,
    [Symbol.dispose]() {
      listener.close();
      for (const connection of open) {
        try {
          connection.close();
        } catch {
          // The other side was faster.
        }
      }
    },
  };
}
