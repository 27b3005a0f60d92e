import assert from "node:assert/strict";
import {
  documentedConstants,
  documentedEntries,
} from "../../tasks/docs/constants.ts";

Deno.test("documentedConstants() joins a comment of several lines and shows the value of the module", () => {
  const source = `/**
 * How long
 * to wait.
 */
export const WAIT_MS = 2 * 1_000;
`;
  assert.deepEqual(documentedConstants(source, { WAIT_MS: 2_000 }), [
    { name: "WAIT_MS", value: "2,000", meaning: "How long to wait." },
  ]);
});

Deno.test("documentedConstants() gives every constant under one comment its sentence", () => {
  const source = `/** Bounds. */
export const LOW = 1;
export const HIGH = { a: 1_500, b: "x" };

export const SILENT = 3;
`;
  const found = documentedConstants(source, {
    LOW: 1,
    HIGH: { a: 1_500, b: "x" },
    SILENT: 3,
  });
  assert.deepEqual(found.map(({ name, value }) => [name, value]), [
    ["LOW", "1"],
    ["HIGH", "a 1,500, b x"],
  ]);
});

Deno.test("documentedEntries() refuses an entry that nothing is said about", () => {
  const source = `{
  /** Said. */
  known: 1,
  silent: 2,
}`;
  assert.deepEqual(documentedEntries(source, { known: 1 }), [
    { name: "known", value: "1", meaning: "Said." },
  ]);
  assert.throws(
    () => documentedEntries(source, { silent: 2 }),
    /Nothing is said about "silent"/,
  );
});
