import assert from "node:assert/strict";
import { signal } from "@preact/signals";
import { App, type PageProps } from "fresh";
import { asset, Head, IS_BROWSER } from "fresh/runtime";
import type { ComponentChildren, VNode } from "preact";
import {
  type Answer,
  ask,
  bodyOf,
  element as h,
  withModules,
} from "./helpers.ts";

function Inner({ n }: { n: number }) {
  return h("b", null, n);
}

function Box({ children }: { children?: ComponentChildren }) {
  return h("div", null, children, h(Inner, { n: 0 }));
}

function Asking() {
  return h("form", { method: "post" }, "five");
}
function Closed(_props: { children?: ComponentChildren }) {
  return h("i", null);
}

/** Renders `vnode` in an app that knows the islands of this file. */
function render(vnode: () => VNode, path = "/"): Promise<Answer> {
  const app = new App<unknown>().get("/*", (ctx) => ctx.render(vnode()));
  const url = "/_fresh/js/b1/box.js";
  withModules(app, {}, [{
    name: "Box",
    url,
    module: { default: Box, Inner, Closed },
  }]);
  return ask(app, path);
}

/** The markup without the boot script. */
const markup = (answer: Answer) =>
  bodyOf(answer).replace(/<script.*<\/script>/s, "");

Deno.test("ctx.render() sends no script for a page without islands", async () => {
  const answer = await render(() => h("p", null, "<x>"));
  assert.equal(
    answer.text,
    '<!DOCTYPE html><html><head><meta charset="utf-8"></head>' +
      "<body><p>&lt;x></p></body></html>",
  );
  assert.equal(answer.headers.get("link"), null);
});

Deno.test("ctx.render() marks islands, boots them by a file with data and preloads it", async () => {
  const answer = await render(() => h(Inner, { n: 1 }));
  assert.equal(
    markup(answer),
    "<!--frsh:island:Box.Inner:0--><b>1</b><!--/frsh:island:Box.Inner:0-->",
  );
  const [, data] =
    /<script type="application\/json" data-frsh-boot>(.*?)<\/script><script type="module" src="\/_fresh\/js\/b1\/runtime.js"><\/script><\/body>/
      .exec(answer.text) ?? [];
  assert.deepEqual(JSON.parse(data!), {
    islands: [{
      name: "Box.Inner",
      exportName: "Inner",
      url: "/_fresh/js/b1/box.js",
    }],
    props: '[[1],{"n":2},1]',
    reloadUrl: null,
  });
  assert.equal(answer.text.match(/<script/g)?.length, 2);
  assert.equal(
    answer.headers.get("link"),
    ["runtime", "chunk", "box"].map((name) =>
      `</_fresh/js/b1/${name}.js>; rel="modulepreload"; as="script"`
    ).join(", "),
  );
});

Deno.test("ctx.render() leaves an island that an island renders to that island", async () => {
  const answer = await render(() => h(Box, null));
  assert.equal(
    markup(answer),
    "<!--frsh:island:Box:0--><div><b>0</b></div><!--/frsh:island:Box:0-->",
  );
});

Deno.test("ctx.render() marks JSX that is passed to an island, and islands in it", async () => {
  const answer = await render(() =>
    h(Box, null, h("p", null, "text"), h(Inner, { n: 2 }))
  );
  const inner = "frsh:island:Box.Inner:1";
  assert.equal(
    markup(answer),
    "<!--frsh:island:Box:0--><div>" +
      "<!--frsh:slot:0--><p>text</p><!--/frsh:slot:0-->" +
      `<!--frsh:slot:1--><!--${inner}--><b>2</b><!--/${inner}--><!--/frsh:slot:1-->` +
      "<b>0</b></div><!--/frsh:island:Box:0-->",
  );
});

Deno.test("ctx.render() keeps JSX that an island does not show in a template", async () => {
  const answer = await render(() => h(Closed, null, h("p", null, "later")));
  assert.match(
    markup(answer),
    /<template data-frsh-slots><!--frsh:slot:0--><p>later<\/p><!--\/frsh:slot:0--><\/template>$/,
  );
});

Deno.test("ctx.render() puts the form field into every posting form outside of islands", async () => {
  const form = (props: object, text: string) => h("form", props, text);
  const app = new App<{ formField: object }>()
    .use((ctx) => {
      ctx.state.formField = { name: "csrf", value: '"><' };
      return ctx.next();
    })
    .get("/", (ctx) =>
      ctx.render(
        h(
          "main",
          null,
          form({ method: "POST" }, "one"),
          form({ method: "get" }, "two"),
          form({}, "three"),
          h(Box, null, form({ method: "post" }, "four")),
          h(Asking, null),
        ),
      ));
  withModules(app, {}, [{
    name: "Box",
    url: "/_fresh/js/b1/box.js",
    module: { default: Box, Asking },
  }]);
  const text = bodyOf(await ask(app, "/"));
  const field = '<input type="hidden" name="csrf" value="&quot;>&lt;"/>';
  assert.ok(text.includes(`<form method="POST">${field}one</form>`), text);
  assert.ok(text.includes('<form method="get">two</form><form>three</form>'));
  // What an island is given comes from the page, what it makes itself does not.
  assert.ok(text.includes(`<form method="post">${field}four</form>`));
  assert.ok(text.includes('<form method="post">five</form>'));
});

