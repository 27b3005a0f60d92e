/** What a page sends along for its islands: the inline script and the preloads. */
import type { VNode } from "preact";
import { type BuildCache, BUNDLE_PATH } from "../build/build_cache.ts";
import type * as client from "./client.ts";
import { stringifyProps } from "./island_props.ts";
import type { RenderPass } from "./render_pass.ts";

/** What rendering needs to know of the request and of the build. */
export interface RenderOptions {
  cache: BuildCache;
  url: URL;
  basePath: string;
}

/** The export of the browser's runtime that the inline script calls. */
const BOOT: keyof typeof client = "boot";

/**
 * The inline module that revives the islands; a page without islands gets none.
 */
export function scriptsOf(
  pass: RenderPass,
  { cache, basePath }: RenderOptions,
): string {
  let code = "";
  if (pass.islands.size > 0 && cache.runtimeUrl !== null) {
    const props = stringifyProps(pass.props, (vnode) => slotOf(pass, vnode));
    const used = [...pass.islands].map((island, i) => ({
      ...island,
      as: `i${i}`,
    }));
    const imports = used.map(({ exportName, as, url }) =>
      `import { ${exportName} as ${as} } from ${quote(basePath + url)};`
    );
    const table = used.map(({ name, as }) => `${quote(name)}:${as}`);
    const runtime = quote(basePath + cache.runtimeUrl);
    code = `import { ${BOOT} } from ${runtime};${imports.join("")}` +
      `${BOOT}({${table.join()}},${quote(props)});`;
  }
  if (cache.reloadUrl !== null) code += reloadCode(basePath + cache.reloadUrl);
  if (code === "") return "";
  return `<script type="module" nonce="${pass.nonce}">${code}</script>`;
}

/** Reloads the page when the server that answers is another one than before. */
function reloadCode(url: string): string {
  return `{let last;new EventSource(${quote(url)}).onmessage=({data})=>` +
    `{if(last!==undefined&&last!==data)location.reload();last=data};}`;
}

/** A string literal that cannot end the script element around it. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("<", "\\u003c");
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
