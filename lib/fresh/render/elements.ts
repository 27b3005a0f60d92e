/**
 * What the renderer adds to elements: nonces, cache keys, current links, places
 * to fill in.
 */
import {
  type ComponentChildren,
  type ComponentType,
  Fragment,
  h,
  type VNode,
} from "preact";
import { asset } from "../runtime.ts";
import type { FormField } from "./boot_script.ts";

type Props = Record<string, unknown>;

/** The part of a render pass that elements need. */
export interface ElementPass {
  readonly url: URL;
  readonly nonce: string;
  readonly headToken: string;
  readonly bodyToken: string;
  head: ComponentChildren;
}

/**
 * The props of an element with the additions; the same object when there are
 * none.
 */
export function completeElement(
  tag: string,
  props: Props,
  pass: ElementPass,
): Props {
  switch (tag) {
    case "head":
      pass.head = props["children"] as ComponentChildren;
      return { ...props, children: comment(pass.headToken) };
    case "body":
      return {
        ...props,
        children: [props["children"], comment(pass.bodyToken)],
      };
    case "style":
      return { nonce: pass.nonce, ...props };
    case "script":
      return props["src"] === undefined
        ? { nonce: pass.nonce, ...props }
        : props;
    case "img":
    case "source":
      return "data-fresh-disable-lock" in props ? props : withCacheKeys(props);
    case "a":
      return withCurrentState(props, pass.url);
    default:
      return props;
  }
}

/** The props of a form with the hidden field, if it posts. */
export function withFormField(props: Props, field: FormField | null): Props {
  const { method, children } = props;
  if (field === null || !/^post$/i.test(String(method))) return props;
  const input = h("input", { type: "hidden", ...field });
  return { ...props, children: [input, children] };
}

/** A comment node, in the one way that the string renderer knows. */
export function comment(text: string): VNode {
  return h(Fragment as ComponentType<Props>, { UNSTABLE_comment: text });
}

function withCacheKeys(props: Props): Props {
  const { src, srcset, srcSet } = props;
  const changed: Props = { ...props };
  if (typeof src === "string") changed["src"] = asset(src);
  for (const [name, value] of Object.entries({ srcset, srcSet })) {
    if (typeof value !== "string") continue;
    changed[name] = value.split(",").map((part) => {
      const [, space = "", url = "", rest = ""] =
        /^(\s*)(\S+)(.*)$/.exec(part) ?? [];
      return url === "" ? part : space + asset(url) + rest;
    }).join(",");
  }
  return changed;
}

/** Marks links to the current page and to the pages above it. */
function withCurrentState(props: Props, url: URL): Props {
  const { href } = props;
  if (
    typeof href !== "string" || !href.startsWith("/") || "aria-current" in props
  ) return props;
  const path = new URL(href, url).pathname.replace(/(?<=.)\/$/, "");
  const here = url.pathname.replace(/(?<=.)\/$/, "");
  if (path === here) {
    return { ...props, "aria-current": "page", "data-current": "true" };
  }
  const isAncestor = here.startsWith(path === "/" ? path : `${path}/`);
  return isAncestor
    ? { ...props, "aria-current": "true", "data-ancestor": "true" }
    : props;
}
