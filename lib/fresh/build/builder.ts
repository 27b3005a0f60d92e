/**
 * `Builder`: turns a project into a build, in memory or on disk, and serves it
 * to a developer.
 */
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "../app/app.ts";
import { type BuildCache, setBuildCache } from "./build_cache.ts";
import { type BuildOutput, createBuild, loadModules } from "./build.ts";
import { bundleIslands, type BundleOptions } from "./bundle.ts";
import type { Mode } from "../app/config.ts";
import { LiveReload, RELOAD_PATH, watchDirectory } from "./live_reload.ts";
import { type ScanOptions, scanProject } from "./scan.ts";
import { type ListenOptions, serve } from "../app/serve.ts";
import { writeSnapshot } from "./snapshot.ts";
import { bundleStyles } from "./styles.ts";

/** Options of a `Builder`. Relative paths are below `root`. */
export interface BuildOptions {
  /** The browsers to build for, as esbuild names them. */
  target?: string | string[];
  /** The directory of the project; the working directory when absent. */
  root?: string;
  /** Where a build is written to; `_fresh` when absent. */
  outDir?: string;
  /** The directory of static files; `static` when absent. */
  staticDir?: string;
  /** The directory of islands; `islands` when absent. */
  islandDir?: string;
  /** The directory of routes; `routes` when absent. */
  routeDir?: string;
  /** The module that exports `app`; `main.ts` when absent. */
  serverEntry?: string;
  /** Names of islands that every page has: one file with the runtime; none when absent. */
  everywhere?: string[];
  /** Paths of static style sheets that are bundled with what they import, in production; none when absent. */
  styles?: string[];
  /** Files to leave out; tests when absent. */
  ignore?: RegExp[];
  /** Source maps for the browser bundles; none in production when absent. */
  sourceMap?: BundleOptions["sourceMap"];
}

const TESTS = /[._]test\.(?:[tj]sx?|m[tj]s)$/;
const DEFAULT_TARGET = ["chrome111", "firefox111", "safari16.4"];

/** Builds a project. */
// deno-lint-ignore no-explicit-any
export class Builder<State = any> {
  readonly #root: string;
  readonly #outDir: string;
  readonly #serverEntry: string;
  readonly #scan: ScanOptions;
  readonly #bundle: Omit<BundleOptions, "mode">;
  readonly #styles: readonly string[];

  /** Makes a builder; every option has a default. */
  constructor(options: BuildOptions = {}) {
    const root = options.root ?? Deno.cwd();
    const resolve = (path: string) =>
      isAbsolute(path) ? path : join(root, path);
    this.#root = root;
    this.#outDir = resolve(options.outDir ?? "_fresh");
    this.#serverEntry = resolve(options.serverEntry ?? "main.ts");
    this.#scan = {
      routeDir: resolve(options.routeDir ?? "routes"),
      islandDir: resolve(options.islandDir ?? "islands"),
      staticDir: resolve(options.staticDir ?? "static"),
      ignore: options.ignore ?? [TESTS],
    };
    this.#styles = options.styles ?? [];
    this.#bundle = {
      root,
      target: options.target ?? DEFAULT_TARGET,
      everywhere: options.everywhere ?? [],
      sourceMap: options.sourceMap ?? {},
    };
  }

  /**
   * Builds in memory and serves the app with live reload. Run with `deno run
   * --watch=routes/,islands/`: a changed module restarts the process, and pages
   * that are open reload when the new one answers; static files reload without
   * a restart.
   *
   * @param importApp Imports the module that exports `app`, after the build.
   */
  async listen(
    importApp: () => Promise<{ app: App<State> } | App<State>>,
    options: ListenOptions = {},
  ): Promise<void> {
    const output = await this.#build("development");
    const reload = new LiveReload();
    const cache: BuildCache = {
      ...this.#cache(output),
      reloadUrl: RELOAD_PATH,
    };
    const imported = await importApp();
    const app = "app" in imported ? imported.app : imported;
    setBuildCache(app, cache, "development");
    const handler = app.handler();
    const reloadPath = app.config.basePath + RELOAD_PATH;
    const onChange = async () => {
      await output.refreshStatics();
      reload.notify();
    };
    const { signal } = options;
    await Promise.all([
      watchDirectory(this.#scan.staticDir, { onChange, signal }),
      serve((req, info) => {
        const isReload = new URL(req.url).pathname === reloadPath;
        return isReload ? reload.respond() : handler(req, info);
      }, options),
    ]);
  }

  /**
   * Builds the project. On disk the build is a directory with the entry point
   * `server.js`, which runs without esbuild; in memory it is for tests.
   *
   * @returns A function that gives an app the build; to be called before
   *   `app.handler()`.
   */
  async build(
    options: { mode?: Mode; snapshot?: "disk" | "memory" } = {},
  ): Promise<(app: App<State>) => void> {
    const { mode = "production", snapshot = "disk" } = options;
    const output = await this.#build(mode);
    if (snapshot === "disk") {
      await writeSnapshot(output, {
        outDir: this.#outDir,
        serverEntry: this.#serverEntry,
      });
    }
    const cache = this.#cache(output);
    return (app) => setBuildCache(app, cache, mode);
  }

  async #build(mode: Mode): Promise<BuildOutput> {
    const files = await scanProject(this.#scan);
    const bundles = await bundleIslands(files.islands, {
      ...this.#bundle,
      mode,
    });
    // In development the browser follows the imports of a sheet itself.
    const styles = await bundleStyles(files.statics, {
      root: this.#root,
      target: this.#bundle.target,
      styles: mode === "production" ? this.#styles : [],
    });
    return await createBuild(
      { ...files, styles },
      bundles,
      () => scanProject(this.#scan),
    );
  }

  /**
   * Modules are imported when a handler is made, so a build alone runs no code
   * of the project.
   */
  #cache(output: BuildOutput): BuildCache {
    const { buildId, runtimeUrl, imports } = output.record;
    return {
      ...{ root: this.#root, buildId, runtimeUrl, imports, reloadUrl: null },
      load: () =>
        loadModules(output, (file) => import(pathToFileURL(file).href)),
      file: (pathname) => output.sources.get(pathname),
    };
  }
}
