import { AppError } from "../core/errors.ts";
import { BODY_READ_MS, MAX_BODY_BYTES } from "./limits.ts";

/**
 * The same request with a body that fails once it is too large or takes too
 * long: the length that a client gives may be missing or wrong, and who sends a
 * byte a minute would hold a handler for ever. The failure is an AppError with
 * the code BODY_TOO_LARGE or BODY_TOO_SLOW at whoever reads.
 *
 * A request without a body is returned as it is.
 *
 * @throws {AppError} BODY_TOO_LARGE, if the length that is given says so.
 */
export function withBodyLimit(
  request: Request,
  limits: { maxBytes?: number; readMs?: number } = {},
): Request {
  const { maxBytes = MAX_BODY_BYTES, readMs = BODY_READ_MS } = limits;
  const { body } = request;
  if (body === null) return request;
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) {
    void body.cancel().catch(() => {});
    throw bodyTooLarge(maxBytes);
  }
  // Not made from the old one: that would listen to its signal, which fires at every end.
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: limitStream(body, { maxBytes, readMs }),
  });
}

function limitStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { maxBytes, readMs }: { maxBytes: number; readMs: number },
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let bytes = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const give = () => clearTimeout(timer);
  return new ReadableStream({
    start() {
      timer = setTimeout(() => late.reject(tooSlow(readMs)), readMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await Promise.race([
          reader.read(),
          late.promise,
        ]);
        if (done) {
          give();
          controller.close();
          return;
        }
        bytes += value.byteLength;
        if (bytes > maxBytes) throw bodyTooLarge(maxBytes);
        controller.enqueue(value);
      } catch (error) {
        give();
        void reader.cancel().catch(() => {});
        controller.error(error);
      }
    },
    async cancel(reason) {
      give();
      await reader.cancel(reason).catch(() => {});
    },
  }, { highWaterMark: 0 });
}

function bodyTooLarge(maxBytes: number): AppError {
  return new AppError(
    "BODY_TOO_LARGE",
    `The body is larger than ${maxBytes / 1024} KiB; send less`,
    { status: 413 },
  );
}

function tooSlow(readMs: number): AppError {
  return new AppError(
    "BODY_TOO_SLOW",
    `The body had not arrived after ${readMs / 1_000} s; send it at once`,
    { status: 408 },
  );
}
