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
} from "preact";
import { renderToString } from "preact-render-to-string";
import {
  type FormField,
  linkOf,
  type RenderOptions,
  scriptsOf,
} from "./boot_script.ts";
import { createPass, type RenderPass, runInPass } from "./render_pass.ts";
import { shared, TEMPLATE_ATTRIBUTE } from "./shared.ts";

export type { FormField };

/** A document and what its response needs. */
export interface RenderedDocument {
  html: string;
  /** The nonce of every inline script and style of the document. */
  nonce: string;
  /** The `Link` header that preloads the bundles; null without islands. */
  link: string | null;
}

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