Deno.test("ctx.render() leaves kept JSX as it was, so that it renders again", async () => {
  const kept = h(Box, null, h(Inner, { n: 3 }), h("a", { href: "/" }));
  const first = await render(() => kept);
  assert.equal(markup(await render(() => kept)), markup(first));
  assert.equal(kept.type, Box);
});

Deno.test("ctx.render() writes props that cannot end the script", async () => {
  const answer = await render(() =>
    h(Box, null, "</script><script>alert(1)</script>")
  );
  assert.equal(answer.text.match(/<script/g)?.length, 2);
  assert.equal(answer.text.match(/<\/script/g)?.length, 2);
});

Deno.test("ctx.render() fails as a whole when props cannot be written", async () => {
  const n = (() => 1) as unknown as number;
  const app = new App<unknown>()
    .onError("*", (ctx) => ctx.text(String(ctx.error), { status: 500 }))
    .get("/", (ctx) => ctx.render(h(Inner, { n })));
  withModules(app, {}, [{ name: "Inner", url: "/x.js", module: { Inner } }]);
  const answer = await ask(app, "/");
  assert.equal(answer.status, 500);
  assert.match(answer.text, /Cannot stringify a function/);
});

Deno.test("ctx.render() shows signals, in text and in attributes", async () => {
  const name = signal("x");
  const answer = await render(() => h("p", { title: name }, name));
  assert.equal(bodyOf(answer), '<p title="x">x</p>');
});

Deno.test("Head adds to the head, and replaces title, key, id and meta name", async () => {
  const Page = () =>
    h(
      "div",
      null,
      h(Head, null, h("title", null, "new")),
      h(Head, null, h("meta", { name: "a", content: "2" })),
      h(Head, null, h("link", { id: "l", href: "/2" })),
      h(Head, null, h("style", { key: "s" }, "b{}")),
      h(Head, null, h("base", { href: "/" })),
    );
  const Wrapper = ({ Component }: PageProps) =>
    h(
      "html",
      null,
      h(
        "head",
        null,
        h("title", null, "old"),
        h("meta", { name: "a", content: "1" }),
        h("link", { id: "l", href: "/1" }),
        h("style", { key: "s" }, "a{}"),
      ),
      h("body", null, h(Component, null)),
    );
  const app = new App<unknown>().appWrapper(Wrapper)
    .get("/", (ctx) => ctx.render(h(Page, null)));
  const { text } = await ask(app, "/");
  assert.equal(
    text.replace(/ nonce="[^"]*"/, ""),
    '<!DOCTYPE html><html><head><title>new</title><meta name="a" content="2"/>' +
      '<link id="l" href="/2"/><style>b{}</style><base href="/"/></head>' +
      "<body><div></div></body></html>",
  );
});

Deno.test("ctx.render() marks links to the current page and to those above it", async () => {
  const hrefs = ["/a/b", "/a", "/", "/ab", "https://x.example/a"];
  const answer = await render(
    () => h("p", null, hrefs.map((href) => h("a", { href }))),
    "/a/b/?q",
  );
  const current = [...bodyOf(answer).matchAll(/<a ([^>]*)>/g)]
    .map(([, attributes]) => /aria-current="(\w+)"/.exec(attributes!)?.[1]);
  assert.deepEqual(current, ["page", "true", "true", undefined, undefined]);
});

Deno.test("ctx.render() keys the URLs of images, unless told not to", async () => {
  const answer = await render(() =>
    h(
      "p",
      null,
      h("img", { src: "/a.png", srcset: "/b.png 1x, /c.png 2x" }),
      h("img", { src: "/d.png", "data-fresh-disable-lock": true } as object),
      h("img", { src: "https://x.example/e.png" }),
    )
  );
  assert.equal(
    bodyOf(answer),
    '<p><img src="/a.png?__frsh_c=b1" srcset="/b.png?__frsh_c=b1 1x, /c.png?__frsh_c=b1 2x"/>' +
      '<img src="/d.png" data-fresh-disable-lock="true"/>' +
      '<img src="https://x.example/e.png"/></p>',
  );
});

Deno.test("asset() adds the key to paths of this origin only, and once", async () => {
  await render(() => h("p", null));
  assert.equal(asset("/a.css"), "/a.css?__frsh_c=b1");
  assert.equal(asset("/a.css?x=1#y"), "/a.css?x=1&__frsh_c=b1#y");
  for (const path of ["a.css", "//x/a", "/\\x/a", asset("/a.css"), ""]) {
    assert.equal(asset(path), path);
  }
  assert.equal(IS_BROWSER, false);
});
