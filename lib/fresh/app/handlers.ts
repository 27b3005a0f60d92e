/**
 * Route handlers: functions that answer a request, or hand data to the page
 * component.
 */
import type { Context } from "./context.ts";

/** The HTTP methods that a route can handle. */
export type Method =
  | "GET"
  | "HEAD"
  | "POST"
  | "PUT"
  | "PATCH"
  | "DELETE"
  | "OPTIONS";

/** Every method, for routes that answer all of them. */
export const METHODS: readonly Method[] = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
];

/**
 * Data for the page component, with the status and the headers of its response.
 */
export interface PageResponse<T> {
  /** Becomes `props.data` of the component. */
  data: T;
  /** Headers of the rendered response. */
  headers?: HeadersInit;
  /** Status of the rendered response. */
  status?: number;
}

/** Answers a request, or returns data that the component renders. */
export type HandlerFn<Data, State> = (
  ctx: Context<State>,
) => Response | PageResponse<Data> | Promise<Response | PageResponse<Data>>;

/** One handler for each method. */
export type HandlerByMethod<Data, State> = {
  [M in Method]?: HandlerFn<Data, State>;
};

/** A handler for all methods, or one for each. */
export type RouteHandler<Data, State> =
  | HandlerFn<Data, State>
  | HandlerByMethod<Data, State>;

/**
 * Renders the page component with `data`.
 *
 * @param data Becomes `props.data`.
 * @param options Status and headers of the response.
 */
export function page<T>(
  data: T,
  options?: { headers?: HeadersInit; status?: number },
): PageResponse<T>;
/** Renders the page component without data. */
export function page(): PageResponse<undefined>;
export function page(
  data?: unknown,
  options?: { headers?: HeadersInit; status?: number },
): PageResponse<unknown> {
  return { data, ...options };
}

/** The handler of `handlers` for `method`; HEAD falls back to GET. */
export function pickHandler<State>(
  handlers: RouteHandler<unknown, State> | undefined,
  method: string,
): HandlerFn<unknown, State> | undefined {
  if (handlers === undefined || typeof handlers === "function") return handlers;
  const own = Object.hasOwn(handlers, method)
    ? handlers[method as Method]
    : undefined;
  return own ?? (method === "HEAD" ? handlers.GET : undefined);
}
