/**
 * The browser's runtime: finds the islands of a page and brings them to life.
 *
 * Islands are rendered, not hydrated, into the place between their markers.
 * Existing elements are reused, but attributes that differ from the server's
 * are corrected, so an island may branch on `IS_BROWSER`.
 */
import {
  type ComponentChildren,
  type ComponentType,
  type ContainerNode,
  h,
  render,
  type VNode,
} from "preact";
import { parseProps } from "./island_props.ts";
import { endMarker, TEMPLATE_ATTRIBUTE } from "./shared.ts";

type Islands = Record<string, ComponentType>;

/** The nodes between a marker and its end. */
interface Range {
  readonly marker: string[];
  readonly nodes: Node[];
  readonly end: Node;
  /** The index of the end among its siblings. */
  readonly endIndex: number;
}

/** What is known of the page while it is read. */
interface Page {
  readonly islands: Islands;
  readonly props: Record<string, unknown>[];
  readonly slots: Map<number, ComponentChildren>;
}

/**
 * Revives all islands of the document.
 *
 * @param islands The components by name.
 * @param text The props of all islands, as written by the server.
 */
export function boot(islands: Islands, text: string): void {
  const slots = new Map<number, ComponentChildren>();
  const Slot = ({ id }: { id: number }) => slots.get(id);
  const page: Page = {
    islands,
    props: parseProps(text, (id) => h(Slot, { id }) as VNode),
    slots,
  };
  const template = document.querySelector<HTMLTemplateElement>(
    `template[${TEMPLATE_ATTRIBUTE}]`,
  );
  if (template !== null) readSlots([...template.content.childNodes], page);

  // All slots are read before the first island renders, since rendering removes
  // the markers.
  const ranges: Range[] = [];
  findIslands(document.body, ranges);
  for (const range of ranges) readSlots(range.nodes, page);
  for (const { marker, nodes, end } of ranges) {
    const [, , name, index] = marker;
    const component = islands[name!];
    if (component === undefined) continue;
    render(h(component, page.props[Number(index)]!), standInParent(nodes, end));
  }
}

/**
 * The range that starts with the comment `siblings[index]`, if that is a
 * marker.
 */
function rangeAt(siblings: Node[], index: number): Range | null {
  const start = siblings[index];
  if (!(start instanceof Comment) || !start.data.startsWith("frsh:")) {
    return null;
  }
  const endIndex = siblings.findIndex((node, i) =>
    i > index && node instanceof Comment && node.data === endMarker(start.data)
  );
  const end = siblings[endIndex];
  if (end === undefined) return null;
  return {
    marker: start.data.split(":"),
    nodes: siblings.slice(index + 1, endIndex),
    end,
    endIndex,
  };
}

/** Collects the outermost islands below `parent`. */
function findIslands(parent: Node, found: Range[]): void {
  const siblings = [...parent.childNodes];
  for (let i = 0; i < siblings.length; i++) {
    const range = rangeAt(siblings, i);
    if (range === null) {
      findIslands(siblings[i]!, found);
    } else {
      found.push(range);
      i = range.endIndex;
    }
  }
}

/**
 * Turns the slots among `nodes` into elements, before their markers are gone.
 */
function readSlots(nodes: Node[], page: Page): void {
  for (let i = 0; i < nodes.length; i++) {
    const range = rangeAt(nodes, i);
    if (range === null) {
      readSlots([...nodes[i]!.childNodes], page);
    } else {
      if (range.marker[1] === "slot") {
        page.slots.set(Number(range.marker[2]), toElements(range.nodes, page));
      }
      i = range.endIndex;
    }
  }
}

/**
 * Reads DOM nodes back into elements; an island among them becomes part of the
 * outer tree.
 */
function toElements(nodes: Node[], page: Page): ComponentChildren[] {
  const result: ComponentChildren[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    const range = rangeAt(nodes, i);
    if (range !== null) {
      i = range.endIndex;
      result.push(toComponent(range, page));
    } else if (node instanceof Element) {
      const props: Record<string, string | boolean> = {};
      for (const { name, value } of node.attributes) {
        if (/^on/i.test(name)) continue;
        // The attribute is there, so the property is true: "" would turn it
        // off.
        const isSwitch = typeof Reflect.get(node, name) === "boolean";
        props[name] = value === "" && isSwitch ? true : value;
      }
      result.push(
        h(node.localName, props, toElements([...node.childNodes], page)),
      );
    } else if (node instanceof Text) {
      result.push(node.data);
    }
  }
  return result;
}

function toComponent({ marker, nodes }: Range, page: Page): ComponentChildren {
  const [, kind, name, index] = marker;
  if (kind === "slot") return toElements(nodes, page);
  readSlots(nodes, page);
  const component = page.islands[name!];
  return component === undefined
    ? null
    : h(component, page.props[Number(index)]!);
}

/**
 * What Preact takes for the parent element: the nodes of one island among other
 * siblings.
 */
function standInParent(nodes: Node[], end: Node): ContainerNode {
  const parent = end.parentNode!;
  const insertBefore = (node: Node, reference: Node | null): Node => {
    // Preact skips comments when it looks for the next sibling, so it may point
    // behind the end.
    const isInside = reference !== null &&
      (end.compareDocumentPosition(reference) &
          Node.DOCUMENT_POSITION_PRECEDING) !== 0;
    return parent.insertBefore(node, isInside ? reference : end);
  };
  const container = {
    nodeType: Node.ELEMENT_NODE,
    namespaceURI: (parent as Element).namespaceURI,
    parentNode: parent,
    firstChild: nodes[0] ?? null,
    childNodes: nodes,
    insertBefore,
    appendChild: (node: Node): Node => insertBefore(node, null),
    removeChild: (node: Node): Node => parent.removeChild(node),
    contains: (node: Node | null): boolean => parent.contains(node),
  };
  return container as unknown as ContainerNode;
}
