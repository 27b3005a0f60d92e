import assert from "node:assert/strict";
import { App } from "fresh";
import { ask } from "./helpers.ts";

Deno.test("Context redirect() folds slashes, which would name another origin", async () => {
  const app = new App<unknown>()
    .get("/go", (ctx) => ctx.redirect(ctx.url.searchParams.get("to")!, 303));
  const cases = {
    "/a/b?next=//x#y": "/a/b?next=//x#y",
    "//evil.example/x": "/evil.example/x",
    "/\\evil.example": "/evil.example",
    "https://other.example/": "https://other.example/",
  };
  for (const [to, location] of Object.entries(cases)) {
    const answer = await ask(app, `/go?to=${encodeURIComponent(to)}`);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get("location"), location);
  }
});

Deno.test("Context answers with text, HTML, JSON and streams", async () => {
  const app = new App<unknown>()
    .get("/text", (ctx) => ctx.text("t"))
    .get("/html", (ctx) => ctx.html("<p>"))
    .get("/json", (ctx) => ctx.json({ a: 1 }, { status: 201 }))
    .get("/stream", (ctx) =>
      ctx.stream(function* () {
        yield "a";
        yield new Uint8Array([98]);
      }));
  const type = async (path: string) =>
    (await ask(app, path)).headers.get("content-type");
  assert.equal(await type("/text"), "text/plain; charset=utf-8");
  assert.equal(await type("/html"), "text/html; charset=utf-8");
  assert.equal((await ask(app, "/json")).text, '{"a":1}');
  assert.equal((await ask(app, "/json")).status, 201);
  assert.equal((await ask(app, "/stream")).text, "ab");
});

Deno.test("Context upgrade() refuses a request that asks for none", async () => {
  const app = new App<unknown>().ws("/ws", {});
  const answer = await ask(app, "/ws");
  assert.equal(answer.status, 400);
  assert.equal(answer.text, "Expected a WebSocket upgrade request");
});
