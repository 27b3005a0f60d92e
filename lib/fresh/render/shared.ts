/** What the server's renderer and the browser's runtime must agree on. */
import type { ComponentChildren } from "preact";

/** True in a browser, false on the server. */
export const IS_BROWSER: boolean = typeof document !== "undefined";

/** The query parameter that carries the build's id. */
export const CACHE_KEY = "__frsh_c";

/** Comments around the markup of an island: name and index of its props. */
export const islandMarker = (name: string, index: number): string =>
  `frsh:island:${name}:${index}`;

/** Comments around JSX that was passed to an island. */
export const slotMarker = (id: number): string => `frsh:slot:${id}`;

/** The comment that closes an island or a slot. */
export const endMarker = (marker: string): string => `/${marker}`;

/**
 * The attribute of the template with the slots that no island showed at first.
 */
export const TEMPLATE_ATTRIBUTE = "data-frsh-slots";

/** The attribute of the data element from which the runtime starts. */
export const BOOT_ATTRIBUTE = "data-frsh-boot";

/** What that element holds, as JSON. */
export interface BootData {
  /** The islands of the page: name, export and URL of the bundle. */
  islands: readonly { name: string; exportName: string; url: string }[];
  /** The props of all islands, as `stringifyProps` writes them. */
  props: string;
  /** Where development tells of changes; null in production. */
  reloadUrl: string | null;
}

/** Values that the two sides set at start and that plain modules read later. */
export const shared: {
  buildId: string;
  /** Receives the children of `<Head>` while a page is rendered. */
  collectHead: ((children: ComponentChildren) => void) | null;
} = {
  // In the browser this module is part of a bundle below /_fresh/js/<build>/.
  buildId: /\/_fresh\/js\/([^/]+)\//.exec(import.meta.url)?.[1] ?? "",
  collectHead: null,
};
