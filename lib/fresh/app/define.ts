/** `createDefine`: identity functions that give routes their types. */
import type { ComponentChildren } from "preact";
import type { PageResponse, RouteHandler } from "./handlers.ts";
import type { Middleware } from "./middleware.ts";
import type { PageProps } from "./route.ts";

type Result<Data> = Data extends PageResponse<infer Inner> ? Inner : never;

/** The data that a handler, or any handler of a set, hands to its page. */
type HandlerData<Handlers> = Handlers extends (...args: never[]) => infer Return
  ? Result<Awaited<Return>>
  : {
    [Name in keyof Handlers]: Handlers[Name] extends
      (...args: never[]) => infer Return ? Result<Awaited<Return>>
      : never;
  }[keyof Handlers];

type Content = ComponentChildren | Promise<ComponentChildren | Response>;

/** The functions that `createDefine` returns. */
export interface Define<State> {
  /** Declares handlers. */
  handlers<Handlers extends RouteHandler<unknown, State>>(
    handlers: Handlers,
  ): Handlers;
  /**
   * Declares a page; with `typeof handlers` its data has the handlers' type.
   */
  page<
    Handlers extends RouteHandler<unknown, State> = never,
    Data = HandlerData<Handlers>,
  >(
    render: (props: PageProps<Data, State>) => Content,
  ): (props: PageProps<Data, State>) => Content;
  /** Declares a layout. */
  layout(
    render: (props: PageProps<unknown, State>) => Content,
  ): (props: PageProps<unknown, State>) => Content;
  /** Declares a middleware. */
  middleware<Fn extends Middleware<State>>(middleware: Fn): Fn;
}

/** Makes the `define` functions for one type of `ctx.state`. */
export function createDefine<State>(): Define<State> {
  return {
    handlers: (handlers) => handlers,
    page: (render) => render,
    layout: (render) => render,
    middleware: (middleware) => middleware,
  };
}
