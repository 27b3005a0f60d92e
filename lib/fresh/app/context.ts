/** `Context`: one request on its way through the middlewares. */
import type { ComponentChildren, FunctionComponent, VNode } from "preact";
import type { BuildCache } from "../build/build_cache.ts";
import type { ResolvedFreshConfig } from "./config.ts";
import { HttpError } from "./http_error.ts";
import { INTERNALS, type Internals } from "./internals.ts";
import { type FormField, renderDocument } from "../render/render.ts";
import {
  type Layout,
  type LayoutConfig,
  type RouteComponent,
  wrapContent,
} from "./route.ts";

/** The callbacks of a WebSocket. */
export interface WebSocketHandlers {
  /** The connection is there. */
  open?(socket: WebSocket): void;
  /** A message came. */
  message?(socket: WebSocket, event: MessageEvent): void;
  /** The connection has ended. */
  close?(socket: WebSocket, code: number, reason: string): void;
  /** The connection failed. */
  error?(socket: WebSocket, event: Event | ErrorEvent): void;
}

/** Options of the upgrade to a WebSocket. */
export interface WebSocketUpgradeOptions {
  /** Seconds without a ping after which the connection is closed. */
  idleTimeout?: number;
  /** The sub-protocol to agree on. */
  protocol?: string;
}

/** What `ctx.stream()` sends. */
export type StreamSource =
  | ReadableStream<Chunk>
  | AsyncIterable<Chunk>
  | Iterable<Chunk>;
type Chunk = string | Uint8Array;

/** What a context is made of. */
export interface ContextInit<State> {
  req: Request;
  url: URL;
  info: Deno.ServeHandlerInfo;
  config: ResolvedFreshConfig;
  cache: BuildCache;
  layouts: readonly Layout<State>[];
  appWrapper: RouteComponent<State> | null;
  route: string | null;
  params: Record<string, string>;
}

/** One request: its data, and the ways to answer it. */
export class Context<State> {
  /** The configuration of the app. */
  readonly config: ResolvedFreshConfig;
  /** The parsed URL of the request. */
  readonly url: URL;
  /** The request. */
  readonly req: Request;
  /** The pattern of the matched route. */
  readonly route: string | null;
  /** The parameters of the matched pattern. */
  readonly params: Record<string, string>;
  /** Data that middlewares pass on; a new object for each request. */
  readonly state: State = {} as State;
  /** What was thrown, on an error page. */
  error: unknown | null = null;
  /** The connection. */
  readonly info: Deno.ServeHandlerInfo;
  /** Always false: this subset has no partials. */
  readonly isPartial: boolean = false;
  /** The content of a layout; empty outside of one. */
  readonly Component: FunctionComponent = () => null;
  /** Out of the reach of handlers. */
  readonly [INTERNALS]: Internals<State>;

  /** Made by the request handler only. */
  constructor(init: ContextInit<State>) {
    this.config = init.config;
    this.url = init.url;
    this.req = init.req;
    this.info = init.info;
    this.route = init.route;
    this.params = init.params;
    this[INTERNALS] = {
      cache: init.cache,
      next: () => Promise.reject(new HttpError(404)),
      layouts: init.layouts,
      appWrapper: init.appWrapper,
      status: undefined,
      nonce: null,
      render: (content, responseInit, config) =>
        this.#render(content, responseInit, config),
    };
  }

  /** Runs the next middleware, or the route. */
  next(): Promise<Response> {
    return this[INTERNALS].next();
  }

