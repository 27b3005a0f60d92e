import assert from "node:assert/strict";
import * as fc from "fast-check";
import { keepQueriesOutOfSpans, withoutQuery } from "../../actors/telemetry.ts";

Deno.test("withoutQuery() leaves an address of a request and no more, and every other attribute as it is", () => {
  fc.assert(fc.property(fc.webUrl(), fc.string(), (url, query) => {
    const [bare] = url.split(/[?#]/);
    for (const name of ["url.full", "http.url", "http.target"]) {
      assert.equal(withoutQuery(name, `${bare}?token=${query}`), bare);
    }
    assert.equal(withoutQuery("url.query", `token=${query}`), "");
    assert.equal(withoutQuery("url.path", query), query);
  }));
  assert.equal(withoutQuery("http.response.status_code", 200), 200);
});

Deno.test("keepQueriesOutOfSpans() does nothing where telemetry is off", () => {
  assert.doesNotThrow(keepQueriesOutOfSpans);
});
