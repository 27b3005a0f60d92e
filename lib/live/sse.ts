import type { LiveClient, Transport } from "./client.ts";
import { encodeText, type Frame, toControlFrame } from "./frames/frames.ts";
import { SSE_RETRY_MS } from "./limits.ts";

/**
 * Connects a client to an SSE response. The stream has no buffer of its own:
 * a chunk is made when the server asks for one, so what the client does not
 * read waits in the client's bounded queue.
 */
export function openSse(client: LiveClient): Response {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isAsked = false;
  let isOpen = true;
  const send = (bytes: Uint8Array) => {
    isAsked = false;
    controller.enqueue(bytes);
  };
  const leave = () => {
    isOpen = false;
    client.leave();
  };
  const end = () => {
    if (isOpen) controller.close();
    leave();
  };
  const transport: Transport = {
    isReady: () => isOpen && isAsked,
    write: (frames) => send(toBytes(frames)),
    bufferedBytes: () => 0,
    finish: end,
    // The stream holds nothing else, so this frees all but what the kernel holds.
    kill: (reason) => {
      if (isOpen) send(toControlFrame({ v: 1, type: "closing", reason }).sse());
      end();
    },
  };
  let isFirst = true;
  const body = new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
    },
    pull: () => {
      isAsked = true;
      if (isFirst) {
        isFirst = false;
        send(encodeText(`retry: ${SSE_RETRY_MS}\n\n`));
      } else {
        client.flush();
      }
    },
    // Not `request.signal`: Deno aborts that after a good answer, too.
    cancel: leave,
  }, { highWaterMark: 0 });
  client.attach(transport);
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // Without no-transform a proxy, and Deno itself, may compress and so hold back events.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
      "x-content-type-options": "nosniff",
    },
  });
}

/** What many clients get together is put together once. */
const joinedBytes = new WeakMap<readonly Frame[], Uint8Array>();

function toBytes(frames: readonly Frame[]): Uint8Array {
  if (frames.length === 1) return frames[0]!.sse();
  const known = joinedBytes.get(frames);
  if (known !== undefined) return known;
  const joined = join(frames);
  joinedBytes.set(frames, joined);
  return joined;
}

function join(frames: readonly Frame[]): Uint8Array {
  const parts = frames.map((frame) => frame.sse());
  const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.byteLength;
  }
  return joined;
}
