/** A relay of TCP connections that can cut all of them at once, as a network does. */
export interface CuttableProxy {
  port: number;
  /** Ends every connection in both directions without a farewell to either end. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a relay on a free port of loopback in front of `targetPort`. */
export function startCuttableProxy(targetPort: number): CuttableProxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.TcpConn>();
  const serving = new Set<Promise<void>>();
  const relay = async (client: Deno.TcpConn) => {
    const server = await Deno.connect({
      hostname: "127.0.0.1",
      port: targetPort,
    });
    const both = [client, server];
    for (const connection of both) open.add(connection);
    const end = () => both.forEach((connection) => closeOnce(connection, open));
    // A relay that was cut ends with an error on either side: that is its purpose.
    await Promise.allSettled([
      client.readable.pipeTo(server.writable).finally(end),
      server.readable.pipeTo(client.writable).finally(end),
    ]);
  };
  const accept = async () => {
    for await (const client of listener) {
      const work = relay(client);
      serving.add(work);
      void work.finally(() => serving.delete(work));
    }
  };
  const accepting = accept();
  const cut = () => {
    for (const connection of open) closeOnce(connection, open);
  };
  return {
    port: listener.addr.port,
    cut,
    async close() {
      listener.close();
      await accepting;
      cut();
      await Promise.all(serving);
    },
  };
}

function closeOnce(connection: Deno.TcpConn, open: Set<Deno.TcpConn>): void {
  if (!open.delete(connection)) return;
  try {
    connection.close();
  } catch (error) {
    // Its streams close it when they end.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
