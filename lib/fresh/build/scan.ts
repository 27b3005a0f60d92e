/**
 * Finds the files of a project: routes, islands and static files. Nothing is
 * loaded here.
 */
import { join, relative, sep } from "node:path";

/**
 * A file on disk with the path by which it is known: posix, from the scanned
 * directory, with `/`.
 */
export interface FoundFile {
  readonly path: string;
  readonly file: string;
}

/** Where to look, and what to leave out. */
export interface ScanOptions {
  readonly routeDir: string;
  readonly islandDir: string;
  readonly staticDir: string;
  readonly ignore: readonly RegExp[];
}

/** The files of a project, each list in a stable order. */
export interface ProjectFiles {
  readonly routes: readonly FoundFile[];
  readonly islands: readonly FoundFile[];
  readonly statics: readonly FoundFile[];
}

const SCRIPT = /\.(?:[tj]sx?|m[tj]s)$/;

/** Scans the three directories; one that does not exist is empty. */
export async function scanProject(options: ScanOptions): Promise<ProjectFiles> {
  const isWanted = ({ file }: FoundFile) =>
    !options.ignore.some((pattern) => pattern.test(file));
  const [routes, islands, statics] = await Promise.all(
    [options.routeDir, options.islandDir, options.staticDir].map(async (
      directory,
    ) =>
      (await Array.fromAsync(walk(directory, directory))).filter(isWanted)
        .sort((a, b) => a.path < b.path ? -1 : 1)
    ),
  );
  const scripts = routes!.filter(({ path }) => SCRIPT.test(path));
  return {
    routes: scripts.filter(({ path }) => !path.includes("/(_")),
    islands: [
      ...islands!,
      ...scripts.filter(({ path }) => path.includes("/(_islands)/")),
    ]
      .filter(({ path }) => SCRIPT.test(path)),
    statics: statics!,
  };
}

/**
 * Symbolic links are left out, so that nothing outside of the directory is
 * published.
 */
async function* walk(
  directory: string,
  root: string,
): AsyncGenerator<FoundFile> {
  try {
    for await (const entry of Deno.readDir(directory)) {
      const file = join(directory, entry.name);
      if (entry.isDirectory) yield* walk(file, root);
      else if (entry.isFile) {
        yield { file, path: `/${relative(root, file).replaceAll(sep, "/")}` };
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
