/**
 * The models that are on this machine: those that come with the product, and
 * those that its users brought.
 *
 * @module
 */
import type { ModelDescription, ModelInfo } from "../../contracts/inference.ts";
import {
  type ModelManifest,
  modelNameSchema,
  OWN_MODELS_DIR,
} from "../../contracts/model.ts";
import { detectorConfigSchema } from "../../contracts/strategies.ts";
import { readManifest } from "../runtime/model_package.ts";

/** Where models lie. */
export interface ModelFolders {
  /** Those that come with the product. */
  shipped: string;
  /** Those of the users; it need not exist. */
  own: string;
}

/** Most models that are listed of one folder; a folder with more is somebody's whole disk. */
export const LISTED_MODELS_MAX = 200;

/** Folder of the shipped models, below the root of the project. */
export const SHIPPED_MODELS_DIR = "lib/inference/models";

/** Both folders of a server or a command. */
export function modelFolders(
  { root, dataDir }: { root: URL; dataDir: string },
): ModelFolders {
  return {
    shipped: decodeURIComponent(new URL(SHIPPED_MODELS_DIR, root).pathname),
    own: `${dataDir}/${OWN_MODELS_DIR}`,
  };
}

/**
 * Lists all models, shipped ones first, each by the name of its folder. A name
 * that comes with the product stands for that model, whatever a user's folder
 * of the same name has. Descriptions are checked; files are when they are
 * loaded.
 */
export async function listModels(
  { shipped, own }: ModelFolders,
): Promise<ModelInfo[]> {
  const [ours, theirs] = await Promise.all([
    listFolder(shipped, "shipped"),
    listFolder(own, "own"),
  ]);
  const taken = new Set(ours.map(({ name }) => name));
  return [...ours, ...theirs.filter(({ name }) => !taken.has(name))];
}

async function listFolder(
  folder: string,
  origin: ModelInfo["origin"],
): Promise<ModelInfo[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      // Whatever is named otherwise cannot be asked for.
      if (!modelNameSchema.safeParse(entry.name).success) continue;
      if (!entry.isDirectory && !entry.isSymlink) continue;
      names.push(entry.name);
      if (names.length >= LISTED_MODELS_MAX) break;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  names.sort();
  return await Promise.all(
    names.map((name) => readModel(`${folder}/${name}`, { name, origin })),
  );
}

async function readModel(
  path: string,
  known: Pick<ModelInfo, "name" | "origin">,
): Promise<ModelInfo> {
  const manifest = await readManifest(path);
  const unusable = { ...known, description: null, loaded: null };
  if (!manifest.ok) return { ...unusable, problems: manifest.problems };
  if (manifest.value.name !== known.name) {
    return {
      ...unusable,
      problems: [
        `it calls itself "${manifest.value.name}"; name it like its folder`,
      ],
    };
  }
  return {
    ...known,
    problems: [],
    description: describe(manifest.value),
    loaded: null,
  };
}

function describe(manifest: ModelManifest): ModelDescription {
  return {
    title: manifest.title,
    kind: manifest.kind,
    timeframes: manifest.timeframes,
    windowCandles: manifest.windowCandles,
    horizonCandles: manifest.horizonCandles,
    features: manifest.features.length,
    detector: detectorConfigSchema.parse(manifest.detector),
    licence: manifest.licence,
    beatsBaselines: manifest.beatsBaselines,
    verdict: manifest.verdict,
  };
}
