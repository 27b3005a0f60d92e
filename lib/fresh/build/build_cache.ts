/**
 * The build cache: what a build knows and a running app needs, wherever the
 * bytes are.
 */
import type { Mode } from "../app/config.ts";

/** The exports of a route, middleware, layout or island file. */
export type ModuleExports = Record<string, unknown>;

/** A file below the routes directory, such as `/users/[id].tsx`. */
export interface RouteFile {
  readonly path: string;
  readonly module: ModuleExports;
}

/** An island file with the URL of its browser bundle. */
export interface IslandFile {
  /** Unique among the islands; part of the markers in the page. */
  readonly name: string;
  readonly url: string;
  /** What its exports are called in its bundle, where that differs. */
  readonly exportNames?: Readonly<Record<string, string>>;
  readonly module: ModuleExports;
}

/** A file that can be served. */
export interface StaticFile {
  readonly contentType: string;
  readonly size: number;
  /** A digest of the content. */
  readonly hash: string;
  open(): Promise<ReadableStream<Uint8Array>>;
}

/** The server modules of a project. */
export interface ProjectModules {
  readonly routes: readonly RouteFile[];
  readonly islands: readonly IslandFile[];
}

/** What the app asks of a build. */
export interface BuildCache {
  /** The directory of the project. */
  readonly root: string;
  /** Keys the URLs of everything that is cached for ever. */
  readonly buildId: string;
  /** The URL of the browser's runtime; null when the project has no islands. */
  readonly runtimeUrl: string | null;
  /** For each bundle the bundles that it imports statically. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** The URL of the reload events, in development. */
  readonly reloadUrl: string | null;
  /** Loads the modules of routes and islands. */
  load(): Promise<ProjectModules>;
  /** The file at a URL path, if there is one. */
  file(pathname: string): StaticFile | undefined;
}

/** Below this path, followed by the build's id, are the browser bundles. */
export const BUNDLE_PATH = "/_fresh/js/";

/** An app as far as a build cache is concerned. */
export interface CacheOwner {
  readonly config: { root: string; mode: Mode };
}

const caches = new WeakMap<CacheOwner, BuildCache>();

/** Gives `app` the result of a build; to be called before `app.handler()`. */
export function setBuildCache(
  app: CacheOwner,
  cache: BuildCache,
  mode: Mode,
): void {
  caches.set(app, cache);
  app.config.root = cache.root;
  app.config.mode = mode;
}

/** The build of `app`, or null when none was set. */
export function getBuildCache(app: CacheOwner): BuildCache | null {
  return caches.get(app) ?? null;
}

/** The cache of an app without a build: no islands, no files. */
export function emptyBuildCache(root: string): BuildCache {
  return {
    root,
    buildId: "",
    runtimeUrl: null,
    imports: {},
    reloadUrl: null,
    load: () => Promise.resolve({ routes: [], islands: [] }),
    file: () => undefined,
  };
}
