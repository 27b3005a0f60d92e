/** Lets esbuild resolve what Deno resolves: the import map of `deno.json`. */
import { dirname, join } from "node:path";
import type { Plugin } from "esbuild";

/** The part of `deno.json` that bundling follows. */
export interface DenoConfig {
  /** The directory of the file, and of `node_modules`. */
  readonly directory: string;
  readonly imports?: Readonly<Record<string, string>>;
  readonly compilerOptions?: { readonly jsxImportSource?: string };
}

/**
 * Reads the nearest `deno.json` at or above `directory`, as Deno itself does.
 */
export async function readDenoConfig(directory: string): Promise<DenoConfig> {
  try {
    const text = await Deno.readTextFile(join(directory, "deno.json"));
    return { ...JSON.parse(text), directory };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const parent = dirname(directory);
    return parent === directory ? { directory } : await readDenoConfig(parent);
  }
}

/** Marks our own nested look-ups, which must not come back to this plugin. */
const NESTED = Symbol("nested");

/**
 * Resolves bare names by the import map. What a package in `node_modules`
 * imports is left to esbuild.
 *
 * @param config The file with the import map.
 */
export function importMapPlugin(
  { directory, imports = {} }: DenoConfig,
): Plugin {
  return {
    name: "import-map",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        const isForeign = args.kind === "entry-point" ||
          args.pluginData === NESTED ||
          args.importer.includes("/node_modules/");
        const target = isForeign ? null : mapped(args.path, imports);
        if (target === null) return null;
        if (target.startsWith(".")) return { path: join(directory, target) };
        const packageName = npmName(target);
        if (packageName === null) {
          return {
            errors: [{
              text: `Cannot bundle "${args.path}": it is mapped to "${target}"`,
            }],
          };
        }
        const { kind } = args;
        return await build.resolve(packageName, {
          resolveDir: directory,
          kind,
          pluginData: NESTED,
        });
      });
    },
  };
}

/**
 * The target of the longest matching key; a key with a slash at the end matches
 * what is below.
 */
function mapped(
  name: string,
  imports: Readonly<Record<string, string>>,
): string | null {
  if (Object.hasOwn(imports, name)) return imports[name]!;
  const key =
    Object.keys(imports).filter((key) =>
      key.endsWith("/") && name.startsWith(key)
    )
      .sort((a, b) => b.length - a.length)[0];
  if (key !== undefined) return imports[key]! + name.slice(key.length);
  return /^(npm|jsr|node|https?):/.test(name) ? name : null;
}

/** `npm:@scope/name@1.2.3/sub` is `@scope/name/sub`. */
function npmName(specifier: string): string | null {
  const match = /^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?(\/.*)?$/.exec(
    specifier,
  );
  return match === null ? null : match[1]! + (match[2] ?? "");
}
