import assert from "node:assert/strict";
import { App, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import { ask } from "./helpers.ts";

/** An app over a temporary project with a few static files. */
async function staticApp(mode: "development" | "production" = "production") {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/static/img dir`, { recursive: true });
  await Deno.writeTextFile(`${root}/static/a.css`, "p{}");
  await Deno.writeTextFile(`${root}/static/img dir/ü.svg`, "<svg/>");
  await Deno.writeTextFile(`${root}/secret.txt`, "secret");
  await Deno.symlink(`${root}/secret.txt`, `${root}/static/link.txt`);
  const app = new App<unknown>().use(staticFiles()).get(
    "/page",
    (ctx) => ctx.text("page"),
  );
  const build = await new Builder({ root }).build({ mode, snapshot: "memory" });
  build(app);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(root, { recursive: true }));
  const cleanUp = stack.move();
  return { app, [Symbol.asyncDispose]: () => cleanUp.disposeAsync() };
}

Deno.test("staticFiles() serves type, length and a weak ETag, and answers 304", async () => {
  await using fixture = await staticApp();
  const { status, headers, text } = await ask(fixture.app, "/a.css");
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/css; charset=utf-8");
  assert.equal(headers.get("content-length"), "3");
  assert.equal(headers.get("cache-control"), "no-cache");
  assert.equal(text, "p{}");
  const etag = headers.get("etag")!;
  assert.match(etag, /^W\/"[0-9a-f]{16}"$/);
  for (const tag of [etag, etag.slice(2), `"x", ${etag}`, "*"]) {
    const init = { headers: { "if-none-match": tag } };
    assert.equal((await ask(fixture.app, "/a.css", init)).status, 304);
  }
  const stale = { headers: { "if-none-match": '"x"' } };
  assert.equal((await ask(fixture.app, "/a.css", stale)).status, 200);
});

Deno.test("staticFiles() decodes names and passes on what it does not have", async () => {
  await using fixture = await staticApp();
  const image = await ask(fixture.app, "/img%20dir/%C3%BC.svg");
  assert.equal(image.headers.get("content-type"), "image/svg+xml");
  assert.equal((await ask(fixture.app, "/page")).text, "page");
  assert.equal((await ask(fixture.app, "/missing.css")).status, 404);
});

Deno.test("staticFiles() serves nothing from outside of the directory", async () => {
  await using fixture = await staticApp();
  const paths = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%5csecret.txt",
    "/img%20dir/..%2f..%2fsecret.txt",
    "/link.txt",
    "//secret.txt",
    "/%ff",
    "/__proto__",
  ];
  for (const path of paths) {
    assert.equal((await ask(fixture.app, path)).status, 404, path);
  }
});

Deno.test("staticFiles() keeps keyed URLs for ever and redirects old keys", async () => {
  await using fixture = await staticApp();
  const { app } = fixture;
  const { asset } = await import("fresh/runtime");
  await ask(app, "/page");
  const keyed = await ask(app, asset("/a.css"));
  assert.equal(
    keyed.headers.get("cache-control"),
    "public, max-age=31536000, immutable",
  );
  const old = await ask(app, "/a.css?__frsh_c=old&x=1");
  assert.equal(old.status, 307);
  assert.equal(old.headers.get("location"), "/a.css?x=1");
});

Deno.test("staticFiles() answers HEAD without opening the file, and 405 for POST", async () => {
  await using fixture = await staticApp();
  const head = await ask(fixture.app, "/a.css", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("content-length"), "3");
  assert.equal(head.text, "");
  const post = await ask(fixture.app, "/a.css", { method: "POST" });
  assert.equal(post.status, 405);
  assert.equal(post.headers.get("allow"), "GET, HEAD");
});

Deno.test("staticFiles() forbids caching in development", async () => {
  await using fixture = await staticApp("development");
  const { headers } = await ask(fixture.app, "/a.css");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("etag"), null);
});
