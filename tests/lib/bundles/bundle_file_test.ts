import assert from "node:assert/strict";
import fc from "fast-check";
import {
  authorOf,
  fingerprintOf,
  readBundle,
  writeBundle,
} from "../../../lib/bundles/bundle_file.ts";
import { BUNDLE_BYTES_MAX } from "../../../lib/contracts/bundle.ts";
import { canonicalText } from "../../../lib/core/canonical.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { part, signed, SIGNER, statement } from "./samples.ts";

/** The code and the sentence that reading is refused with. */
function refusal(text: string): AppError {
  try {
    readBundle(text);
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error;
  }
  throw new Error("It was read");
}

Deno.test("writeBundle and readBundle give back what was signed, as canonical JSON", () => {
  const text = signed();
  const { signature, ...read } = readBundle(text);
  const author = { name: "Ada", key: SIGNER.key };
  assert.deepEqual(read, { ...statement(), author });
  assert.equal(text, `${canonicalText(JSON.parse(text))}\n`);
  assert.match(signature, /^[\w-]{86}$/);
  assert.deepEqual(authorOf(read), {
    ...author,
    fingerprint: fingerprintOf(SIGNER.key),
  });
  assert.match(fingerprintOf(SIGNER.key), /^[0-9a-f]{40}$/);
});

Deno.test("readBundle does not mind how a file is laid out", () => {
  const text = JSON.stringify(JSON.parse(signed()), null, 2);
  assert.deepEqual(readBundle(text), readBundle(signed()));
});

Deno.test("readBundle refuses every file in which anything was changed", () => {
  const text = signed();
  const paths: (readonly (string | number)[])[] = [];
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        walk(inner, [...path, key]);
      }
    } else paths.push(path);
  };
  walk(JSON.parse(text), []);
  fc.assert(fc.property(fc.constantFrom(...paths), (path) => {
    const value = JSON.parse(text);
    const last = path.at(-1)!;
    const owner = path.slice(0, -1).reduce((node, key) => node[key], value);
    const before = owner[last];
    owner[last] = typeof before === "number"
      ? before + 1
      : typeof before === "boolean"
      ? !before
      : `${before}x`;
    const { code } = refusal(JSON.stringify(value));
    const isEnvelope = last === "format" || path.join() === "v";
    const expected = path.join() === "v"
      ? "BUNDLE_TOO_NEW"
      : isEnvelope
      ? "BUNDLE_INVALID"
      : "BUNDLE_TAMPERED";
    assert.equal(code, expected, path.join("."));
  }));
  const extra = { ...JSON.parse(text), note: "more" };
  assert.equal(refusal(JSON.stringify(extra)).code, "BUNDLE_TAMPERED");
});

Deno.test("readBundle says in one sentence what is wrong and how to mend it", () => {
  const newer = { ...JSON.parse(signed()), v: 9 };
  const { signature: _, ...unsigned } = JSON.parse(signed());
  const cases: readonly [string, string, RegExp][] = [
    ["{", "BUNDLE_INVALID", /not JSON: it was cut off/],
    ["[]", "BUNDLE_INVALID", /This is no bundle/],
    [JSON.stringify(newer), "BUNDLE_TOO_NEW", /version 9.*update SMC Fleet/],
    [JSON.stringify(unsigned), "BUNDLE_INVALID", /is not signed/],
    [" ".repeat(BUNDLE_BYTES_MAX + 1), "BUNDLE_INVALID", /at most 49152/],
    [
      signed().replace('"Ada"', '"Eve"'),
      "BUNDLE_TAMPERED",
      /changed after it was signed.*get it from its author again/,
    ],
    [
      signed().replace('"Ada"', '"\\ud800"'),
      "BUNDLE_TAMPERED",
      /changed after/,
    ],
  ];
  for (const [text, code, sentence] of cases) {
    const error = refusal(text);
    assert.equal(error.code, code);
    assert.match(error.message, sentence);
  }
});

Deno.test("readBundle takes no configuration that is more than a proposal, whoever has signed it", () => {
  const { config } = part();
  const live = [
    { ...config, mode: "live" as const },
    { ...config, exchangeKeyId: "key_1" },
    { ...config, sources: ["agt_1"] },
  ];
  for (const wrong of live) {
    const error = refusal(signed({ parts: [part({ config: wrong })] }));
    assert.equal(error.code, "BUNDLE_INVALID");
    assert.deepEqual(error.errors.map(({ pointer }) => pointer), [
      "/parts/0/config",
    ]);
  }
  const twice = refusal(signed({ parts: [part(), part()] }));
  assert.deepEqual(twice.errors.map(({ pointer }) => pointer), [
    "/parts/1/name",
  ]);
  const stray = refusal(signed({ listens: { shared: ["other"] } }));
  assert.deepEqual(stray.errors.map(({ pointer }) => pointer), [
    "/listens/shared",
  ]);
  const unknown = refusal(signed({ parts: [{ ...part(), note: "x" }] }));
  assert.match(unknown.message, /a newer build of SMC Fleet may know more/);
});

Deno.test("writeBundle refuses what would be too large to be read", () => {
  const purpose = "x".repeat(500);
  const parts = Array.from(
    { length: 60 },
    (_, place) => part({ name: `p${place}`, purpose }),
  );
  assert.throws(
    () =>
      writeBundle(statement({ parts }), { authorName: "Ada", signer: SIGNER }),
    { code: "BUNDLE_INVALID" },
  );
});
