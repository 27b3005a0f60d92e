import assert from "node:assert/strict";
import { App, type Context, HttpError, page, type PageProps } from "fresh";
import { h } from "preact";
import { ask, bodyOf } from "./helpers.ts";

/** A middleware that notes that it ran. */
function note(name: string) {
  return (ctx: Context<{ seen?: string[] }>) => {
    ctx.state.seen = [...ctx.state.seen ?? [], name];
    return ctx.next();
  };
}

const seen = (ctx: Context<{ seen?: string[] }>) =>
  ctx.text((ctx.state.seen ?? []).join(" "));

Deno.test("App prefers static paths to patterns and keeps the order of patterns", async () => {
  const app = new App<unknown>()
    .get("/posts/:id", (ctx) => ctx.text(`first ${ctx.params["id"]}`))
    .get("/posts/:other", (ctx) => ctx.text("second"))
    .get("/posts/new", (ctx) => ctx.text(`static ${ctx.route}`))
    .get("/files/*", (ctx) => ctx.text("rest"));
  assert.equal((await ask(app, "/posts/7")).text, "first 7");
  assert.equal((await ask(app, "/posts/new")).text, "static /posts/new");
  assert.equal((await ask(app, "/files/a/b")).text, "rest");
});

Deno.test("App matches a static path with a slash more, a pattern without", async () => {
  const app = new App<unknown>()
    .get("/about", (ctx) => ctx.text("about"))
    .get("/:id/x", (ctx) => ctx.text("x"));
  assert.equal((await ask(app, "/about/")).status, 200);
  assert.equal((await ask(app, "/1/x/")).status, 404);
});

Deno.test("App decodes parameters and refuses malformed ones", async () => {
  const app = new App<unknown>()
    .get("/s/:name", (ctx) => ctx.text(ctx.params["name"]!));
  assert.equal((await ask(app, "/s/a%20b")).text, "a b");
  assert.equal((await ask(app, "/s/a%2Fb")).text, "a%2Fb");
  assert.equal((await ask(app, "/s/%ff")).status, 400);
});

Deno.test("App answers 405 for a known path and 404 for an unknown one", async () => {
  const app = new App<unknown>().get("/a", (ctx) => ctx.text("a"));
  assert.equal((await ask(app, "/a", { method: "POST" })).status, 405);
  assert.equal((await ask(app, "/b")).status, 404);
});

Deno.test("App answers HEAD by GET without a body", async () => {
  const app = new App<unknown>()
    .get("/a", (ctx) => ctx.text("abc", { headers: { "x-a": "1" } }))
    .head("/b", () => new Response(null, { status: 204 }))
    .get("/b", (ctx) => ctx.text("b"));
  const a = await ask(app, "/a", { method: "HEAD" });
  assert.equal(a.status, 200);
  assert.equal(a.headers.get("x-a"), "1");
  assert.equal(a.text, "");
  assert.equal((await ask(app, "/b", { method: "HEAD" })).status, 204);
});

Deno.test("App all() answers every method", async () => {
  const app = new App<unknown>().all("/a", (ctx) => ctx.text(ctx.req.method));
  assert.equal((await ask(app, "/a", { method: "PUT" })).text, "PUT");
  assert.equal((await ask(app, "/a", { method: "OPTIONS" })).text, "OPTIONS");
});

Deno.test("App basePath prefixes every route", async () => {
  const app = new App<unknown>({ basePath: "/base/" })
    .get("/a", (ctx) => ctx.text("a"));
  assert.equal((await ask(app, "/base/a")).status, 200);
  assert.equal((await ask(app, "/a")).status, 404);
});

Deno.test("App runs middlewares from outer to inner, and only those before the route", async () => {
  const app = new App<{ seen?: string[] }>()
    .use("/a/b", note("ab"))
    .use(note("root"))
    .use("/a", note("a1"), note("a2"))
    .use("/other", note("other"))
    .get("/a/b", note("own"), seen)
    .use(note("late"));
  assert.equal((await ask(app, "/a/b")).text, "root a1 a2 ab own");
});

Deno.test("App loads a lazy middleware once", async () => {
  let loads = 0;
  const app = new App<{ seen?: string[] }>()
    .use(() => {
      loads++;
      return Promise.resolve(note("lazy"));
    })
    .get("/", seen);
  const handler = app.handler();
  for (const _ of [1, 2]) {
    const response = await handler(new Request("http://localhost/"));
    assert.equal(await response.text(), "lazy");
  }
  assert.equal(loads, 1);
});

Deno.test("App passes unmatched URLs through the root's middlewares only", async () => {
  const app = new App<{ seen?: string[] }>()
    .use(note("root"))
    .use("/a", note("a"))
    .get("/a/b", seen)
    .notFound((ctx) => ctx.text(ctx.state.seen?.join() ?? "", { status: 404 }));
  const answer = await ask(app, "/a/missing");
  assert.equal(answer.status, 404);
  assert.equal(answer.text, "root");
});

Deno.test("App refuses a middleware that returns no response", async () => {
  const bad = (() => undefined) as unknown as () => Response;
  const app = new App<unknown>()
    .onError("*", (ctx) => ctx.text(String(ctx.error)))
    .get("/", bad);
  assert.match((await ask(app, "/")).text, /it is no Response/);
});

Deno.test("App errors reject through next(), so later headers are absent", async () => {
  const app = new App<unknown>()
    .use(async (ctx) => {
      const response = await ctx.next();
      response.headers.set("x-after", "1");
      return response;
    })
    .get("/ok", (ctx) => ctx.text("ok"))
    .get("/fail", () => {
      throw new HttpError(418);
    });
  assert.equal((await ask(app, "/ok")).headers.get("x-after"), "1");
  const failed = await ask(app, "/fail");
  assert.equal(failed.status, 418);
  assert.equal(failed.headers.get("x-after"), null);
  assert.equal(failed.text, "I'm a Teapot");
});

