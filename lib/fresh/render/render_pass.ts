/**
 * One rendering of one document. Preact calls `options.__b` before it renders a
 * node; during a pass that hook swaps islands for a component that adds
 * markers, and completes some elements. The hook may only change the node in
 * place, and a node may outlive the pass (JSX kept in a constant), so every
 * change is undone at the end. Rendering is synchronous: there is one pass at a
 * time.
 */
import {
  type ComponentChildren,
  type ComponentType,
  Fragment,
  h,
  options,
  type VNode,
} from "preact";
import type { BuildCache, IslandFile } from "../build/build_cache.ts";
import type { FormField, RenderOptions } from "./boot_script.ts";
import { comment, completeElement, withFormField } from "./elements.ts";
import { visitJsx } from "./island_props.ts";
import { endMarker, islandMarker, shared, slotMarker } from "./shared.ts";

/** An island component: one export of an island file. */
export interface Island {
  /** Unique in the project. */
  readonly name: string;
  /** As its bundle has it. */
  readonly exportName: string;
  readonly url: string;
}

/** The state of a pass. */
export interface RenderPass {
  readonly cache: BuildCache;
  readonly url: URL;
  readonly nonce: string;
  readonly formField: FormField | null;
  /**
   * Comments in the place of head elements and of scripts, until both are
   * known.
   */
  readonly headToken: string;
  readonly bodyToken: string;
  /** The elements of the document's frame that were rendered. */
  readonly tags: Set<string>;
  readonly islands: Set<Island>;
  /** The props of each island of the page, in order of appearance. */
  readonly props: unknown[];
  /**
   * JSX in island props; numbered, since the browser reads it from the page.
   */
  readonly slots: Map<VNode, number>;
  readonly shownSlots: Set<number>;
  head: ComponentChildren;
  readonly collectedHead: ComponentChildren[];
  readonly undo: (() => void)[];
}

/**
 * The fields of a node that Preact keeps to itself, by their names in its
 * builds.
 */
type InternalVNode = VNode & { __?: InternalVNode | null };
type Props = Record<string, unknown>;

const islandsByCache = new WeakMap<BuildCache, Map<unknown, Island>>();
let current: RenderPass | null = null;

const hooks = options as typeof options & { __b?: (vnode: VNode) => void };
const previousHook = hooks.__b;
hooks.__b = (vnode) => {
  if (current !== null) prepare(current, vnode);
  previousHook?.(vnode);
};

/** Makes the island components of a build known to the renderer. */
export function registerIslands(
  cache: BuildCache,
  files: readonly IslandFile[],
): void {
  const islands = new Map<unknown, Island>();
  for (const { name: file, url, exportNames = {}, module } of files) {
    for (const [exportName, value] of Object.entries(module)) {
      if (typeof value !== "function") continue;
      const name = exportName === "default" ? file : `${file}.${exportName}`;
      const inBundle = exportNames[exportName] ?? exportName;
      islands.set(value, { name, exportName: inBundle, url });
    }
  }
  islandsByCache.set(cache, islands);
}

/** A new pass with a nonce of its own. */
export function createPass(
  { cache, url, formField = null }: RenderOptions,
): RenderPass {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  return {
    cache,
    url,
    formField,
    nonce,
    headToken: `head:${nonce}`,
    bodyToken: `body:${nonce}`,
    tags: new Set(),
    islands: new Set(),
    props: [],
    slots: new Map(),
    shownSlots: new Set(),
    head: null,
    collectedHead: [],
    undo: [],
  };
}

/** Runs `render` with the hook set to `pass`. */
export function runInPass<T>(pass: RenderPass, render: () => T): T {
  current = pass;
  shared.collectHead = (children) => pass.collectedHead.push(children);
  try {
    return render();
  } finally {
    current = null;
    shared.collectHead = null;
    for (const undo of pass.undo.reverse()) undo();
  }
}

function prepare(pass: RenderPass, vnode: VNode): void {
  const slot = pass.slots.get(vnode);
  if (slot !== undefined && vnode.type !== SlotBoundary) {
    change(pass, vnode, SlotBoundary, {
      slot,
      type: vnode.type,
      props: vnode.props,
    });
  } else if (typeof vnode.type === "string") {
    pass.tags.add(vnode.type);
    const given = vnode.props as Props;
    // An island's form would lose the field when it comes to life.
    const props = vnode.type === "form" && !isInsideIsland(vnode)
      ? withFormField(given, pass.formField)
      : completeElement(vnode.type, given, pass);
    if (props !== vnode.props) change(pass, vnode, vnode.type, props);
  } else if (typeof vnode.type === "function") {
    const island = islandsByCache.get(pass.cache)?.get(vnode.type);
    if (island !== undefined && !isInsideIsland(vnode)) {
      change(pass, vnode, IslandBoundary, {
        island,
        type: vnode.type,
        props: vnode.props,
      });
    }
  }
}

function change(
  pass: RenderPass,
  vnode: VNode,
  type: unknown,
  props: object,
): void {
  const before = { type: vnode.type, props: vnode.props };
  pass.undo.push(() => Object.assign(vnode, before));
  Object.assign(vnode, { type, props });
}

/**
 * An island that another island renders by itself belongs to that one; one in a
 * slot does not.
 */
function isInsideIsland(vnode: InternalVNode): boolean {
  for (let parent = vnode.__; parent; parent = parent.__) {
    if (parent.type === SlotBoundary) return false;
    if (parent.type === IslandBoundary) return true;
  }
  return false;
}

function IslandBoundary(
  { island, type, props }: {
    island: Island;
    type: ComponentType;
    props: Props;
  },
): VNode {
  const pass = current!;
  pass.islands.add(island);
  visitJsx(props, (vnode) => {
    if (!pass.slots.has(vnode)) pass.slots.set(vnode, pass.slots.size);
  });
  const marker = islandMarker(island.name, pass.props.push(props) - 1);
  return h(
    Fragment,
    null,
    comment(marker),
    h(type, props),
    comment(endMarker(marker)),
  );
}

function SlotBoundary(
  { slot, type, props }: { slot: number; type: ComponentType; props: Props },
): VNode {
  current!.shownSlots.add(slot);
  const marker = slotMarker(slot);
  return h(
    Fragment,
    null,
    comment(marker),
    h(type, props),
    comment(endMarker(marker)),
  );
}
