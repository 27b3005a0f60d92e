/** Rows of the table of packages: what the lock file has, under which licence. */
const ROOT = new URL("../../", import.meta.url);

interface LockedPackage {
  integrity: string;
  dependencies?: readonly string[];
  /** Only for packages that are for one system. */
  os?: readonly string[];
}

/** One package as it is locked. */
export interface Package {
  name: string;
  version: string;
  /** Named in the import map; others come with these. */
  isOurs: boolean;
  licence: string;
}

export const PACKAGE_HEAD = ["package", "version", "licence", "why"];

/** All packages but those for one system, which are parts of the package that names them. */
export function listPackages(): Package[] {
  const { npm, workspace } = readJson(new URL("deno.lock", ROOT)) as {
    npm: Readonly<Record<string, LockedPackage>>;
    workspace: { dependencies: readonly string[] };
  };
  const ours = new Set(
    workspace.dependencies.map((text) => text.replace(/^npm:/, "")),
  );
  const found = new Map<string, Package>();
  for (const [key, { os }] of Object.entries(npm)) {
    // `name@version`, then an underscore and what it was resolved beside.
    const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key)!;
    const id = `${name}@${version}`;
    if (os !== undefined || found.has(id)) continue;
    found.set(id, {
      name: name!,
      version: version!,
      isOurs: ours.has(id),
      licence: licenceOf(id, name!),
    });
  }
  return [...found.values()].toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0
  );
}

/** One row a package, ours first. */
export function packageRows(): string[][] {
  const all = listPackages();
  return [
    ...all.filter(({ isOurs }) => isOurs),
    ...all.filter(({ isOurs }) => !isOurs),
  ].map(({ name, version, licence, isOurs }) => [
    `\`${name}\``,
    version,
    licence,
    isOurs ? "imported" : "comes with another",
  ]);
}

function licenceOf(id: string, name: string): string {
  const folder = id.replaceAll("/", "+");
  const file = new URL(
    `node_modules/.deno/${folder}/node_modules/${name}/package.json`,
    ROOT,
  );
  const { license, licenses } = readJson(file) as {
    license?: string | { type: string };
    licenses?: readonly { type: string }[];
  };
  if (typeof license === "string") return license;
  return license?.type ?? licenses?.[0]?.type ?? "not said";
}

function readJson(file: URL): unknown {
  return JSON.parse(Deno.readTextFileSync(file));
}
