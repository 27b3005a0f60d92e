import assert from "node:assert/strict";
import { App, csp, csrf, type CsrfOptions } from "fresh";
import { h } from "preact";
import { ask } from "./helpers.ts";

const POLICY = "content-security-policy";

Deno.test("csp() allows by nonce what the page renders, and nothing inline besides", async () => {
  const app = new App<unknown>()
    .use(csp({ useNonce: true }))
    .get("/", (ctx) =>
      ctx.render(
        h(
          "html",
          null,
          h("head", null, h("style", null, "p{}")),
          h("body", null),
        ),
      ));
  const { headers, text } = await ask(app, "/");
  const nonce = /<style nonce="([^"]+)">/.exec(text)?.[1];
  assert.ok(nonce);
  const policy = headers.get(POLICY)!;
  assert.match(policy, new RegExp(`script-src 'self' 'nonce-${nonce}'`));
  assert.match(policy, new RegExp(`style-src 'self' 'nonce-${nonce}'`));
  assert.doesNotMatch(policy, /unsafe-inline/);
  assert.notEqual((await ask(app, "/")).headers.get(POLICY), policy);
});

Deno.test("csp() by nonce allows nothing inline where no page was rendered", async () => {
  const app = new App<unknown>()
    .use(csp({ useNonce: true }))
    .get("/", (ctx) => ctx.json({}));
  const policy = (await ask(app, "/")).headers.get(POLICY)!;
  assert.doesNotMatch(policy, /unsafe|nonce/);
  assert.match(policy, /script-src 'self';/);
});

Deno.test("csp() replaces, adds and reports directives as told", async () => {
  const app = new App<unknown>()
    .use(csp({
      reportOnly: true,
      reportTo: "/reports",
      csp: ["base-uri 'self'", "frame-src 'none'; img-src 'none'"],
    }))
    .get("/", (ctx) => ctx.text(""));
  const { headers } = await ask(app, "/");
  const policy = headers.get(`${POLICY}-report-only`)!;
  assert.equal(headers.get(POLICY), null);
  assert.match(policy, /base-uri 'self'/);
  assert.doesNotMatch(policy, /base-uri 'none'/);
  assert.match(policy, /frame-src 'none'; img-src|img-src 'none'/);
  assert.match(policy, /report-to csp-endpoint; report-uri \/reports/);
  assert.equal(
    headers.get("reporting-endpoints"),
    'csp-endpoint="/reports"',
  );
});

Deno.test("csp() leaves a policy that the response has already", async () => {
  const own = { headers: { [POLICY]: "default-src 'none'" } };
  const app = new App<unknown>().use(csp()).get(
    "/",
    (ctx) => ctx.text("", own),
  );
  assert.equal((await ask(app, "/")).headers.get(POLICY), "default-src 'none'");
});

Deno.test("csrf() passes safe, same-origin and headerless requests, and no others", async () => {
  const status = async (
    headers: Record<string, string>,
    options?: CsrfOptions<unknown>,
    method = "POST",
  ) => {
    const app = new App<unknown>().use(csrf(options))
      .all("/", (ctx) => ctx.text(""));
    return (await ask(app, "/", { method, headers })).status;
  };
  const cross = { "sec-fetch-site": "cross-site", origin: "https://x.example" };
  assert.equal(await status(cross), 403);
  assert.equal(await status(cross, {}, "GET"), 200);
  assert.equal(await status({ "sec-fetch-site": "same-site" }), 403);
  assert.equal(await status({ "sec-fetch-site": "same-origin" }), 200);
  assert.equal(await status({ "sec-fetch-site": "none" }), 200);
  assert.equal(await status({ origin: "http://localhost" }), 200);
  assert.equal(await status({ origin: "https://localhost" }), 403);
  assert.equal(await status({ origin: "null" }), 403);
  assert.equal(await status({}), 200);
  assert.equal(await status(cross, { origin: "https://x.example" }), 200);
  assert.equal(await status(cross, { origin: ["https://y.example"] }), 403);
  const byFunction = (origin: string) => origin.endsWith("//x.example");
  assert.equal(await status(cross, { origin: byFunction }), 200);
});
