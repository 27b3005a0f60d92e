/** One event of a stream of server-sent events. */
export interface ServerEvent {
  /** Empty where the server gave none. */
  id: string;
  data: string;
}

/** A silent line is given up after this long; the server sends a heartbeat every 15 s. */
const IDLE_LIMIT_MS = 45_000;

/** A frame longer than this is not one of ours. */
const MAX_EVENT_CHARACTERS = 1_000_000;

/**
 * Reads server-sent events until the stream ends.
 *
 * @throws {Error} If the line breaks, stays silent, or sends something else.
 */
export async function* readServerEvents(
  body: ReadableStream<Uint8Array>,
  options: { idleMs?: number } = {},
): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(
    new TextDecoderStream() as TransformStream<Uint8Array, string>,
  ).getReader();
  let buffer = "";
  try {
    for (;;) {
      // deno-lint-ignore no-await-in-loop -- a stream is read in order
      const chunk = await readChunk(reader, options.idleMs ?? IDLE_LIMIT_MS);
      if (chunk === null) return;
      buffer = (buffer + chunk).replaceAll("\r\n", "\n");
      const parts = buffer.split("\n\n");
      buffer = parts.pop() ?? "";
      if (buffer.length > MAX_EVENT_CHARACTERS) {
        throw new Error("the server sent an event without an end");
      }
      for (const part of parts) {
        const event = parseEvent(part);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function readChunk(
  reader: ReadableStreamDefaultReader<string>,
  idleMs: number,
): Promise<string | null> {
  const idle = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => idle.reject(new Error(`nothing came for ${idleMs / 1_000} s`)),
    idleMs,
  );
  try {
    const { done, value } = await Promise.race([reader.read(), idle.promise]);
    return done ? null : value ?? "";
  } finally {
    clearTimeout(timer);
  }
}

function parseEvent(text: string): ServerEvent | null {
  let id = "";
  const data: string[] = [];
  for (const line of text.split("\n")) {
    const match = /^(\w+): ?(.*)$/.exec(line);
    if (match?.[1] === "id") id = match[2]!;
    if (match?.[1] === "data") data.push(match[2]!);
  }
  return data.length === 0 ? null : { id, data: data.join("\n") };
}
