import type { KnownAuthor } from "../../../lib/contracts/bundle.ts";
import type { AuthorOptions } from "../../../lib/bundles/authors.ts";

/** Keys and authors in memory. */
export function createMemoryAuthors(): Omit<AuthorOptions, "nowMs"> {
  const secrets = new Map<string, string>();
  const known = new Map<string, Map<string, KnownAuthor>>();
  const of = (userId: string) => {
    const authors = known.get(userId) ?? new Map<string, KnownAuthor>();
    known.set(userId, authors);
    return authors;
  };
  return {
    authors: {
      list: (userId) => Promise.resolve([...of(userId).values()]),
      put: (userId, author) => {
        of(userId).set(author.fingerprint, author);
        return Promise.resolve();
      },
      remove: (userId, fingerprint) => {
        of(userId).delete(fingerprint);
        return Promise.resolve();
      },
    },
    secret: async (name, create) => {
      const text = secrets.get(name) ?? await create();
      secrets.set(name, text);
      return text;
    },
    secrets: {
      read: (name) => {
        const text = secrets.get(name);
        return Promise.resolve(
          text === undefined ? null : { text, version: "1" },
        );
      },
    },
  };
}
