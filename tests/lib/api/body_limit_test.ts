import assert from "node:assert/strict";
import * as fc from "fast-check";
import { withBodyLimit } from "../../../lib/api/body_limit.ts";
import { AppError } from "../../../lib/core/errors.ts";

function post(body: BodyInit): Request {
  return new Request("http://localhost/x?y", {
    method: "POST",
    body,
    headers: { "x-kept": "yes" },
  });
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "none";
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error.code;
  }
}

Deno.test("withBodyLimit hands on a body up to the limit byte for byte, and not one byte more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 200 }),
      async (chunks, maxBytes) => {
        const stream = ReadableStream.from(chunks as Uint8Array<ArrayBuffer>[]);
        const bytes = chunks.flatMap((chunk) => [...chunk]);
        const limited = withBodyLimit(post(stream), { maxBytes });
        const read = () => limited.arrayBuffer();
        if (bytes.length > maxBytes) {
          assert.equal(await codeOf(read), "BODY_TOO_LARGE");
        } else {
          assert.deepEqual([...new Uint8Array(await read())], bytes);
        }
        assert.equal(limited.headers.get("x-kept"), "yes");
        assert.equal(limited.url, "http://localhost/x?y");
      },
    ),
  );
});

Deno.test("withBodyLimit gives up a body that does not come, and cancels it", async () => {
  const cancelled = Promise.withResolvers<void>();
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => controller.enqueue(new Uint8Array([1])),
    pull: () => new Promise(() => {}),
    cancel: () => cancelled.resolve(),
  });
  const limited = withBodyLimit(post(endless), { readMs: 1 });
  assert.equal(await codeOf(() => limited.text()), "BODY_TOO_SLOW");
  await cancelled.promise;
});

Deno.test("withBodyLimit leaves a request without a body as it is", () => {
  const request = new Request("http://localhost/");
  assert.equal(withBodyLimit(request), request);
});
