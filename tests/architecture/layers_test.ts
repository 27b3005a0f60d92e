import assert from "node:assert/strict";
import { importFault, layerOf } from "../../lib/build/import_rules.ts";
import {
  RUNTIME_CONFIG_DIR,
  RUNTIME_VERSION,
} from "../../lib/inference/install/runtime_place.ts";
import { readGraph, SOURCE_ROOTS } from "./graph.ts";

const graph = await readGraph();

Deno.test("source graph keeps the layers on every import", () => {
  const faults = graph.edges.flatMap((edge) => {
    const fault = importFault(edge);
    return fault === null ? [] : [`${edge.from}: ${fault}`];
  });
  assert.deepEqual(faults, []);
});

Deno.test("source graph has no cycle of value imports", () => {
  assert.deepEqual(
    findCycle(graph.edges.filter((edge) => !edge.typeOnly)),
    null,
  );
});

Deno.test("source graph reaches every file from what is started", () => {
  const roots = [...SOURCE_ROOTS, ...graph.files.filter(isOwnRoot)];
  const reached = new Set(roots);
  const queue = [...roots];
  for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
    for (const edge of graph.edges) {
      if (edge.from !== from || reached.has(edge.target)) continue;
      reached.add(edge.target);
      queue.push(edge.target);
    }
  }
  const dead = graph.files.filter((file) => !reached.has(file));
  assert.deepEqual(dead, []);
});

Deno.test("every source file outside tests and tasks belongs to a layer", () => {
  const homeless = graph.files.filter((file) =>
    file.includes("/") && !/^(tests|tasks)\//.test(file) &&
    layerOf(file) === null
  );
  assert.deepEqual(homeless, []);
});

Deno.test("agent worker carries no schema, web or exchange package", () => {
  assert.deepEqual(
    ["agents/worker.ts", "agents/guard_worker.ts"].flatMap(packagesReachedFrom)
      .filter((name) => /^(zod|hono|jose|ccxt|preact|hash-wasm)\b/.test(name)),
    [],
  );
});

Deno.test("ccxt is loaded by the downloader alone, and never by the server", () => {
  const users = [...graph.packages].filter(([, names]) =>
    names.some((name) => /^ccxt\b/.test(name))
  ).map(([file]) => file);
  assert.deepEqual(users, ["lib/exchange/history/ccxt_venue.ts"]);
  for (const root of ["main.ts", "lib/exchange/worker.ts", "tasks/start.ts"]) {
    const packages = packagesReachedFrom(root);
    assert(!packages.some((name) => /^ccxt\b/.test(name)), root);
  }
});

Deno.test("the model runtime is loaded where models run, and by no start without them", () => {
  const loader = "lib/inference/runtime/runtime.ts";
  assert(filesReachedFrom("lib/inference/worker.ts").has(loader));
  for (
    const root of [
      "main.ts",
      "tasks/start.ts",
      "agents/worker.ts",
      "lib/desk/worker.ts",
      "lib/exchange/worker.ts",
    ]
  ) {
    assert(!filesReachedFrom(root).has(loader), root);
  }
});

Deno.test("the model runtime is no package of a start: no source names it, and the lock file does not hold it", async () => {
  const users = [...graph.packages].filter(([, names]) =>
    names.some((name) => /^onnxruntime/.test(name))
  );
  assert.deepEqual(users, []);
  for (const file of ["deno.json", "deno.jsr.json", "deno.lock"]) {
    // deno-lint-ignore no-await-in-loop -- three files
    const text = await Deno.readTextFile(
      new URL(`../../${file}`, import.meta.url),
    );
    assert(!/onnxruntime|protobufjs/.test(text), file);
  }
});

Deno.test("the model runtime has a lock file of its own, for the version that the code works with", async () => {
  const read = async (file: string) =>
    JSON.parse(
      await Deno.readTextFile(
        new URL(`../../${RUNTIME_CONFIG_DIR}/${file}`, import.meta.url),
      ),
    );
  const wanted = `npm:onnxruntime-web@${RUNTIME_VERSION}`;
  const [config, lock] = await Promise.all([
    read("deno.json"),
    read("deno.lock"),
  ]);
  assert.deepEqual(Object.values(config.imports), [`${wanted}/wasm`]);
  assert.deepEqual(lock.specifiers, { [wanted]: RUNTIME_VERSION });
  assert.deepEqual(config.allowScripts.allow, []);
});

Deno.test("clear text of an exchange key exists in the desk worker alone", () => {
  const opening = "lib/vault/open_key.ts";
  assert(filesReachedFrom("lib/desk/worker.ts").has(opening));
  for (
    const root of [
      "main.ts",
      "agents/worker.ts",
      "lib/exchange/worker.ts",
      "lib/backtest/worker.ts",
      "lib/inference/worker.ts",
      "tasks/keys.ts",
    ]
  ) {
    assert(!filesReachedFrom(root).has(opening), root);
  }
});

Deno.test("agents cannot read the reference indicators, which look ahead", () => {
  const reached = filesReachedFrom("agents/worker.ts");
  assert(reached.has("agents/smc/detector_set.ts"));
  assert.deepEqual(
    [...reached].filter((file) => file.startsWith("agents/smc/reference/")),
    [],
  );
});

Deno.test("nothing that trades can read labels, which look forward", () => {
  const labels = "agents/decision/labels.ts";
  assert(filesReachedFrom("tasks/ml.ts").has(labels));
  for (
    const root of [
      "agents/worker.ts",
      "agents/mod.ts",
      "lib/backtest/worker.ts",
      "main.ts",
    ]
  ) {
    assert(!filesReachedFrom(root).has(labels), root);
  }
});

Deno.test("browser code reaches no server package", () => {
  const islands = graph.files.filter((file) => file.startsWith("islands/"));
  const packages = islands.flatMap(packagesReachedFrom);
  assert.deepEqual(
    packages.filter((name) => /^(hono|jose|esbuild|hash-wasm)\b/.test(name)),
    [],
  );
});

/** Pages and islands are found by their place, not by an import. */
function isOwnRoot(file: string): boolean {
  return /^(routes|islands)\//.test(file);
}

function packagesReachedFrom(start: string): string[] {
  const packages = new Set<string>();
  for (const file of filesReachedFrom(start)) {
    graph.packages.get(file)?.forEach((name) => packages.add(name));
  }
  return [...packages];
}

/** The file itself and all that it imports values of, directly or not. */
function filesReachedFrom(start: string): Set<string> {
  const seen = new Set([start]);
  const queue = [start];
  for (let from = queue.pop(); from !== undefined; from = queue.pop()) {
    for (const edge of graph.edges) {
      if (edge.typeOnly || edge.from !== from || seen.has(edge.target)) {
        continue;
      }
      seen.add(edge.target);
      queue.push(edge.target);
    }
  }
  return seen;
}

/** The first cycle found, as a path, or null. */
function findCycle(
  edges: readonly { from: string; target: string }[],
): string[] | null {
  const targets = new Map<string, string[]>();
  for (const { from, target } of edges) {
    targets.set(from, [...targets.get(from) ?? [], target]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const target of targets.get(file) ?? []) {
      const cycle = visit(target, [...path, file]);
      if (cycle !== null) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of targets.keys()) {
    const cycle = visit(file, []);
    if (cycle !== null) return cycle;
  }
  return null;
}
