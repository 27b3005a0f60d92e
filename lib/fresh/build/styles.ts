/** Bundles style sheets: what one imports goes into it, minified. */
import { join } from "node:path";
import { build, stop } from "esbuild";
import type { FoundFile } from "./scan.ts";

/** Options of a style bundle. */
export interface StyleOptions {
  readonly root: string;
  readonly target: string | string[];
  /** Paths of the sheets in the static directory, such as `/panel.css`. */
  readonly styles: readonly string[];
}

/** What became of the static files. */
export interface BundledStyles {
  /** The sheets by their paths. */
  readonly sheets: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Paths of the files that are part of a sheet now. */
  readonly inlined: ReadonlySet<string>;
}

/**
 * Bundles the named sheets of the static directory.
 *
 * @throws {Error} where a sheet does not exist or cannot be read.
 */
export async function bundleStyles(
  statics: readonly FoundFile[],
  { root, target, styles }: StyleOptions,
): Promise<BundledStyles> {
  const sheets = new Map<string, Uint8Array<ArrayBuffer>>();
  const inlined = new Set<string>();
  if (styles.length === 0) return { sheets, inlined };
  try {
    for (const path of styles) {
      const sheet = statics.find((found) => found.path === path);
      if (sheet === undefined) {
        throw new Error(`There is no style sheet "${path}" to bundle`);
      }
      // deno-lint-ignore no-await-in-loop -- there are few, and the bundler works on many threads
      const { outputFiles, metafile } = await build({
        absWorkingDir: root,
        entryPoints: [sheet.file],
        target,
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
        outdir: "/out",
        // Files that a sheet points to stay where they are.
        external: ["*.svg", "*.png", "*.woff2"],
        logLevel: "warning",
      });
      sheets.set(path, new Uint8Array(outputFiles[0]!.contents));
      const inputs = new Set(
        Object.keys(metafile.inputs).map((input) => join(root, input)),
      );
      for (const { path: other, file } of statics) {
        if (other !== path && inputs.has(file)) inlined.add(other);
      }
    }
    return { sheets, inlined };
  } finally {
    await stop();
  }
}
