import assert from "node:assert/strict";
import fc from "fast-check";
import { Router } from "../../../lib/fresh/routing/router.ts";

/** Every form of pattern that routes are written in. */
const PATTERNS = [
  "/api/:path*",
  "/api/:path+",
  "/agents/:id",
  "/agents/:id/logs",
  "/agents/:id?",
  "/docs/*",
  "/a.b/:c",
  "/files{.html}?",
  "/x(y)?",
  "/:top",
] as const;

const segment = fc.constantFrom(
  "api",
  "agents",
  "agt_1",
  "logs",
  "docs",
  "a.b",
  "files",
  "files.html",
  "x",
  "xy",
  "%61pi",
  "",
);
const path = fc.array(segment, { maxLength: 4 }).map((parts) =>
  `/${parts.join("/")}`
);

Deno.test("Router.match() finds for a pattern exactly what URLPattern matches", () => {
  fc.assert(
    fc.property(fc.constantFrom(...PATTERNS), path, (pattern, pathname) => {
      const router = new Router<string>();
      router.add("GET", pattern, pattern);
      const expected = new URLPattern({ pathname: pattern }).test({ pathname });
      assert.equal(router.match("GET", pathname).item !== null, expected);
    }),
    { numRuns: 2_000 },
  );
});
