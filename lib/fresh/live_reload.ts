/** Live reload: a stream of events that name the state of the project. */
import { log } from "./log.ts";

/** The URL path of the events. */
export const RELOAD_PATH = "/_fresh/reload";

/**
 * Makes a function that answers with the events. A page reloads when the name changes: after a
 * change of a static file, and when a restarted server with a new name takes its connection.
 *
 * @param directory The directory to watch.
 * @param onChange Runs before pages are told.
 */
export function createReload(
  directory: string,
  onChange: () => Promise<void>,
): () => Response {
  const clients = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  const message = () => encoder.encode(`retry: 200\ndata: ${name}\n\n`);
  let name = crypto.randomUUID();

  watch(directory, async () => {
    await onChange();
    name = crypto.randomUUID();
    for (const client of clients) client.enqueue(message());
  }).catch((error) => log(`Cannot watch "${directory}"`, error));

  return () => {
    let client: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        client = controller;
        clients.add(client);
        client.enqueue(message());
      },
      cancel() {
        clients.delete(client);
      },
    });
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
      },
    });
  };
}

async function watch(
  directory: string,
  onChange: () => Promise<void>,
): Promise<void> {
  try {
    for await (const event of Deno.watchFs(directory)) {
      if (event.kind !== "access") await onChange();
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
