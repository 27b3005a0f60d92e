/**
 * A second bundle run over the chunks of the first: those of a group become one
 * file. Chunks keep their names, which may say less of their content then: the
 * build's id in the URL is what tells one build from another.
 */
import {
  build,
  type BuildOptions,
  type BuildResult,
  type Plugin,
} from "esbuild";
import { basename } from "node:path";

/** A chunk of the first run, which must not be minified. */
export interface Chunk {
  readonly code: string;
  /** The names that it exports. */
  readonly exports: readonly string[];
}

/** What is merged: the chunks by file name, and those that go together. */
export interface MergeInput {
  readonly chunks: ReadonlyMap<string, Chunk>;
  readonly groups: readonly (readonly string[])[];
}

/** Where a merged chunk is now, and what its exports are called there. */
export interface Place {
  readonly file: string;
  readonly names: Readonly<Record<string, string>>;
}

/** The files of the second run, and where the merged chunks are in them. */
export interface Merged {
  readonly result: BuildResult<{ metafile: true; write: false }>;
  readonly places: ReadonlyMap<string, Place>;
}

/** Merges chunks; `options` are those of the first run. */
export async function mergeChunks(
  input: MergeInput,
  options: BuildOptions,
): Promise<Merged> {
  const places = placesOf(input);
  const alone = [...input.chunks.keys()].filter((name) => !places.has(name));
  const files = [...alone, ...input.groups.map((_, i) => groupFile(i))];
  const result = await build({
    ...options,
    write: false,
    metafile: true,
    splitting: false,
    entryNames: "[name]",
    entryPoints: files.map((file) => ({
      in: `entry:${file}`,
      out: file.replace(/\.js$/, ""),
    })),
    plugins: [chunkPlugin(input, places)],
  });
  return { result, places };
}

function groupFile(index: number): string {
  return `shared-${index}.js`;
}

function placesOf({ chunks, groups }: MergeInput): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const [index, group] of groups.entries()) {
    let count = 0;
    for (const name of group) {
      const names = Object.fromEntries(
        chunks.get(name)!.exports.map((exported) => [
          exported,
          `$${(count++).toString(36)}`,
        ]),
      );
      places.set(name, { file: groupFile(index), names });
    }
  }
  return places;
}

/** The bundler's own statements at the head of a chunk. */
const IMPORT = /import (?:\{([^}]*)\} from )?"\.\/([^"/]+)";\n/y;

/** Lets a chunk import from the files in which those of other groups are. */
function relinked(
  code: string,
  { home, places }: {
    home: string | null;
    places: ReadonlyMap<string, Place>;
  },
): string {
  const wanted = new Map<string, string[]>();
  let end = 0;
  let lines = "";
  IMPORT.lastIndex = 0;
  for (let match; (match = IMPORT.exec(code)) !== null;) {
    end = IMPORT.lastIndex;
    const [statement, list = "", chunk = ""] = match;
    lines += statement.replace(/.+/g, "");
    const place = places.get(chunk);
    const moved = place === undefined || place.file === home ? null : place;
    const from = moved?.file ?? chunk;
    const names = [...list.matchAll(/([\w$]+)(?: as ([\w$]+))?/g)].map((
      [, exported = "", local = exported],
    ) => `${moved?.names[exported] ?? exported} as ${local}`);
    wanted.set(from, [...wanted.get(from) ?? [], ...names]);
  }
  const head = [...wanted].map(([from, names]) =>
    `import ${names.length === 0 ? "" : `{${names}} from `}"./${from}";`
  );
  // As many lines as before, for maps to the sources.
  return head.join(" ") + lines + code.slice(end);
}

function chunkPlugin(
  { chunks, groups }: MergeInput,
  places: ReadonlyMap<string, Place>,
): Plugin {
  const homeOf = (chunk: string) => places.get(chunk)?.file ?? null;
  return {
    name: "merge-chunks",
    setup(build) {
      build.onResolve({ filter: /^entry:/ }, ({ path }) => {
        const name = path.slice("entry:".length);
        return { path: name, namespace: chunks.has(name) ? "chunk" : "group" };
      });
      build.onResolve({ filter: /^\.\// }, ({ path, importer, ...args }) => {
        const name = basename(path);
        const home = args.namespace === "group" ? importer : homeOf(importer);
        return home !== null && homeOf(name) === home
          ? { path: name, namespace: "chunk" }
          : { path, external: true };
      });
      build.onLoad({ filter: /.*/, namespace: "chunk" }, ({ path }) => ({
        contents: relinked(chunks.get(path)!.code, {
          home: homeOf(path),
          places,
        }),
        loader: "js",
      }));
      build.onLoad({ filter: /.*/, namespace: "group" }, ({ path }) => ({
        contents: groups.find((_, i) => groupFile(i) === path)!
          .map((chunk) => exportsOf(chunk, places.get(chunk)!)).join("\n"),
        loader: "js",
      }));
    },
  };
}

function exportsOf(chunk: string, { names }: Place): string {
  const list = Object.entries(names).map(([exported, name]) =>
    `${exported} as ${name}`
  );
  const path = JSON.stringify(`./${chunk}`);
  return list.length === 0
    ? `import ${path};`
    : `export { ${list.join(", ")} } from ${path};`;
}
