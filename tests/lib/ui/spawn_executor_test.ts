import assert from "node:assert/strict";
import { executionConfigSchema } from "../../../lib/contracts/execution_config.ts";
import { EXECUTION_WORDS } from "../../../lib/ui/execution_words.ts";
import { parameterFields } from "../../../lib/ui/spawn/schema_fields.ts";
import {
  configPointer,
  createForm,
  reduce,
  type SpawnForm,
  stepOf,
  toConfigInput,
  validateForm,
} from "../../../lib/ui/spawn_form.ts";

function executorForm(sources: string): SpawnForm {
  return [
    { pointer: "/name", value: "hands" },
    { pointer: "/type", value: "executor" },
    { pointer: "/sources", value: sources },
  ].reduce(
    (form, edit) => reduce(form, { type: "edit", ...edit }),
    createForm(null),
  );
}

Deno.test("toConfigInput() makes a list of the agents that are listened to", () => {
  const sources = (text: string) =>
    toConfigInput(executorForm(text).values).sources;
  assert.deepEqual(sources("eyes, more eyes ,"), ["eyes", "more eyes"]);
  assert.deepEqual(sources(""), []);
  assert.deepEqual(validateForm(executorForm("eyes"), []), {});
});

Deno.test("validateForm() shows what is wrong with a source at its one field", () => {
  const many = Array.from({ length: 9 }, (_, index) => `a${index}`).join(",");
  const errors = validateForm(executorForm(many), []);
  assert.match(errors["/sources"]!, /at most 8/);
  const refused = reduce(executorForm("nobody"), {
    type: "refused",
    errors: [{
      pointer: "/config/sources/0",
      code: "SOURCE_UNKNOWN",
      detail: "There is no agent",
    }],
  });
  assert.equal(refused.step, "basics");
  assert.equal(validateForm(refused, [])["/sources"], "There is no agent");
  const mended = reduce(refused, {
    type: "edit",
    pointer: "/sources",
    value: "eyes",
  });
  assert.deepEqual(validateForm(mended, []), {});
  assert.equal(configPointer("/sources/3"), "/sources");
  assert.equal(stepOf("/execution/order"), "strategies");
});

Deno.test("every setting of an executor has a field, and every choice a word", () => {
  const fields = parameterFields(executionConfigSchema);
  assert.deepEqual(
    fields.map(({ key }) => key),
    Object.keys(executionConfigSchema.shape),
  );
  const words: Readonly<Record<string, string>> = EXECUTION_WORDS;
  for (const field of fields) {
    if (field.kind !== "choice") continue;
    for (const option of field.options) assert.ok(words[option], option);
  }
});
