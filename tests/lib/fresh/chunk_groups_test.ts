import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type ChunkGraph,
  type ChunkLinks,
  groupChunks,
} from "../../../lib/fresh/build/chunk_groups.ts";

const KIB = 1_024;

const ENTRIES = 6;

/** Chunks that import only later ones, so that there is no circle, and no entry point: what others import of one is a chunk of its own. */
const graphs = fc.array(
  fc.record({ imports: fc.array(fc.nat(30)), kib: fc.nat(40) }),
  { minLength: 8, maxLength: 30 },
).map((list): ChunkGraph => {
  const chunks = new Map<string, ChunkLinks>(
    list.map(({ imports, kib }, i) => [`c${i}`, {
      imports: imports.map((n) => Math.max(ENTRIES, i + 1) + n).filter((n) =>
        n < list.length
      )
        .map((n) => `c${n}`),
      bytes: kib * KIB,
      isEntry: i < ENTRIES,
    }]),
  );
  const islands = ["c0", "c1", "c2", "c3", "c4"];
  return { chunks, islands, everywhere: ["c5", "c0"] };
});

Deno.test("groupChunks() puts a chunk into one group at most, entry points only where every page has them, and makes no circle", () => {
  fc.assert(fc.property(graphs, (graph) => {
    const groups = groupChunks(graph);
    const all = groups.flat();
    assert.equal(new Set(all).size, all.length);
    const home = (name: string) =>
      groups.findIndex((group) => group.includes(name));
    for (const [name, { isEntry }] of graph.chunks) {
      if (isEntry && home(name) >= 0) {
        assert.ok(graph.everywhere.includes(name));
      }
    }
    const fileOf = (name: string) =>
      home(name) < 0 ? name : `group ${home(name)}`;
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): void => {
      assert.ok(!path.includes(file), `${[...path, file]}`);
      if (done.has(file)) return;
      for (const [name, { imports }] of graph.chunks) {
        if (fileOf(name) !== file) continue;
        for (const imported of imports.map(fileOf)) {
          if (imported !== file) walk(imported, [...path, file]);
        }
      }
      done.add(file);
    };
    for (const name of graph.chunks.keys()) walk(fileOf(name), []);
  }));
});
