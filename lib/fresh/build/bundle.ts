/** Bundles the islands for the browser; the only file that needs esbuild. */
import { basename, join, relative } from "node:path";
import {
  build,
  type BuildOptions as EsbuildOptions,
  type BuildResult,
  type Metafile,
  stop,
} from "esbuild";
import type { Mode } from "../app/config.ts";
import { type ChunkLinks, groupChunks } from "./chunk_groups.ts";
import { importMapPlugin, readDenoConfig } from "./import_map.ts";
import { type Chunk, mergeChunks, type Merged } from "./merge_chunks.ts";
import type { FoundFile } from "./scan.ts";

/** Options of a bundle run. */
export interface BundleOptions {
  readonly root: string;
  readonly mode: Mode;
  readonly target: string | string[];
  /** Names of islands that every page has; they go into one file with the runtime. */
  readonly everywhere: readonly string[];
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
   * For each island a unique name, its bundle, and what its exports are called
   * there where that differs; in the order of the input.
   */
  readonly islands: readonly BundledIsland[];
  /** For each bundle those that it imports statically. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

/** Where the browser finds an island. */
export interface BundledIsland {
  readonly name: string;
  readonly file: string;
  readonly exportNames: Readonly<Record<string, string>>;
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
  const run = await commonOptions(options);
  // In development a changed file is found again by its name, unmerged.
  const isMerged = options.mode === "production";
  try {
    const first = await build({
      ...run,
      ...(isMerged
        ? { minify: false, sourcemap: run.sourcemap && "inline" }
        : {}),
      splitting: true,
      entryPoints: [
        { in: RUNTIME_ENTRY, out: RUNTIME },
        ...islands.map(({ file }, i) => ({ in: file, out: names[i]! })),
      ],
    });
    const entryOf = entriesOf(first.metafile, options.root);
    const entries = {
      runtime: entryOf(RUNTIME_ENTRY),
      islands: islands.map(({ file }) => entryOf(file)),
    };
    const everywhere = entries.islands.filter((_, i) =>
      options.everywhere.includes(names[i]!)
    );
    const merged = isMerged
      ? await merge(first, { ...entries, everywhere, run })
      : { result: first, places: new Map() };
    return toBundles(merged, { ...entries, names });
  } finally {
    // esbuild keeps a child process, which would keep this one alive.
    await stop();
  }
}

/** Finds the chunk of a source file that is an entry point. */
function entriesOf({ outputs }: Metafile, root: string) {
  return (source: string): string => {
    const found = Object.entries(outputs).find(([, { entryPoint }]) =>
      entryPoint !== undefined && join(root, entryPoint) === source
    );
    if (found === undefined) {
      throw new Error(`Cannot find the bundle of "${source}"`);
    }
    return basename(found[0]);
  };
}

type Run = BuildResult<{ metafile: true; write: false }>;

async function merge(
  { outputFiles, metafile }: Run,
  { runtime, islands, everywhere, run }: {
    runtime: string;
    islands: readonly string[];
    everywhere: readonly string[];
    run: EsbuildOptions;
  },
): Promise<Merged> {
  const imports = staticImports(metafile);
  const named = new Set(
    Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === "dynamic-import").map(({ path }) =>
        basename(path)
      )
    ),
  );
  const chunks = new Map<string, Chunk>();
  const links = new Map<string, ChunkLinks>();
  for (const { path, text } of outputFiles) {
    const name = basename(path);
    const output = Object.entries(metafile.outputs).find(([key]) =>
      basename(key) === name
    )![1];
    chunks.set(name, { code: text, exports: output.exports });
    links.set(name, {
      imports: imports[name] ?? [],
      bytes: output.bytes,
      isEntry: output.entryPoint !== undefined,
    });
  }
  const groups = groupChunks({
    chunks: links,
    islands,
    everywhere: [runtime, ...everywhere.filter((name) => !named.has(name))],
  });
  return await mergeChunks({ chunks, groups }, run);
}

function toBundles(
  { result: { outputFiles, metafile }, places }: Merged,
  { runtime, islands, names }: {
    runtime: string;
    islands: readonly string[];
    names: readonly string[];
  },
): Bundles {
  return {
    files: new Map(
      outputFiles.map((
        { path, contents },
      ) => [basename(path), new Uint8Array(contents)]),
    ),
    runtime: places.get(runtime)?.file ?? runtime,
    islands: islands.map((chunk, i) => ({
      name: names[i]!,
      file: places.get(chunk)?.file ?? chunk,
      exportNames: places.get(chunk)?.names ?? {},
    })),
    imports: staticImports(metafile),
  };
}

async function commonOptions({ root, mode, target, sourceMap }: BundleOptions) {
  const config = await readDenoConfig(root);
  const isProduction = mode === "production";
  return {
    absWorkingDir: root,
    outdir: join(root, OUTPUT),
    bundle: true,
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
