/**
 * A build in memory: bundles and static files with their URLs, types and
 * digests.
 */
import { contentType } from "mime-types";
import { extname } from "node:path";
import {
  BUNDLE_PATH,
  type ModuleExports,
  type ProjectModules,
  type StaticFile,
} from "./build_cache.ts";
import type { Bundles } from "./bundle.ts";
import type { BuildRecord } from "./disk_cache.ts";
import type { FoundFile, ProjectFiles } from "./scan.ts";
import type { BundledStyles } from "./styles.ts";

/** A file with the way to its bytes. */
export interface SourceFile extends StaticFile {
  /** The bytes of a bundle, or the path of a static file. */
  readonly content: Uint8Array<ArrayBuffer> | string;
}

/** An island to load, with the URL of its bundle. */
export interface BuiltIsland {
  readonly name: string;
  readonly url: string;
  /** What its exports are called in its bundle, where that differs. */
  readonly exportNames: Readonly<Record<string, string>>;
  readonly file: string;
}

/** A finished build. */
export interface BuildOutput {
  readonly record: Omit<BuildRecord, "files">;
  readonly routes: readonly FoundFile[];
  readonly islands: readonly BuiltIsland[];
  /** By URL path. */
  readonly sources: Map<string, SourceFile>;
  /** Reads the static directory again. */
  refreshStatics(): Promise<void>;
}

const DIGEST_LENGTH = 16;

/**
 * Puts together a build; its id depends on the content of all its files and on
 * nothing else.
 */
export async function createBuild(
  files: ProjectFiles & { styles: BundledStyles },
  bundles: Bundles,
  rescan: () => Promise<ProjectFiles>,
): Promise<BuildOutput> {
  const { sheets, inlined } = files.styles;
  const statics = await Promise.all([
    readStatics(
      files.statics.filter(({ path }) =>
        !inlined.has(path) && !sheets.has(path)
      ),
    ),
    ...[...sheets].map(async (
      [path, bytes],
    ) => [[path, await toSource(path, bytes)] as const]),
  ]).then((lists) => lists.flat());
  const bundled = await Promise.all(
    [...bundles.files].map(async ([name, content]) =>
      [name, await toSource(name, content)] as const
    ),
  );
  const identity = [...statics, ...bundled].map(([path, { hash }]) =>
    `${path} ${hash}`
  ).sort();
  const buildId = await digest(new TextEncoder().encode(identity.join("\n")));
  const urlOf = (name: string) => `${BUNDLE_PATH}${buildId}/${name}`;
  const sources = new Map<string, SourceFile>(statics);
  for (const [name, source] of bundled) sources.set(urlOf(name), source);
  return {
    record: {
      buildId,
      runtimeUrl: bundles.runtime === null ? null : urlOf(bundles.runtime),
      imports: Object.fromEntries(
        Object.entries(bundles.imports).map((
          [name, names],
        ) => [urlOf(name), names.map(urlOf)]),
      ),
    },
    routes: files.routes,
    islands: bundles.islands.map(({ name, file, exportNames }, i) => ({
      name,
      url: urlOf(file),
      exportNames,
      file: files.islands[i]!.file,
    })),
    sources,
    async refreshStatics() {
      const fresh = await readStatics((await rescan()).statics);
      for (const path of sources.keys()) {
        if (!path.startsWith(BUNDLE_PATH)) sources.delete(path);
      }
      for (const [path, source] of fresh) sources.set(path, source);
    },
  };
}

/** Imports the modules of a build. */
export async function loadModules(
  { routes, islands }: BuildOutput,
  load: (file: string) => Promise<ModuleExports>,
): Promise<ProjectModules> {
  return {
    routes: await Promise.all(
      routes.map(async ({ path, file }) => ({
        path,
        module: await load(file),
      })),
    ),
    islands: await Promise.all(
      islands.map(async ({ name, url, exportNames, file }) => ({
        name,
        url,
        exportNames,
        module: await load(file),
      })),
    ),
  };
}

async function readStatics(
  files: readonly FoundFile[],
): Promise<[string, SourceFile][]> {
  return await Promise.all(
    files.map(async (
      { path, file },
    ) => [path, await toSource(path, await Deno.readFile(file), file)]),
  );
}

async function toSource(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  file?: string,
): Promise<SourceFile> {
  return {
    contentType: contentType(extname(path)) || "application/octet-stream",
    size: bytes.byteLength,
    hash: await digest(bytes),
    content: file ?? bytes,
    async open() {
      return file === undefined
        ? new Blob([bytes]).stream()
        : (await Deno.open(file)).readable;
    },
  };
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.toHex().slice(0, DIGEST_LENGTH);
}
