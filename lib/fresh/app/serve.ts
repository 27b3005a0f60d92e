/** Binds a server to a port. */
import { log } from "./log.ts";

/** Options of `app.listen()`: those of `Deno.serve()`, all optional. */
export type ListenOptions = Partial<
  Deno.ServeTcpOptions & Deno.TlsCertifiedKeyPem
>;

/** Without a port the first free one of these is taken. */
const DEFAULT_PORT = 8000;
const DEFAULT_PORT_COUNT = 20;

/** Serves `handler` until the server ends. */
export async function serve(
  handler: Deno.ServeHandler<Deno.NetAddr>,
  options: ListenOptions,
): Promise<void> {
  const { port: wanted, ...rest } = options;
  const ports = wanted === undefined
    ? Array.from(
      { length: DEFAULT_PORT_COUNT },
      (_, index) => DEFAULT_PORT + index,
    )
    : [wanted];
  const onListen = ({ hostname, port }: Deno.NetAddr) =>
    log(
      `Listening on http://${
        hostname === "0.0.0.0" ? "localhost" : hostname
      }:${port}/`,
    );
  for (const port of ports) {
    let server: Deno.HttpServer;
    try {
      server = Deno.serve({ onListen, ...rest, port }, handler);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse) || port === ports.at(-1)) {
        throw error;
      }
      continue;
    }
    return await server.finished;
  }
}
