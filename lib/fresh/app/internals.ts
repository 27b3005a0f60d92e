/** What the library keeps with a context, out of the reach of handlers. */
import type { ComponentChildren } from "preact";
import type { BuildCache } from "../build/build_cache.ts";
import type { Layout, LayoutConfig, RouteComponent } from "./route.ts";

/** The key of what only this library may touch. */
export const INTERNALS: unique symbol = Symbol("fresh.internals");

/** What the library keeps beside the public fields of a context. */
export interface Internals<State> {
  readonly cache: BuildCache;
  /** Continues with the next middleware. */
  next: () => Promise<Response>;
  /** The layouts around what is rendered now, outermost first. */
  layouts: readonly Layout<State>[];
  appWrapper: RouteComponent<State> | null;
  /** The default status of rendered pages: set while an error page runs. */
  status: number | undefined;
  /**
   * The nonce of the page that was rendered, for the content security policy.
   */
  nonce: string | null;
  render(
    content: ComponentChildren,
    init: ResponseInit,
    config: LayoutConfig,
  ): Promise<Response>;
}
