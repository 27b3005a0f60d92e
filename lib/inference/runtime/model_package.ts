/**
 * A model package: a folder with `model.json` and `model.onnx`. This file reads
 * and checks what can be known without running the model.
 *
 * @module
 */
import {
  FEATURES,
  FEATURES_VERSION,
} from "../../../agents/decision/feature_list.ts";
import {
  MANIFEST_FILE,
  MODEL_BYTES_MAX,
  type ModelManifest,
  modelManifestSchema,
  ONNX_FILE,
} from "../../contracts/model.ts";
import { detectorConfigSchema } from "../../contracts/strategies.ts";
import { MANIFEST_BYTES_MAX } from "./limits.ts";

/** A package whose files fit each other. */
export interface ModelPackage {
  manifest: ModelManifest;
  onnx: Uint8Array<ArrayBuffer>;
}

/** What was read, or a sentence for each thing that is wrong with it. */
export type Checked<T> =
  | { ok: true; value: T }
  | { ok: false; problems: readonly string[] };

/** Reads `model.json` of a folder and checks it by itself. */
export async function readManifest(
  folder: string,
): Promise<Checked<ModelManifest>> {
  const path = `${folder}/${MANIFEST_FILE}`;
  const bytes = await readFile(path, MANIFEST_BYTES_MAX);
  if (!bytes.ok) return bytes;
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes.value));
  } catch (error) {
    return refuse(`${path} is not JSON: ${(error as Error).message}`);
  }
  const parsed = modelManifestSchema.safeParse(json);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map(({ path: place, message }) =>
        `${path}: ${place.length === 0 ? "" : `${place.join(".")}: `}${message}`
      ),
    };
  }
  const problems = findManifestProblems(parsed.data, path);
  return problems.length === 0
    ? { ok: true, value: parsed.data }
    : { ok: false, problems };
}

/** Reads both files of a folder and checks that they belong together. */
export async function readPackage(
  folder: string,
): Promise<Checked<ModelPackage>> {
  const manifest = await readManifest(folder);
  const path = `${folder}/${ONNX_FILE}`;
  const onnx = await readFile(path, MODEL_BYTES_MAX);
  if (!manifest.ok || !onnx.ok) {
    return {
      ok: false,
      problems: [manifest, onnx].flatMap((part) =>
        part.ok ? [] : part.problems
      ),
    };
  }
  const sha256 = await hashOf(onnx.value);
  return sha256 === manifest.value.onnxSha256
    ? { ok: true, value: { manifest: manifest.value, onnx: onnx.value } }
    : refuse(
      `${path} has the SHA-256 ${sha256}, but ${MANIFEST_FILE} says ${manifest.value.onnxSha256}; copy both files of the same model`,
    );
}

/** All that the schema cannot know: this version's features and detectors. */
function findManifestProblems(
  manifest: ModelManifest,
  path: string,
): string[] {
  const problems: string[] = [];
  if (manifest.featuresVersion !== FEATURES_VERSION) {
    problems.push(
      `${path}: the model was trained on features of version ${manifest.featuresVersion}, this server has version ${FEATURES_VERSION}; train it anew`,
    );
  }
  const known = new Set<string>(FEATURES.map(({ name }) => name));
  const unknown = manifest.features.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    problems.push(
      `${path}: there are no features named ${
        unknown.map((name) => `"${name}"`).join(", ")
      }; docs/decision-features.md lists them`,
    );
  }
  const repeated = manifest.features.find((name, place) =>
    manifest.features.indexOf(name) !== place
  );
  if (repeated !== undefined) {
    problems.push(
      `${path}: the feature "${repeated}" is named twice; name each once`,
    );
  }
  const detector = detectorConfigSchema.safeParse(manifest.detector);
  for (const issue of detector.error?.issues ?? []) {
    problems.push(
      `${path}: ${["detector", ...issue.path].join(".")}: ${issue.message}`,
    );
  }
  return problems;
}

async function readFile(
  path: string,
  bytesMax: number,
): Promise<Checked<Uint8Array<ArrayBuffer>>> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) return refuse(`${path} is not a file`);
    if (size > bytesMax) {
      return refuse(
        `${path} has ${size} bytes, more than the ${bytesMax} allowed`,
      );
    }
    return { ok: true, value: await Deno.readFile(path) };
  } catch (error) {
    return refuse(
      error instanceof Deno.errors.NotFound
        ? `${path} is missing; a model is a folder with ${MANIFEST_FILE} and ${ONNX_FILE}`
        : `${path} cannot be read: ${(error as Error).message}`,
    );
  }
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}

function refuse(problem: string): { ok: false; problems: readonly string[] } {
  return { ok: false, problems: [problem] };
}
