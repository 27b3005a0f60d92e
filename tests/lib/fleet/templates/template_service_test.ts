import assert from "node:assert/strict";
import { TEMPLATES } from "../../../../agents/mod.ts";
import {
  readTemplateFile,
  toTemplateFile,
} from "../../../../lib/fleet/templates/template_file.ts";
import { CALLER, withFleet } from "../world.ts";

/** A template of the product under another name, as the file that somebody else exported. */
function fileOf(name: string): unknown {
  const template = { ...TEMPLATES[1]!, name, title: `Shared ${name}` };
  return JSON.parse(toTemplateFile(template));
}

const names = (templates: readonly { name: string }[]) =>
  templates.map(({ name }) => name);

Deno.test("an imported template is listed, exported as it came, and there after a restart", () =>
  withFleet(async (world) => {
    const added = await world.fleet.importTemplate(fileOf("shared-b"), CALLER);
    await world.fleet.importTemplate(fileOf("shared-a"), CALLER);
    assert.equal(added.origin, "imported");
    const expected = [...names(TEMPLATES), "shared-a", "shared-b"];
    assert.deepEqual(names(world.fleet.templates()), expected);
    await world.restart(() => Promise.resolve());
    assert.deepEqual(names(world.fleet.templates()), expected);
    const { owner, ...shared } = added;
    assert.deepEqual(owner, { id: CALLER.userId, email: CALLER.email });
    const back = world.fleet.templates().find(({ name }) =>
      name === "shared-b"
    );
    assert.deepEqual(back?.owner, owner);
    // Whose it is stays here.
    assert.deepEqual(
      readTemplateFile(world.fleet.exportTemplate("shared-b")),
      shared,
    );
    const audits = await world.store.auditPage({ limit: 9, cursor: null });
    assert.deepEqual(
      audits.items.map(({ action, target }) => `${action} ${target}`),
      ["template.import shared-a", "template.import shared-b"],
    );
  }));

Deno.test("a name that is taken, a template of the product and an unknown one are refused", () =>
  withFleet(async (world) => {
    const { fleet } = world;
    await fleet.importTemplate(fileOf("mine"), CALLER);
    await assert.rejects(fleet.importTemplate(fileOf("mine"), CALLER), {
      code: "TEMPLATE_NAME_TAKEN",
    });
    await assert.rejects(
      fleet.importTemplate(fileOf(TEMPLATES[0]!.name), CALLER),
      { code: "TEMPLATE_NAME_TAKEN" },
    );
    await assert.rejects(fleet.removeTemplate(TEMPLATES[0]!.name, CALLER), {
      code: "TEMPLATE_BUILT_IN",
    });
    await assert.rejects(fleet.removeTemplate("nobody", CALLER), {
      code: "TEMPLATE_NOT_FOUND",
    });
    assert.throws(() => fleet.exportTemplate("nobody"), {
      code: "TEMPLATE_NOT_FOUND",
    });
    await fleet.removeTemplate("mine", CALLER);
    assert.deepEqual(names(fleet.templates()), names(TEMPLATES));
  }));

Deno.test("of two imports of one name at once one wins", () =>
  withFleet(async ({ fleet }) => {
    const outcomes = await Promise.allSettled([
      fleet.importTemplate(fileOf("race"), CALLER),
      fleet.importTemplate(fileOf("race"), CALLER),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status).toSorted(),
      ["fulfilled", "rejected"],
    );
  }));

Deno.test("an agent's configuration is exported as a template that can be imported and spawned from", () =>
  withFleet(async (world) => {
    const { id } = await world.spawn({ name: "Alpha One" });
    const file = world.fleet.exportAgentTemplate(id, "from-alpha");
    const template = await world.fleet.importTemplate(JSON.parse(file), CALLER);
    assert.equal(template.title, "Alpha One");
    const { name: _, ...config } = world.fleet.get(id).config;
    assert.deepEqual(template.config, config);
    assert.deepEqual(template.results, []);
  }));
