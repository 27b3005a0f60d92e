/** What a page sends along for its islands: their data, the runtime and the preloads. */
import type { VNode } from "preact";
import { type BuildCache, BUNDLE_PATH } from "../build/build_cache.ts";
import { stringifyProps } from "./island_props.ts";
import type { RenderPass } from "./render_pass.ts";
import { BOOT_ATTRIBUTE, type BootData } from "./shared.ts";

/** A hidden field of a form; a middleware puts it into `ctx.state.formField`. */
export interface FormField {
  name: string;
  value: string;
}

/** What rendering needs to know of the request and of the build. */
export interface RenderOptions {
  cache: BuildCache;
  url: URL;
  basePath: string;
  /** Goes into every posting form outside of islands. */
  formField?: FormField | null;
}

/**
 * The elements that revive the islands: their data, which is no code, and the
 * browser's runtime, which is a file. A policy may therefore refuse every
 * inline script. A page without islands gets none.
 */
export function scriptsOf(
  pass: RenderPass,
  { cache, basePath }: RenderOptions,
): string {
  const { runtimeUrl, reloadUrl } = cache;
  const hasWork = pass.islands.size > 0 || reloadUrl !== null;
  if (runtimeUrl === null || !hasWork) return "";
  const data: BootData = {
    islands: [...pass.islands].map(({ name, exportName, url }) => ({
      name,
      exportName,
      url: basePath + url,
    })),
    props: stringifyProps(pass.props, (vnode) => slotOf(pass, vnode)),
    reloadUrl: reloadUrl === null ? null : basePath + reloadUrl,
  };
  const source = (basePath + runtimeUrl).replaceAll('"', "%22");
  return `<script type="application/json" ${BOOT_ATTRIBUTE}>${toJson(data)}` +
    `</script><script type="module" src="${source}"></script>`;
}

/** JSON that cannot end the script element around it. */
function toJson(data: BootData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

/**
 * The `Link` header that preloads the bundles of the page's islands with all
 * that they import; null for a page without islands.
 */
export function linkOf(
  pass: RenderPass,
  { cache, basePath }: RenderOptions,
): string | null {
  if (pass.islands.size === 0 || cache.runtimeUrl === null) return null;
  const urls = new Set<string>();
  const add = (url: string): void => {
    if (urls.has(url) || !url.startsWith(BUNDLE_PATH)) return;
    urls.add(url);
    for (const imported of cache.imports[url] ?? []) add(imported);
  };
  add(cache.runtimeUrl);
  for (const island of pass.islands) add(island.url);
  return [...urls].map((url) =>
    `<${encodeURI(basePath + url)}>; rel="modulepreload"; as="script"`
  )
    .join(", ");
}

function slotOf(pass: RenderPass, vnode: VNode): number {
  const id = pass.slots.get(vnode);
  if (id === undefined) {
    throw new TypeError("Cannot pass JSX to an island inside a class instance");
  }
  return id;
}
