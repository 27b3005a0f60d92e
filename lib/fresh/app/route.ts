/** Routes: a component, its handlers and its place among layouts. */
import { type ComponentChildren, type FunctionComponent, h } from "preact";
import type { Context } from "./context.ts";
import { INTERNALS } from "./internals.ts";
import { type Method, pickHandler, type RouteHandler } from "./handlers.ts";

/** What a page, layout, error page or app wrapper receives. */
export type PageProps<Data = unknown, State = unknown> =
  & Pick<
    Context<State>,
    | "config"
    | "url"
    | "req"
    | "params"
    | "info"
    | "state"
    | "isPartial"
    | "Component"
    | "error"
    | "route"
  >
  & { data: Data };

/** A page component; an async one may answer with a `Response` of its own. */
export type RouteComponent<State> =
  // deno-lint-ignore no-explicit-any
  | ((props: PageProps<any, State>) => ComponentChildren)
  // deno-lint-ignore no-explicit-any
  | ((props: PageProps<any, State>) => Promise<ComponentChildren | Response>);

/** Which of the surrounding components to leave out. */
export interface LayoutConfig {
  /** Leave out every layout further out. */
  skipInheritedLayouts?: boolean;
  /** Leave out the app wrapper. */
  skipAppWrapper?: boolean;
}

/** Options of one route. */
export interface RouteConfig extends LayoutConfig {
  /** A URL pattern that replaces the one of the file's path. */
  routeOverride?: string;
  /** The methods that the route is registered for. */
  methods?: "ALL" | Method[];
}

/** A route: a component, handlers, or both. */
export interface Route<State> {
  component?: RouteComponent<State>;
  // deno-lint-ignore no-explicit-any
  handlers?: RouteHandler<any, State>;
  config?: RouteConfig;
}

/** A layout with its options, as registered for a segment. */
export interface Layout<State> {
  readonly component: RouteComponent<State>;
  readonly config: LayoutConfig;
}

/**
 * Answers a request with `route`: its handler first, then its component with
 * the handler's data. A method without handler falls through to `ctx.next()`,
 * which ends in the 404 page.
 */
export async function runRoute<State>(
  route: Route<State>,
  ctx: Context<State>,
): Promise<Response> {
  const { method } = ctx.req;
  const internals = ctx[INTERNALS];
  const handler = pickHandler(route.handlers, method);
  const isPage = internals.status !== undefined || method === "GET" ||
    method === "HEAD";
  if (handler === undefined && (route.component === undefined || !isPage)) {
    return await ctx.next();
  }

  const result = await handler?.(ctx);
  if (result instanceof Response) return result;
  if (route.component === undefined) {
    throw new TypeError(
      `Cannot render route "${ctx.route}": it has data but no component`,
    );
  }
  const content = await applyComponent(
    route.component,
    ctx,
    null,
    result?.data,
  );
  if (content instanceof Response) return content;
  const init: ResponseInit = {};
  if (result?.headers) init.headers = result.headers;
  if (result?.status !== undefined) init.status = result.status;
  return await internals.render(content, init, route.config ?? {});
}

/** Wraps `content` in the layouts and the app wrapper, innermost first. */
export async function wrapContent<State>(
  content: ComponentChildren,
  ctx: Context<State>,
  config: LayoutConfig,
): Promise<ComponentChildren | Response> {
  const { layouts, appWrapper } = ctx[INTERNALS];
  const wrappers: RouteComponent<State>[] = [];
  let { skipInheritedLayouts = false, skipAppWrapper = false } = config;
  for (const layout of layouts.toReversed()) {
    if (skipInheritedLayouts) break;
    wrappers.push(layout.component);
    skipInheritedLayouts = layout.config.skipInheritedLayouts ?? false;
    skipAppWrapper ||= layout.config.skipAppWrapper ?? false;
  }
  if (appWrapper !== null && !skipAppWrapper) wrappers.push(appWrapper);

  return await wrapIn(wrappers, content, ctx);
}

async function wrapIn<State>(
  [wrapper, ...outer]: RouteComponent<State>[],
  inner: ComponentChildren,
  ctx: Context<State>,
): Promise<ComponentChildren | Response> {
  if (wrapper === undefined) return inner;
  const content = await applyComponent(wrapper, ctx, inner, undefined);
  return content instanceof Response
    ? content
    : await wrapIn(outer, content, ctx);
}

/**
 * Async components are awaited here, since rendering to a string is
 * synchronous.
 */
async function applyComponent<State>(
  component: RouteComponent<State>,
  ctx: Context<State>,
  inner: ComponentChildren,
  data: unknown,
): Promise<ComponentChildren | Response> {
  const { config, url, req, params, info, state, isPartial, error, route } =
    ctx;
  const Component: FunctionComponent = () => inner;
  // deno-fmt-ignore
  const props: PageProps<unknown, State> = {
    config, url, req, params, info, state, isPartial, error, route, Component, data,
  };
  if (component.constructor.name === "AsyncFunction") {
    return await component(props);
  }
  return h(component as FunctionComponent<PageProps<unknown, State>>, props);
}
