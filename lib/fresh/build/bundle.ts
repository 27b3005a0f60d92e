/** Bundles the islands for the browser; the only file that needs esbuild. */
import { basename, join, relative } from "node:path";
import {
  build,
  type BuildOptions as EsbuildOptions,
  type Metafile,
  stop,
} from "esbuild";
import type { Mode } from "../app/config.ts";
import { importMapPlugin, readDenoConfig } from "./import_map.ts";
import type { FoundFile } from "./scan.ts";

/** Options of a bundle run. */
export interface BundleOptions {
  readonly root: string;
  readonly mode: Mode;
  readonly target: string | string[];
  readonly sourceMap: {
    kind?: boolean | "linked" | "inline" | "external" | "both";
    sourceRoot?: string;
    sourcesContent?: boolean;
  };
}

/**
 * The bundles of a build, by file name; the names contain a hash of the
 * content.
 */
export interface Bundles {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** The bundle of the browser's runtime; null without islands. */
  readonly runtime: string | null;
  /**
   * For each island a unique name and its bundle, in the order of the input.
   */
  readonly islands: readonly { name: string; file: string }[];
  /** For each bundle those that it imports statically. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

const RUNTIME = "fresh-runtime";
const RUNTIME_ENTRY = join(import.meta.dirname!, "../render/start.ts");
const OUTPUT = "/out";

/**
 * Bundles all islands in one run, so that they share one Preact and one copy of
 * each module. An `import()` in an island becomes a file of its own.
 */
export async function bundleIslands(
  islands: readonly FoundFile[],
  options: BundleOptions,
): Promise<Bundles> {
  if (islands.length === 0) {
    return { files: new Map(), runtime: null, islands: [], imports: {} };
  }
  const names = uniqueNames(islands);
  const result = await build({
    ...await commonOptions(options),
    entryPoints: [
      { in: RUNTIME_ENTRY, out: RUNTIME },
      ...islands.map(({ file }, i) => ({ in: file, out: names[i]! })),
    ],
    // esbuild keeps a child process, which would keep this one alive.
  }).finally(stop);

  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path, contents } of result.outputFiles ?? []) {
    files.set(basename(path), new Uint8Array(contents));
  }
  const outputs = Object.entries(result.metafile!.outputs);
  const entryOf = (source: string): string => {
    const found = outputs.find(([, { entryPoint }]) =>
      entryPoint !== undefined && join(options.root, entryPoint) === source
    );
    if (found === undefined) {
      throw new Error(`Cannot find the bundle of "${source}"`);
    }
    return basename(found[0]);
  };
  return {
    files,
    runtime: entryOf(RUNTIME_ENTRY),
    islands: islands.map(({ file }, i) => ({
      name: names[i]!,
      file: entryOf(file),
    })),
    imports: staticImports(result.metafile!),
  };
}

async function commonOptions({ root, mode, target, sourceMap }: BundleOptions) {
  const config = await readDenoConfig(root);
  const isProduction = mode === "production";
  return {
    absWorkingDir: root,
    outdir: join(root, OUTPUT),
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "browser",
    target,
    minify: isProduction,
    sourcemap: sourceMap.kind ?? (isProduction ? false : "linked"),
    sourcesContent: sourceMap.sourcesContent ?? true,
    ...(sourceMap.sourceRoot === undefined
      ? {}
      : { sourceRoot: sourceMap.sourceRoot }),
    jsx: "automatic",
    jsxImportSource: config.compilerOptions?.jsxImportSource ?? "preact",
    // The options come from deno.json; a stray tsconfig.json must not change
    // them.
    tsconfigRaw: {},
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    plugins: [importMapPlugin(config)],
    logLevel: "warning",
  } satisfies EsbuildOptions;
}

/**
 * File names without extension, as identifiers; the second of a kind gets a
 * number.
 */
function uniqueNames(islands: readonly FoundFile[]): string[] {
  const counts = new Map<string, number>([[RUNTIME, 1]]);
  return islands.map(({ path }) => {
    const name = basename(path).replace(/\.[^.]+$/, "").replaceAll(/\W/g, "_");
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  });
}

function staticImports({ outputs }: Metafile): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(outputs).filter(([path]) => path.endsWith(".js")).map((
      [path, output],
    ) => [
      basename(path),
      output.imports.filter(({ kind }) => kind === "import-statement")
        .map((imported) => basename(relative(OUTPUT, imported.path))),
    ]),
  );
}
