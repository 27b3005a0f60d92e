/** A small HTTP server on loopback that answers a test's requests and keeps them. */

/** A request as the server got it. */
export interface SeenRequest {
  method: string;
  path: string;
  /** Without the question mark. */
  query: string;
  body: string;
  headers: Headers;
}

/** What a path answers: JSON, or a whole response. */
export type Answer = (request: SeenRequest) => unknown;

/** A running server. */
export interface VenueServer extends AsyncDisposable {
  url: string;
  /** Everything that was asked, the oldest first. */
  seen: SeenRequest[];
  /** Answers by method and path, for instance `POST /api/v3/order`; a test may set its own. */
  answers: Record<string, Answer>;
  /** Requests to one path. */
  at(route: string): SeenRequest[];
}

/** Starts a server with the given answers; any other path is a 404. */
export function startVenueServer(
  answers: Record<string, Answer>,
): VenueServer {
  const seen: SeenRequest[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      const one: SeenRequest = {
        method: request.method,
        path: url.pathname,
        query: url.search.slice(1),
        body: await request.text(),
        headers: request.headers,
      };
      seen.push(one);
      const answer = venue.answers[`${one.method} ${one.path}`];
      if (answer === undefined) return new Response("none", { status: 404 });
      const value = await answer(one);
      return value instanceof Response ? value : Response.json(value);
    },
  );
  const venue: VenueServer = {
    url: `http://127.0.0.1:${server.addr.port}`,
    seen,
    answers: { ...answers },
    at: (route) =>
      seen.filter(({ method, path }) => `${method} ${path}` === route),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return venue;
}

/** Parameters of a query or of a form. */
export function paramsOf(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

/** HMAC over a text, by the platform's own cryptography. */
export async function hmac(
  hash: "SHA-256" | "SHA-512",
  secret: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey(
    "raw",
    secret,
    { name: "HMAC", hash },
    false,
    ["sign"],
  );
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
}

/** Bytes of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
