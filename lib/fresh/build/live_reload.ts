/** Live reload: a stream of events that name the state of the project. */

/** The URL path of the events. */
export const RELOAD_PATH = "/_fresh/reload";

/** How soon a page asks again after the server has gone. */
const RETRY_MS = 200;

/**
 * Pages that wait for a change. A page reloads when the name that it is told
 * changes: after `notify()`, and when a restarted server, which has another
 * name, takes its connection.
 */
export class LiveReload {
  readonly #pages = new Set<ReadableStreamDefaultController<string>>();
  #name: string = crypto.randomUUID();

  /** Answers a page with the stream of events. */
  respond(): Response {
    let page: ReadableStreamDefaultController<string>;
    const events = new ReadableStream<string>({
      start: (controller) => {
        page = controller;
        this.#pages.add(page);
        page.enqueue(this.#event());
      },
      cancel: () => {
        this.#pages.delete(page);
      },
    });
    return new Response(events.pipeThrough(new TextEncoderStream()), {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
      },
    });
  }

  /** Makes all pages reload. */
  notify(): void {
    this.#name = crypto.randomUUID();
    for (const page of this.#pages) page.enqueue(this.#event());
  }

  #event(): string {
    return `retry: ${RETRY_MS}\ndata: ${this.#name}\n\n`;
  }
}

/**
 * Calls `onChange` after each change in `directory`, one call at a time.
 *
 * @param directory What to watch; nothing happens when it does not exist.
 * @param signal Ends the watch.
 */
export async function watchDirectory(
  directory: string,
  { onChange, signal }: {
    onChange: () => Promise<void>;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  try {
    using watcher = Deno.watchFs(directory);
    signal?.addEventListener("abort", () => watcher.close(), { once: true });
    for await (const event of watcher) {
      if (event.kind !== "access") await onChange();
    }
  } catch (error) {
    const isExpected = error instanceof Deno.errors.NotFound ||
      signal?.aborted === true;
    if (!isExpected) throw error;
  }
}
