import type { ImportedTemplate } from "../contracts/template.ts";
import type { AuditLog } from "./audit.ts";
import { changeOf } from "./changes.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { checkedSize } from "./kv/size.ts";
import { LIST_BATCH } from "./limits.ts";
import type { AuditEntry, TemplateStore } from "./port.ts";
import { storingNew } from "./storing_new.ts";

interface StoredTemplate extends ImportedTemplate {
  v: 1;
}

/** Templates that users have brought in. */
export class KvTemplateStore implements TemplateStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  /** All of them; their number is limited below what one list call reads. */
  async list(): Promise<readonly ImportedTemplate[]> {
    const entries = await this.#kv.list<StoredTemplate>(
      { prefix: keys.templates() },
      { limit: LIST_BATCH },
    );
    return entries.map(({ value: { v: _, ...imported } }) => imported);
  }

  createAll(
    imported: readonly ImportedTemplate[],
    audit: AuditEntry,
  ): Promise<boolean> {
    const sets = imported.map((one) => {
      const { name } = one.template;
      const value: StoredTemplate = { v: 1, ...one };
      checkedSize(value, `The template "${name}"`);
      return { key: keys.template(name), value };
    });
    const plan = async () => {
      const stored = await this.#kv.getMany(sets.map(({ key }) => key));
      return stored.every(({ versionstamp }) => versionstamp === null)
        ? {
          checks: sets.map(({ key }) => ({ key, versionstamp: null })),
          sets: [...sets, changeOf("templates")],
        }
        : null;
    };
    return storingNew(() => this.#audit.commitWith(audit, plan));
  }

  remove(name: string, audit: AuditEntry): Promise<boolean> {
    const key = keys.template(name);
    return this.#audit.commitWith(audit, async () => {
      const { versionstamp } = await this.#kv.get(key);
      return versionstamp === null ? null : {
        checks: [{ key, versionstamp }],
        deletes: [key],
        sets: [changeOf("templates")],
      };
    });
  }
}
