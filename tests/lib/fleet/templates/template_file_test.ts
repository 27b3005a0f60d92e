import assert from "node:assert/strict";
import fc from "fast-check";
import { TEMPLATES } from "../../../../agents/mod.ts";
import { AppError } from "../../../../lib/core/errors.ts";
import {
  readTemplateFile,
  toTemplateFile,
} from "../../../../lib/fleet/templates/template_file.ts";

function refusalOf(text: string): AppError {
  try {
    readTemplateFile(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: "was taken" });
}

Deno.test("readTemplateFile() gives back every template of the product, as an imported one", () => {
  for (const template of TEMPLATES) {
    assert.deepEqual(
      readTemplateFile(toTemplateFile(template)),
      { ...template, origin: "imported" },
    );
  }
});

Deno.test("readTemplateFile() does not mind the order of keys or spaces", () => {
  const file = JSON.parse(toTemplateFile(TEMPLATES[0]!));
  const reversed = Object.fromEntries(Object.entries(file).reverse());
  reversed.template = Object.fromEntries(
    Object.entries(file.template).reverse(),
  );
  assert.equal(
    readTemplateFile(JSON.stringify(reversed)).name,
    TEMPLATES[0]!.name,
  );
});

Deno.test("readTemplateFile() refuses a file with any one character changed or cut", () => {
  const text = toTemplateFile(TEMPLATES[0]!);
  const compact = JSON.stringify(JSON.parse(text));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: compact.length - 1 }),
      fc.constantFrom("0", "1", "x", " ", ""),
      (at, with_) => {
        const changed = compact.slice(0, at) + with_ + compact.slice(at + 1);
        if (changed === compact) return;
        // Spaces between tokens change nothing that the file says.
        try {
          if (
            JSON.stringify(JSON.parse(changed)) === compact
          ) return;
        } catch { /* no JSON any more: refused below */ }
        assert.equal(refusalOf(changed).code, "TEMPLATE_INVALID", changed);
      },
    ),
    { numRuns: 400 },
  );
});

Deno.test("readTemplateFile() says what is wrong in a sentence, all fields at once", () => {
  assert.match(refusalOf("").message, /not JSON/);
  assert.match(refusalOf("{}").message, /no template file/);
  assert.match(refusalOf("null").message, /no template file/);
  const file = JSON.parse(toTemplateFile(TEMPLATES[0]!));
  assert.match(
    refusalOf(JSON.stringify({ ...file, v: 2 })).message,
    /version 2, this build reads 1/,
  );
  file.template.config.risk.leverage = 900;
  file.template.name = "No Spaces";
  const { errors } = refusalOf(JSON.stringify(file));
  assert.deepEqual(
    errors.map(({ pointer }) => pointer).toSorted(),
    ["/template/config/risk/leverage", "/template/name"],
  );
  const other = JSON.parse(toTemplateFile(TEMPLATES[0]!));
  other.template.config.risk.leverage += 1;
  assert.match(
    refusalOf(JSON.stringify(other)).message,
    /checksum does not match/,
  );
});
