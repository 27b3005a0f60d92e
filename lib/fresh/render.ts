/**
 * Renders a tree to a whole HTML document, with the scripts that its islands
 * need.
 */
import {
  type ComponentChildren,
  Fragment,
  h,
  isValidElement,
  toChildArray,
  type VNode,
} from "preact";
import { renderToString } from "preact-render-to-string";
import { type BuildCache, BUNDLE_PATH } from "./build_cache.ts";
import type * as client from "./client.ts";
import { stringifyProps } from "./island_props.ts";
import { createPass, type RenderPass, runInPass } from "./render_pass.ts";
import { shared, TEMPLATE_ATTRIBUTE } from "./shared.ts";

/** What rendering needs to know of the request and of the build. */
export interface RenderOptions {
  cache: BuildCache;
  url: URL;
  basePath: string;
}

/** A document and what its response needs. */
export interface RenderedDocument {
  html: string;
  /** The nonce of every inline script and style of the document. */
  nonce: string;
  /** The `Link` header that preloads the bundles; null without islands. */
  link: string | null;
}

/** The export of the browser's runtime that the inline script calls. */
const BOOT: keyof typeof client = "boot";

/** Renders `content` and completes it to a document. */
export function renderDocument(
  content: ComponentChildren,
  options: RenderOptions,
): RenderedDocument {
  const pass = createPass(options);
  shared.buildId = options.cache.buildId;
  return runInPass(pass, () => {
    const body = renderToString(h(Fragment, null, content));
    const templates = renderTemplates(pass);
    const head = renderToString(h(Fragment, null, mergeHead(pass)));
    const tail = templates + scriptsOf(pass, options);
    return {
      html: assemble(pass, body, head, tail),
      nonce: pass.nonce,
      link: linkOf(pass, options),
    };
  });
}

/**
 * The markup of slots that no island showed; a slot may bring islands with
 * slots of their own.
 */
function renderTemplates(pass: RenderPass): string {
  let html = "";
  for (const [vnode, id] of pass.slots) {
    if (!pass.shownSlots.has(id)) html += renderToString(vnode);
  }
  return html === ""
    ? ""
    : `<template ${TEMPLATE_ATTRIBUTE}>${html}</template>`;
}

function slotOf(pass: RenderPass, vnode: VNode): number {
  const id = pass.slots.get(vnode);
  if (id === undefined) {
    throw new TypeError("Cannot pass JSX to an island inside a class instance");
  }
  return id;
}

/**
 * The children of `<head>` and of every `<Head>`; the last element of an
 * identity wins.
 */
function mergeHead(pass: RenderPass): ComponentChildren[] {
  const merged: ComponentChildren[] = [];
  const positions = new Map<string, number>();
  for (const child of toChildArray([pass.head, pass.collectedHead])) {
    const identity = headIdentity(child);
    const position = identity === null ? undefined : positions.get(identity);
    if (position !== undefined) {
      merged[position] = child;
      continue;
    }
    if (identity !== null) positions.set(identity, merged.length);
    merged.push(child);
  }
  return merged;
}

function headIdentity(child: ComponentChildren): string | null {
  if (!isValidElement(child) || typeof child.type !== "string") return null;
  const props = child.props as { id?: unknown; name?: unknown };
  if (child.type === "title") return "title";
  if (child.key !== null && child.key !== undefined) return `key:${child.key}`;
  if (typeof props.id === "string") return `id:${props.id}`;
  return child.type === "meta" && typeof props.name === "string"
    ? `meta:${props.name}`
    : null;
}

/**
 * Puts head and scripts in their places, and adds what the tree left out of a
 * document.
 */
function assemble(
  pass: RenderPass,
  body: string,
  head: string,
  tail: string,
): string {
  const headToken = `<!--${pass.headToken}-->`;
  const bodyToken = `<!--${pass.bodyToken}-->`;
  let html = body;
  if (!pass.tags.has("body") && !pass.tags.has("html")) {
    html = `<body>${html}${bodyToken}</body>`;
  }
  if (!pass.tags.has("html")) {
    const inner = pass.tags.has("head")
      ? ""
      : `<head><meta charset="utf-8">${headToken}</head>`;
    html = `<html>${inner}${html}</html>`;
  } else if (!pass.tags.has("head")) {
    html = html.replace(
      /<html[^>]*>/,
      (open) => `${open}<head>${headToken}</head>`,
    );
  }
  html = html.replace(headToken, () => head);
  html = html.includes(bodyToken)
    ? html.replace(bodyToken, () => tail)
    : html + tail;
  return `<!DOCTYPE html>${html}`;
}

/**
 * The inline module that revives the islands; a page without islands gets none.
 */
function scriptsOf(
  pass: RenderPass,
  { cache, basePath }: RenderOptions,
): string {
  let code = "";
  if (pass.islands.size > 0 && cache.runtimeUrl !== null) {
    const props = stringifyProps(pass.props, (vnode) => slotOf(pass, vnode));
    const used = [...pass.islands];
    code = `import { ${BOOT} } from ${quote(basePath + cache.runtimeUrl)};` +
      used.map((island, i) =>
        `import { ${island.exportName} as i${i} } from ${
          quote(basePath + island.url)
        };`
      ).join("") +
      `${BOOT}({${used.map(({ name }, i) => `${quote(name)}:i${i}`).join()}},${
        quote(props)
      });`;
  }
  if (cache.reloadUrl !== null) {
    code += reloadScript(basePath + cache.reloadUrl);
  }
  return code === ""
    ? ""
    : `<script type="module" nonce="${pass.nonce}">${code}</script>`;
}

/** Reloads the page when the server that answers is another one than before. */
function reloadScript(url: string): string {
  return `{let last;new EventSource(${quote(url)}).onmessage=({data})=>` +
    `{if(last!==undefined&&last!==data)location.reload();last=data};}`;
}

/** A string literal that cannot end the script element around it. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll("<", "\\u003c");
}

function linkOf(
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
