import assert from "node:assert/strict";
import { App, createDefine, page, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import * as internal from "fresh/internal";
import { ask } from "./helpers.ts";
import type { BootData } from "../../../lib/fresh/render/shared.ts";

const FIXTURE = `${import.meta.dirname}/fixture`;
const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;

Deno.test("Builder build() writes an entry that runs with read permission only", async () => {
  const outDir = await Deno.makeTempDir();
  try {
    await new Builder({ root: FIXTURE, outDir }).build();
    const script = `
      import server from ${JSON.stringify(`${outDir}/server.js`)};
      const ask = (path) => server.fetch(new Request("http://localhost" + path));
      const page = await ask("/");
      const html = await page.text();
      const url = /"url":"([^"]+Counter[^"]+)"/.exec(html)[1];
      const bundle = await ask(url);
      await bundle.text();
      const style = await ask("/site.css");
      await style.text();
      const missing = await ask("/missing");
      await missing.text();
      console.log(JSON.stringify([
        page.status, bundle.status, bundle.headers.get("cache-control"),
        style.headers.get("content-type"), missing.status,
      ]));`;
    const file = `${outDir}/run.ts`;
    await Deno.writeTextFile(file, script);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--config", CONFIG, "--no-prompt", "--allow-read", file],
    }).output();
    const text = new TextDecoder().decode(stdout);
    assert.equal(new TextDecoder().decode(stderr).includes("error"), false);
    assert.deepEqual(JSON.parse(text), [
      200,
      200,
      "public, max-age=31536000, immutable",
      "text/css; charset=utf-8",
      404,
    ]);
  } finally {
    await Deno.remove(outDir, { recursive: true });
  }
});

Deno.test("Builder build() splits lazy imports and gives equal input an equal id", async () => {
  const urls = async () => {
    const app = new App<unknown>().use(staticFiles()).fsRoutes();
    const apply = await new Builder({ root: FIXTURE })
      .build({ snapshot: "memory" });
    apply(app);
    const { text, headers } = await ask(app, "/");
    const counter = /"url":"([^"]+Counter[^"]+)"/.exec(text)![1]!;
    const bundle = await ask(app, counter);
    return { link: headers.get("link")!, counter, code: bundle.text };
  };
  const [first, second] = [await urls(), await urls()];
  assert.equal(first.link, second.link);
  assert.match(first.counter, /^\/_fresh\/js\/[0-9a-f]{16}\/Counter-\w+\.js$/);
  assert.match(first.code, /import\("\.\/lazy-\w+\.js"\)/);
  assert.doesNotMatch(first.code, /The count is/);
  assert.doesNotMatch(first.link, /lazy/);
});

Deno.test("Builder build() puts islands of every page into the runtime's file", async () => {
  const app = new App<unknown>().use(staticFiles()).fsRoutes();
  const builder = new Builder({ root: FIXTURE, everywhere: ["Counter"] });
  (await builder.build({ snapshot: "memory" }))(app);
  const { text } = await ask(app, "/");
  const [, boot] = /<script type="application\/json"[^>]*>(.*?)<\/script>/
    .exec(text)!;
  const { islands } = JSON.parse(boot!) as BootData;
  const counter = islands.find(({ name }) => name === "Counter")!;
  assert.match(text, new RegExp(`src="${RegExp.escape(counter.url)}"`));
  assert.match(
    (await ask(app, counter.url)).text,
    new RegExp(`as ${RegExp.escape(counter.exportName)}\\b`),
  );
});

