/**
 * `fresh/runtime`: what islands and server components share.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { CACHE_KEY, IS_BROWSER, shared } from "./render/shared.ts";

export { IS_BROWSER };

/**
 * The URL of a static file, keyed by the build so that browsers may keep it for
 * a year.
 *
 * @param path A path on this origin; anything else is returned as it is.
 */
export function asset(path: string): string {
  if (
    !/^\/(?![/\\])/.test(path) || shared.buildId === "" ||
    path.includes(`${CACHE_KEY}=`)
  ) {
    return path;
  }
  const [, base = "", query = "", hash = ""] =
    /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(path) ?? [];
  return `${base}${
    query === "" ? "?" : `${query}&`
  }${CACHE_KEY}=${shared.buildId}${hash}`;
}

/**
 * Adds its children to the document's `<head>`. A later `<title>`, or an
 * element with the same `key`, `id` or meta name, replaces an earlier one. It
 * only acts while the server renders.
 */
export function Head(
  props: { children?: ComponentChildren },
): ComponentChildren {
  shared.collectHead?.(props.children);
  return null;
}
