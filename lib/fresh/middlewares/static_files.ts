/**
 * `staticFiles()`: serves the static directory and the browser bundles of the
 * build.
 */
import { BUNDLE_PATH, type StaticFile } from "../build/build_cache.ts";
import type { Context } from "../app/context.ts";
import { INTERNALS } from "../app/internals.ts";
import type { Middleware } from "../app/middleware.ts";
import { CACHE_KEY } from "../render/shared.ts";

const IMMUTABLE = "public, max-age=31536000, immutable";

/**
 * Serves files. Paths are looked up in a table that the build made, never on
 * disk, so no path can lead out of it. URLs that carry the build's id may be
 * kept for ever; one with an old id is sent on to the plain URL; all others are
 * revalidated by their weak ETag.
 */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const { cache } = ctx[INTERNALS];
    const file = cache.file(filePath(ctx));
    if (file === undefined) return await ctx.next();
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
      return new Response("Method Not Allowed", {
        status: 405,
        headers: { allow: "GET, HEAD" },
      });
    }
    const key = ctx.url.searchParams.get(CACHE_KEY);
    if (key !== null && key !== cache.buildId) return toUnkeyed(ctx.url);
    const isKeyed = key !== null ||
      ctx.url.pathname.includes(`${BUNDLE_PATH}${cache.buildId}/`);
    return await respond(ctx, file, isKeyed);
  };
}

/** The path below the base path, decoded; the raw one when it is malformed. */
function filePath<State>({ url, config }: Context<State>): string {
  const { pathname } = url;
  if (!pathname.startsWith(config.basePath)) return "";
  try {
    return decodeURIComponent(pathname.slice(config.basePath.length));
  } catch {
    return "";
  }
}

function toUnkeyed(url: URL): Response {
  const plain = new URL(url);
  plain.searchParams.delete(CACHE_KEY);
  // One slash, or the location would name another origin.
  const location = plain.pathname.replace(/^\/+/, "/") + plain.search;
  return new Response(null, { status: 307, headers: { location } });
}

async function respond<State>(
  { req, config }: Context<State>,
  file: StaticFile,
  isKeyed: boolean,
): Promise<Response> {
  const isDevelopment = config.mode === "development";
  const etag = `W/"${file.hash}"`;
  const headers = new Headers({
    "content-type": file.contentType,
    "cache-control": isDevelopment
      ? "no-store"
      : isKeyed
      ? IMMUTABLE
      : "no-cache",
  });
  if (!isDevelopment) {
    headers.set("etag", etag);
    if (matches(req.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
  }
  headers.set("content-length", String(file.size));
  return new Response(req.method === "HEAD" ? null : await file.open(), {
    headers,
  });
}

/** The weak comparison of RFC 9110: strength does not count. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const strip = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" ||
    header.split(",").some((tag) => strip(tag) === strip(etag));
}
