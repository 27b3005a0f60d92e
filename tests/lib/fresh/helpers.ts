/** Short ways to ask an app, and to give it modules without a build. */
import type { App } from "fresh";
import { type ComponentChildren, h, type VNode } from "preact";
import {
  type BuildCache,
  emptyBuildCache,
  type IslandFile,
  type ModuleExports,
  setBuildCache,
} from "../../../lib/fresh/build/build_cache.ts";

/** A response with its body read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** Sends one request to `app`. */
export async function ask<State>(
  app: App<State>,
  path: string,
  init?: RequestInit,
): Promise<Answer> {
  const request = new Request(`http://localhost${path}`, init);
  const response = await app.handler()(request);
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

/** `h()` with the type that JSX has: a node of any props. */
export const element = h as (
  type: unknown,
  props: object | null,
  ...children: ComponentChildren[]
) => VNode;

/** What is between `<body>` and the end of the body. */
export function bodyOf({ text }: Answer): string {
  return /<body>(.*)<\/body>/s.exec(text)?.[1] ?? text;
}

/** Gives `app` route and island modules, as a build would. */
export function withModules<State>(
  app: App<State>,
  routes: Record<string, ModuleExports>,
  islands: IslandFile[] = [],
): App<State> {
  const cache: BuildCache = {
    ...emptyBuildCache("/project"),
    buildId: "b1",
    runtimeUrl: "/_fresh/js/b1/runtime.js",
    imports: { "/_fresh/js/b1/runtime.js": ["/_fresh/js/b1/chunk.js"] },
    load: () =>
      Promise.resolve({
        routes: Object.entries(routes).map(([path, module]) => ({
          path,
          module,
        })),
        islands,
      }),
  };
  setBuildCache(app, cache, "production");
  return app;
}