Deno.test("App onError() is chosen from the inside out and renders in its layouts", async () => {
  const app = new App<unknown>()
    .layout("*", ({ Component }) => h("div", null, h(Component, null)))
    .onError("*", (ctx) => ctx.render(h("p", null, "outer")))
    .layout("/in", ({ Component }) => h("i", null, h(Component, null)))
    .onError("/in", { component: ({ error }) => h("b", null, String(error)) })
    .get("/in/a", () => {
      throw new Error("secret");
    })
    .get("/out", () => {
      throw new HttpError(403);
    });
  const inner = await ask(app, "/in/a");
  assert.equal(inner.status, 500);
  assert.equal(bodyOf(inner), "<div><i><b>Error: secret</b></i></div>");
  const outer = await ask(app, "/out");
  assert.equal(outer.status, 403);
  assert.equal(bodyOf(outer), "<div><p>outer</p></div>");
});

Deno.test("App onError() hands on when the error page fails itself", async () => {
  const app = new App<unknown>()
    .onError("*", (ctx) => ctx.text(String(ctx.error), { status: 500 }))
    .onError("/a", () => {
      throw new Error("second");
    })
    .get("/a", () => {
      throw new Error("first");
    });
  assert.equal((await ask(app, "/a")).text, "Error: second");
});

Deno.test("App notFound() answers unmatched URLs and thrown 404s with status 404", async () => {
  const app = new App<unknown>()
    .notFound({ component: ({ error }) => h("p", null, String(error)) })
    .get("/a", () => {
      throw new HttpError(404, "no such thing");
    });
  const unmatched = await ask(app, "/zzz");
  assert.equal(unmatched.status, 404);
  assert.match(unmatched.text, /Not Found/);
  assert.match((await ask(app, "/a")).text, /no such thing/);
});

Deno.test("App layouts nest, and can leave out what is around them", async () => {
  const wrap = (tag: string) => ({ Component }: PageProps) =>
    h(tag, null, h(Component, null));
  const app = new App<unknown>()
    .appWrapper(wrap("main"))
    .layout("*", wrap("div"))
    .layout("/a", wrap("i"))
    .layout("/b", wrap("b"), { skipInheritedLayouts: true })
    .layout("/c", wrap("u"), { skipAppWrapper: true })
    .get("/a/x", (ctx) => ctx.render(h("p", null)))
    .get("/b/x", (ctx) => ctx.render(h("p", null)))
    .get("/c/x", (ctx) => ctx.render(h("p", null)))
    .get("/d", (ctx) =>
      ctx.render(h("p", null), {}, {
        skipInheritedLayouts: true,
        skipAppWrapper: true,
      }));
  const expected = {
    "/a/x": "<main><div><i><p></p></i></div></main>",
    "/b/x": "<main><b><p></p></b></main>",
    "/c/x": "<div><u><p></p></u></div>",
    "/d": "<p></p>",
  };
  for (const [path, html] of Object.entries(expected)) {
    assert.equal(bodyOf(await ask(app, path)), html);
  }
});

Deno.test("App route() passes data, status and headers of page() to the component", async () => {
  const app = new App<unknown>().route("/a", {
    component: ({ data }) => h("p", null, data.name),
    handlers: {
      GET: () => page({ name: "x" }, { status: 202, headers: { "x-a": "1" } }),
      POST: (ctx) => ctx.redirect("/a"),
    },
  });
  const got = await ask(app, "/a");
  assert.equal(got.status, 202);
  assert.equal(got.headers.get("x-a"), "1");
  assert.equal(bodyOf(got), "<p>x</p>");
  assert.equal((await ask(app, "/a", { method: "POST" })).status, 302);
  assert.equal((await ask(app, "/a", { method: "PUT" })).status, 405);
});

Deno.test("App route() awaits async components, which may answer themselves", async () => {
  const app = new App<unknown>()
    // deno-lint-ignore require-await
    .route("/a", { component: async () => h("p", null, "late") })
    // deno-lint-ignore require-await
    .route("/b", { component: async () => new Response("own") });
  assert.equal(bodyOf(await ask(app, "/a")), "<p>late</p>");
  assert.equal((await ask(app, "/b")).text, "own");
});

Deno.test("App ws() connects the callbacks to the socket", async () => {
  const app = new App<unknown>().ws("/ws", {
    message: (socket, event) => socket.send(`echo ${event.data}`),
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    app.handler(),
  );
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/ws`);
  const answer = await new Promise((resolve) => {
    socket.onopen = () => socket.send("hi");
    socket.onmessage = (event) => resolve(event.data);
  });
  assert.equal(answer, "echo hi");
  const closed = Promise.withResolvers<void>();
  socket.onclose = () => closed.resolve();
  socket.close();
  await closed.promise;
  await server.shutdown();
});

Deno.test("App trustProxy takes protocol and host from the proxy", async () => {
  const headers = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "panel.example",
  };
  const urlOf = async (trustProxy: boolean) =>
    (await ask(
      new App<unknown>({ trustProxy }).get(
        "/",
        (ctx) => ctx.text(ctx.url.href),
      ),
      "/",
      { headers },
    )).text;
  assert.equal(await urlOf(true), "https://panel.example/");
  assert.equal(await urlOf(false), "http://localhost/");
});

Deno.test("App handler() refuses file routes without a build", () => {
  assert.throws(() => new App<unknown>().fsRoutes().handler(), /no build/);
});
