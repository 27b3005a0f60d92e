import { AUTHORS_MAX, type KnownAuthor } from "../contracts/bundle.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import type { BundleAuthorStore } from "./port.ts";

interface StoredAuthor {
  v: 1;
  author: KnownAuthor;
}

/** Authors of bundles whom people have met; the last who writes is right. */
export class KvBundleAuthorStore implements BundleAuthorStore {
  readonly #kv: GuardedKv;

  constructor(options: { kv: GuardedKv }) {
    this.#kv = options.kv;
  }

  async list(userId: string): Promise<readonly KnownAuthor[]> {
    const entries = await this.#kv.list<StoredAuthor>(
      { prefix: keys.bundleAuthors(userId) },
      { limit: AUTHORS_MAX },
    );
    return entries.map(({ value }) => value.author);
  }

  async put(userId: string, author: KnownAuthor): Promise<void> {
    const value: StoredAuthor = { v: 1, author };
    const key = keys.bundleAuthor(userId, author.fingerprint);
    await this.#kv.commit({ checks: [], sets: [{ key, value }] });
  }

  async remove(userId: string, fingerprint: string): Promise<void> {
    const key = keys.bundleAuthor(userId, fingerprint);
    await this.#kv.commit({ checks: [], sets: [], deletes: [key] });
  }
}
