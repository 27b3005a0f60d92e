/**
 * Path segments: middlewares, layouts and error pages belong to one, and apply
 * to the routes at and below it that are registered later.
 */
import type { MaybeLazy, Middleware } from "../app/middleware.ts";
import type { Layout, Route } from "../app/route.ts";

/** An error page with the layouts of the folder that it stands in. */
export interface ErrorPage<State> {
  readonly page: Route<State> | Middleware<State>;
  readonly layouts: readonly Layout<State>[];
}

/** All that a route takes from its segments, at the time it is registered. */
export interface Scope<State> {
  /** Outer segments first. */
  readonly middlewares: readonly MaybeLazy<Middleware<State>>[];
  /** Outer segments first. */
  readonly layouts: readonly Layout<State>[];
  /** Inner segments first. */
  readonly errorPages: readonly ErrorPage<State>[];
}

/** One segment of the path, below its parent. */
export class Segment<State> {
  readonly middlewares: MaybeLazy<Middleware<State>>[] = [];
  layout: Layout<State> | null = null;
  errorPage: ErrorPage<State> | null = null;
  readonly #parent: Segment<State> | null;
  readonly #children = new Map<string, Segment<State>>();

  constructor(parent: Segment<State> | null = null) {
    this.#parent = parent;
  }

  /**
   * The segment at `path` below this one; `*` at the end means the same as its
   * absence.
   */
  at(path: string): Segment<State> {
    const names = path.split("/").filter((name) => name !== "" && name !== "*");
    return names.reduce<Segment<State>>(
      (segment, name) => segment.#child(name),
      this,
    );
  }

  /** What applies here now. */
  scope(): Scope<State> {
    const chain = this.#chain();
    return {
      middlewares: chain.flatMap((segment) => segment.middlewares),
      layouts: chain.flatMap((segment) => segment.layout ?? []),
      errorPages: chain.flatMap((segment) => segment.errorPage ?? []).reverse(),
    };
  }

  #child(name: string): Segment<State> {
    const child = this.#children.get(name) ?? new Segment(this);
    this.#children.set(name, child);
    return child;
  }

  #chain(): Segment<State>[] {
    return this.#parent === null ? [this] : [...this.#parent.#chain(), this];
  }
}
