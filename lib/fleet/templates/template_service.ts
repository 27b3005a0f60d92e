import { TEMPLATES } from "../../../agents/mod.ts";
import type { BundleOrigin } from "../../contracts/bundle.ts";
import {
  type AgentTemplate,
  type ImportedTemplate,
  type SharedTemplate,
  sharedTemplateSchema,
} from "../../contracts/template.ts";
import { AppError } from "../../core/errors.ts";
import { auditOf } from "../commands/records.ts";
import type { FleetContext } from "../context.ts";
import { type QuotaUse, refuseBeyond } from "../../contracts/quota.ts";
import { MAX_IMPORTED_TEMPLATES } from "../limits.ts";
import type { Caller } from "../port.ts";
import { checkTemplateFile, toTemplateFile } from "./template_file.ts";

/** The templates that agents can be spawned from: the product's own, then imported ones by name. */
export class TemplateService {
  readonly #context: FleetContext;
  readonly #imported = new Map<string, AgentTemplate>();

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Reads the imported ones from the store; again when another process has changed them. */
  async load(): Promise<void> {
    const stored = await this.#context.store.templates.list();
    this.#imported.clear();
    for (const one of stored) {
      this.#imported.set(one.template.name, imported(one));
    }
  }

  list(): readonly AgentTemplate[] {
    const own = [...this.#imported.values()];
    own.sort((a, b) => a.name < b.name ? -1 : 1);
    return [...TEMPLATES, ...own];
  }

  /**
   * The text of a template's file.
   *
   * @throws {AppError} TEMPLATE_NOT_FOUND
   */
  export(name: string): string {
    const template = this.list().find((known) => known.name === name);
    if (template === undefined) throw notFound(name);
    return toTemplateFile(template);
  }

  /** How many were imported, and may be. */
  use(): QuotaUse {
    const used = this.#imported.size;
    return { quota: "templates", used, limit: MAX_IMPORTED_TEMPLATES };
  }

  /**
   * Takes in a template file that was parsed already.
   *
   * @throws {AppError} TEMPLATE_INVALID, TEMPLATE_NAME_TAKEN or QUOTA_EXCEEDED.
   */
  async import(value: unknown, caller: Caller): Promise<AgentTemplate> {
    const { origin: _, ...template } = checkTemplateFile(value);
    const { name } = template;
    if (this.list().some((known) => known.name === name)) throw taken(name);
    refuseBeyond(this.use());
    const shared = template as SharedTemplate;
    const { store } = this.#context;
    const audit = auditOf(this.#context, caller, {
      action: "template.import",
      target: name,
      reason: "",
      detail: { title: template.title, version: template.version },
    });
    const owner = { id: caller.userId, email: caller.email };
    const kept = { template: shared, owner };
    if (!await store.templates.createAll([kept], audit)) throw taken(name);
    const known = imported(kept);
    this.#imported.set(name, known);
    return known;
  }

  /**
   * Keeps templates of a bundle, all of them or none.
   *
   * @throws {AppError} TEMPLATE_NAME_TAKEN or QUOTA_EXCEEDED.
   */
  async keep(
    parts: readonly { template: SharedTemplate; bundle: BundleOrigin }[],
    caller: Caller,
  ): Promise<readonly AgentTemplate[]> {
    const names = parts.map(({ template: { name } }) => name);
    const known = new Set(this.list().map(({ name }) => name));
    const clash = names.find((name, place) =>
      known.has(name) || names.indexOf(name) !== place
    );
    if (clash !== undefined) throw taken(clash);
    const use = this.use();
    refuseBeyond({ ...use, used: use.used + parts.length - 1 });
    const { author, title } = parts[0]!.bundle;
    const audit = auditOf(this.#context, caller, {
      action: "bundle.import",
      target: names.join(" "),
      reason: "",
      detail: { title, author: author.name, fingerprint: author.fingerprint },
    });
    const owner = { id: caller.userId, email: caller.email };
    const kept = parts.map((part) => ({ ...part, owner }));
    const { templates } = this.#context.store;
    if (!await templates.createAll(kept, audit)) throw taken(names[0]!);
    return kept.map((one) => {
      const template = imported(one);
      this.#imported.set(template.name, template);
      return template;
    });
  }

  /**
   * Forgets an imported template; agents made from it stay as they are.
   *
   * @throws {AppError} TEMPLATE_NOT_FOUND or TEMPLATE_BUILT_IN.
   */
  async remove(name: string, caller: Caller): Promise<void> {
    if (TEMPLATES.some((template) => template.name === name)) {
      throw new AppError(
        "TEMPLATE_BUILT_IN",
        `The template "${name}" is part of the product and cannot be deleted`,
      );
    }
    const audit = auditOf(this.#context, caller, {
      action: "template.delete",
      target: name,
      reason: "",
      detail: {},
    });
    const isRemoved = await this.#context.store.templates.remove(name, audit);
    this.#imported.delete(name);
    if (!isRemoved) throw notFound(name);
  }
}

/** Settings that came after the template was stored get their defaults. */
function imported(
  { template, owner, bundle }: ImportedTemplate,
): AgentTemplate {
  return {
    ...sharedTemplateSchema.parse(template),
    origin: "imported",
    ...(owner === undefined ? {} : { owner }),
    ...(bundle === undefined ? {} : { bundle }),
  };
}

function notFound(name: string): AppError {
  return new AppError(
    "TEMPLATE_NOT_FOUND",
    `There is no template "${
      name.slice(0, 60)
    }"; GET /api/templates lists the names`,
  );
}

function taken(name: string): AppError {
  return new AppError(
    "TEMPLATE_NAME_TAKEN",
    `There is a template named "${name}" already; delete it first, or export yours under another name`,
  );
}