  /**
   * Redirects to `to`. Repeated slashes at the start of a path are folded,
   * since a browser reads `//host` as another origin.
   */
  redirect(to: string, status: number = 302): Response {
    let location = to;
    if (to.startsWith("/")) {
      const end = to.search(/[?#]/);
      const path = end === -1 ? to : to.slice(0, end);
      location = path.replaceAll(/[/\\]{2,}/g, "/") + to.slice(path.length);
    }
    return new Response(null, { status, headers: { location } });
  }

  /** Renders `vnode` inside the layouts and the app wrapper. */
  render(
    vnode: VNode | null,
    init: ResponseInit = {},
    config: LayoutConfig = {},
  ): Promise<Response> {
    return this.#render(vnode, init, config);
  }

  /** Answers with HTML text. */
  html(content: string, init?: ResponseInit): Response {
    return respond(content, "text/html; charset=utf-8", init);
  }

  /** Answers with plain text. */
  text(content: string, init?: ResponseInit): Response {
    return respond(content, "text/plain; charset=utf-8", init);
  }

  /** Answers with JSON. */
  // deno-lint-ignore no-explicit-any
  json(content: any, init?: ResponseInit): Response {
    return Response.json(content, init);
  }

  /** Answers with a stream of text or bytes. */
  stream(
    source: StreamSource | (() => StreamSource),
    init?: ResponseInit,
  ): Response {
    const chunks = typeof source === "function" ? source() : source;
    const stream = chunks instanceof ReadableStream
      ? chunks
      : ReadableStream.from(chunks);
    return new Response(stream.pipeThrough(encodeChunks()), init);
  }

  /**
   * Upgrades the request and returns the raw socket with the response to send.
   */
  upgrade(
    options?: WebSocketUpgradeOptions,
  ): { socket: WebSocket; response: Response };
  /** Upgrades the request and attaches `handlers` to the socket. */
  upgrade(
    handlers: WebSocketHandlers,
    options?: WebSocketUpgradeOptions,
  ): Response;
  upgrade(
    first: WebSocketHandlers | WebSocketUpgradeOptions = {},
    second?: WebSocketUpgradeOptions,
  ): { socket: WebSocket; response: Response } | Response {
    if (this.req.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      throw new HttpError(400, "Expected a WebSocket upgrade request");
    }
    if (!isHandlers(first)) return Deno.upgradeWebSocket(this.req, first);
    const { socket, response } = Deno.upgradeWebSocket(this.req, second);
    socket.onopen = () => first.open?.(socket);
    socket.onmessage = (event) => first.message?.(socket, event);
    socket.onclose = (event) => first.close?.(socket, event.code, event.reason);
    socket.onerror = (event) => first.error?.(socket, event);
    return response;
  }

  async #render(
    content: ComponentChildren,
    init: ResponseInit,
    config: LayoutConfig,
  ): Promise<Response> {
    const internals = this[INTERNALS];
    const wrapped = await wrapContent(content, this, config);
    if (wrapped instanceof Response) return wrapped;
    const { html, nonce, link } = renderDocument(wrapped, {
      cache: internals.cache,
      url: this.url,
      basePath: this.config.basePath,
      formField: (this.state as { formField?: FormField }).formField ?? null,
    });
    internals.nonce = nonce;
    const headers = new Headers(init.headers);
    if (!headers.has("content-type")) {
      headers.set("content-type", "text/html; charset=utf-8");
    }
    if (link !== null) headers.append("link", link);
    return new Response(html, {
      status: internals.status ?? 200,
      ...init,
      headers,
    });
  }
}

function respond(
  content: string,
  type: string,
  init: ResponseInit = {},
): Response {
  const headers = new Headers(init.headers);
  if (!headers.has("content-type")) headers.set("content-type", type);
  return new Response(content, { ...init, headers });
}

function encodeChunks(): TransformStream<Chunk, Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(
        typeof chunk === "string"
          ? encoder.encode(chunk)
          : new Uint8Array(chunk),
      );
    },
  });
}

function isHandlers(
  value: WebSocketHandlers | WebSocketUpgradeOptions,
): value is WebSocketHandlers {
  return (["open", "message", "close", "error"] as const)
    .some((key) =>
      key in value && typeof (value as WebSocketHandlers)[key] === "function"
    );
}
