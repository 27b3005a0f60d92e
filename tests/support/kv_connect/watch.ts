import type { MemoryDatabase } from "./database.ts";
import { decodeWatch, encodeWatchFrame } from "./messages.ts";

/** Sends the watched keys now and after each write, until the client goes. */
export function watchStream(
  database: MemoryDatabase,
  body: Uint8Array,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const keys = decodeWatch(body);
  let isDue = true;
  let wake = () => {};
  const listening = database.listen(() => {
    isDue = true;
    wake();
  });
  return new ReadableStream({
    async pull(controller) {
      // Several writes while the client is slow are told as one.
      if (!isDue) await new Promise<void>((resolve) => wake = resolve);
      isDue = false;
      controller.enqueue(
        encodeWatchFrame(keys.map((key) => database.get(key))),
      );
    },
    cancel() {
      listening.close();
      wake();
    },
  });
}

/** Accepts a watch and never tells anything, as a half-open link does. */
export function silentStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ pull: () => new Promise(() => {}) });
}
