import { type Layer, LAYERS } from "./layers.ts";

/** The layer a file belongs to, or null for roots (main.ts, tasks, tests) that may import everything. */
export function layerOf(file: string): Layer | null {
  const matches = LAYERS.filter((layer) => isWithin(file, layer.path));
  return matches.reduce<Layer | null>(
    (best, layer) =>
      best === null || layer.path.length > best.path.length ? layer : best,
    null,
  );
}

/** Why `from` may not import `target` (both relative to the root), or null if it may. */
export function importFault(
  edge: { from: string; target: string; typeOnly: boolean },
): string | null {
  const layer = layerOf(edge.from);
  if (layer === null) return null;
  if (edge.target === "main.ts") return "Nobody imports main.ts";
  const folder = LAYERS.find((candidate) =>
    candidate.path === folderOf(layer.path)
  );
  const own = [layer.path, folder?.path ?? layer.path];
  const allowed = [
    ...own,
    ...layer.imports,
    ...(edge.typeOnly ? layer.types ?? [] : []),
  ];
  if (allowed.some((path) => isWithin(edge.target, path))) return null;
  const kind = edge.typeOnly ? "import types of" : "import";
  return `${layer.path} must not ${kind} ${edge.target}; see lib/build/layers.ts`;
}

/** A file of a layer that is one file belongs to its folder's layer too. */
function folderOf(path: string): string {
  return path.endsWith(".ts") ? path.slice(0, path.lastIndexOf("/")) : path;
}

function isWithin(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}
