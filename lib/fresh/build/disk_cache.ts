/**
 * The build cache of a finished build: a table of files, and the files below
 * `_fresh/static/`.
 */
import type { BuildCache, ProjectModules, StaticFile } from "./build_cache.ts";

/** What a build knows of a file, beside its bytes. */
export interface FileRecord {
  readonly contentType: string;
  readonly size: number;
  readonly hash: string;
}

/** The plain data of a build. */
export interface BuildRecord {
  readonly buildId: string;
  readonly runtimeUrl: string | null;
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** By URL path. */
  readonly files: Readonly<Record<string, FileRecord>>;
}

/**
 * Reads a build from disk. It needs no permission but to read, and no bundler.
 *
 * @param directory The `file:` URL of the output directory.
 * @param record The data of the build.
 * @param modules The modules of routes and islands.
 */
export function diskBuildCache(
  directory: string,
  record: BuildRecord,
  modules: ProjectModules,
): BuildCache {
  const files = new Map<string, StaticFile>();
  for (const [pathname, file] of Object.entries(record.files)) {
    const path = new URL(
      `static${pathname.split("/").map(encodeURIComponent).join("/")}`,
      directory,
    );
    const open = async () => (await Deno.open(path)).readable;
    files.set(pathname, { ...file, open });
  }
  return {
    ...record,
    root: decodeURIComponent(new URL("..", directory).pathname).replace(
      /(?<=.)\/$/,
      "",
    ),
    reloadUrl: null,
    load: () => Promise.resolve(modules),
    file: (pathname) => files.get(pathname),
  };
}