Deno.test("Builder build() leaves out tests and files in special folders", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/routes/(_parts)`, { recursive: true });
    const route = "export const handler = () => new Response('ok');";
    await Deno.writeTextFile(`${root}/routes/a.ts`, route);
    await Deno.writeTextFile(`${root}/routes/a_test.ts`, "throw 1;");
    await Deno.writeTextFile(`${root}/routes/(_parts)/b.ts`, "throw 2;");
    const app = new App<unknown>().fsRoutes();
    const apply = await new Builder({ root }).build({ snapshot: "memory" });
    apply(app);
    assert.equal((await ask(app, "/a")).text, "ok");
    assert.equal((await ask(app, "/b")).status, 404);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("Builder build() takes islands from (_islands), also those of one name", async () => {
  const root = await Deno.makeTempDir();
  const write = async (path: string, text: string) => {
    const file = `${root}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(file, text);
  };
  try {
    await write("islands/Same.ts", "export default () => 'one';");
    await write("routes/a/(_islands)/Same.ts", "export default () => 'two';");
    await write(
      "routes/a/index.ts",
      `import One from "../../islands/Same.ts";
       import Two from "./(_islands)/Same.ts";
       const node = (type) =>
         ({ type, props: {}, key: null, ref: null, constructor: undefined });
       export default () => [node(One), node(Two)];`,
    );
    const app = new App<unknown>().fsRoutes();
    const apply = await new Builder({ root }).build({ snapshot: "memory" });
    apply(app);
    const { text } = await ask(app, "/a");
    assert.match(text, /<!--frsh:island:Same:0-->one<!--/);
    assert.match(text, /<!--frsh:island:Same-2:1-->two<!--/);
    assert.match(text, /\/Same-\w+\.js"/);
    assert.match(text, /\/Same-2-\w+\.js"/);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("Builder build() bundles style sheets with what they import, in production", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/static/css`, { recursive: true });
    await Deno.writeTextFile(
      `${root}/static/all.css`,
      '@import "./css/one.css";\n.two { color: red }',
    );
    await Deno.writeTextFile(
      `${root}/static/css/one.css`,
      "/* One */ .one { color: blue; }",
    );
    const sheet = async (mode: "production" | "development") => {
      const app = new App<unknown>().use(staticFiles());
      const builder = new Builder({ root, styles: ["/all.css"] });
      (await builder.build({ mode, snapshot: "memory" }))(app);
      return {
        text: (await ask(app, "/all.css")).text.trim(),
        part: (await ask(app, "/css/one.css")).status,
      };
    };
    assert.deepEqual(await sheet("production"), {
      text: ".one{color:#00f}.two{color:red}",
      part: 404,
    });
    const { text, part } = await sheet("development");
    assert.match(text, /^@import/);
    assert.equal(part, 200);
    await assert.rejects(
      new Builder({ root, styles: ["/none.css"] }).build({
        snapshot: "memory",
      }),
      /There is no style sheet "\/none.css" to bundle/,
    );
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("Builder listen() serves with live reload and tells pages of changed files", async () => {
  const root = await Deno.makeTempDir();
  const stop = new AbortController();
  try {
    await Deno.mkdir(`${root}/static`);
    await Deno.mkdir(`${root}/islands`);
    await Deno.writeTextFile(
      `${root}/islands/One.ts`,
      "export default function One() { return 1; }",
    );
    await Deno.writeTextFile(`${root}/static/a.txt`, "1");
    const app = new App<unknown>().use(staticFiles())
      .get("/", (ctx) => ctx.render(null));
    const bound = Promise.withResolvers<number>();
    const done = new Builder<unknown>({ root }).listen(
      () => Promise.resolve({ app }),
      {
        hostname: "127.0.0.1",
        port: 0,
        signal: stop.signal,
        onListen: ({ port }) => bound.resolve(port),
      },
    );
    const origin = `http://127.0.0.1:${await bound.promise}`;
    const html = await (await fetch(origin)).text();
    assert.match(html, /"islands":\[\].*"reloadUrl":"\/_fresh\/reload"/);

    const events = await fetch(`${origin}/_fresh/reload`);
    const reader = events.body!.pipeThrough(new TextDecoderStream())
      .getReader();
    const first = (await reader.read()).value;
    await Deno.writeTextFile(`${root}/static/a.txt`, "22");
    const second = (await reader.read()).value;
    assert.notEqual(second, first);
    await reader.cancel();
    assert.equal(await (await fetch(`${origin}/a.txt`)).text(), "22");
    stop.abort();
    await done;
  } finally {
    stop.abort();
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("fresh/internal offers what the generated entry calls, and no more", () => {
  assert.deepEqual(Object.keys(internal), ["diskBuildCache", "setBuildCache"]);
});

Deno.test("createDefine() hands the type of the handlers' data to the page", () => {
  const define = createDefine<{ user: string }>();
  const handler = define.handlers({
    GET: (ctx) => page({ name: ctx.state.user }),
    POST: () => new Response(),
  });
  const Page = define.page<typeof handler>(({ data, state }) => {
    const name: string = data.name;
    // @ts-expect-error: the handlers give no such field
    const other = data.other;
    return [name, other, state.user];
  });
  const one = define.handlers(async () => page(await Promise.resolve(1)));
  define.page<typeof one>(({ data }) => data.toFixed());
  define.middleware((ctx) => ctx.text(ctx.state.user));
  // @ts-expect-error: a middleware answers with a response
  define.middleware(() => "text");
  assert.equal(typeof Page, "function");
});
