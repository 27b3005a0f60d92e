import assert from "node:assert/strict";
import { App, type Context, HttpError, type PageProps } from "fresh";
import { h } from "preact";
import { filePattern } from "../../../lib/fresh/routing/fs_routes.ts";
import { ask, bodyOf, withModules } from "./helpers.ts";

const text = (body: string) => ({
  handler: (ctx: Context<unknown>) =>
    ctx.text(`${body} ${JSON.stringify(ctx.params)}`),
});

const wrapper = (tag: string) => ({
  default: ({ Component }: PageProps) => h(tag, null, h(Component, null)),
});

Deno.test("filePattern() maps file names to URL patterns", () => {
  const cases = {
    "/index": "",
    "/about": "/about",
    "/blog/index": "/blog",
    "/blog/[slug]": "/blog/:slug",
    "/a-[id]/edit": "/a-:id/edit",
    "/old/[...path]": "/old/:path*",
    "/docs/[[version]]/index": "/docs{/:version}?",
    "/(group)/about": "/about",
  };
  for (const [file, pattern] of Object.entries(cases)) {
    assert.equal(filePattern(file), pattern);
  }
  assert.throws(() => filePattern("/[id"), /Cannot read the route file name/);
});

Deno.test("fsRoutes() matches static before mixed, parameter, optional and rest", async () => {
  const app = withModules(new App<unknown>().fsRoutes(), {
    "/[...all].ts": text("all"),
    "/x/[id].ts": text("id"),
    "/x/[...rest].ts": text("rest"),
    "/x/a-[id].ts": text("mixed"),
    "/x/one.ts": text("one"),
    "/docs/[[v]].ts": text("docs"),
  });
  const expected = {
    "/x/one": "one {}",
    "/x/a-7": 'mixed {"id":"7"}',
    "/x/7": 'id {"id":"7"}',
    "/x/7/8": 'rest {"rest":"7/8"}',
    "/docs": 'docs {"v":""}',
    "/docs/2": 'docs {"v":"2"}',
    "/zzz": 'all {"all":"zzz"}',
  };
  for (const [path, body] of Object.entries(expected)) {
    assert.equal((await ask(app, path)).text, body);
  }
});

Deno.test("fsRoutes() applies the conventions of each folder and group", async () => {
  const app = withModules(new App<{ log?: string }>().fsRoutes(), {
    "/_app.tsx": wrapper("main"),
    "/_layout.tsx": wrapper("div"),
    "/_middleware.ts": {
      default: [1, 2].map((n) => (ctx: Context<{ log?: string }>) => {
        ctx.state.log = `${ctx.state.log ?? ""}${n}`;
        return ctx.next();
      }),
    },
    "/(in)/_layout.tsx": { ...wrapper("i"), config: {} },
    "/(in)/a.tsx": {
      default: (props: PageProps<unknown, { log?: string }>) =>
        h("p", null, props.state.log),
    },
    "/b.tsx": { default: () => h("p", null), config: { skipAppWrapper: true } },
  });
  assert.equal(
    bodyOf(await ask(app, "/a")),
    "<main><div><i><p>12</p></i></div></main>",
  );
  assert.equal(bodyOf(await ask(app, "/b")), "<div><p></p></div>");
});

Deno.test("fsRoutes() renders _error in its folder and _404 at the root", async () => {
  const fail = {
    handler: () => {
      throw new HttpError(409);
    },
  };
  const app = withModules(new App<unknown>().fsRoutes(), {
    "/_layout.tsx": wrapper("div"),
    "/_error.tsx": { default: () => h("p", null, "root") },
    "/_404.tsx": { default: () => h("p", null, "missing") },
    "/in/_error.tsx": { default: () => h("p", null, "in") },
    "/in/_layout.tsx": wrapper("i"),
    "/in/a.ts": fail,
    "/b.ts": fail,
  });
  const inner = await ask(app, "/in/a");
  assert.equal(inner.status, 409);
  assert.equal(bodyOf(inner), "<div><i><p>in</p></i></div>");
  assert.equal(bodyOf(await ask(app, "/b")), "<div><p>root</p></div>");
  const missing = await ask(app, "/c");
  assert.equal(missing.status, 404);
  assert.equal(bodyOf(missing), "<div><p>missing</p></div>");
});

Deno.test("fsRoutes() answers 404 for a method without a handler", async () => {
  const app = withModules(new App<unknown>().fsRoutes(), {
    "/a.ts": { handlers: { GET: () => new Response("a") } },
    "/page.tsx": { default: () => h("p", null) },
  });
  assert.equal((await ask(app, "/a", { method: "POST" })).status, 404);
  assert.equal((await ask(app, "/a", { method: "HEAD" })).status, 200);
  assert.equal((await ask(app, "/page", { method: "POST" })).status, 404);
});

Deno.test("fsRoutes() follows routeOverride and leaves out special folders", async () => {
  const app = withModules(new App<unknown>().fsRoutes(), {
    "/x.ts": { ...text("x"), config: { routeOverride: "/y/:z" } },
    "/(_components)/c.ts": text("c"),
  });
  assert.equal((await ask(app, "/y/1")).text, 'x {"z":"1"}');
  assert.equal((await ask(app, "/x")).status, 404);
  assert.equal((await ask(app, "/c")).status, 404);
});

Deno.test("fsRoutes() mounts all files below a path", async () => {
  const app = withModules(new App<unknown>().fsRoutes("/sub"), {
    "/index.ts": text("index"),
    "/a.ts": text("a"),
  });
  assert.equal((await ask(app, "/sub")).text, "index {}");
  assert.equal((await ask(app, "/sub/a")).text, "a {}");
});

Deno.test("fsRoutes() refuses a middleware file without a default export", async () => {
  const app = withModules(new App<unknown>().fsRoutes(), {
    "/_middleware.ts": {},
    "/a.ts": text("a"),
  });
  await assert.rejects(ask(app, "/a"), /its default export is no function/);
});
