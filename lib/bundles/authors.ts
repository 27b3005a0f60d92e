import {
  AUTHORS_MAX,
  type BundleAuthor,
  type BundlePreview,
  type KnownAuthor,
} from "../contracts/bundle.ts";
import {
  createSigningKey,
  createTextSigner,
  type Signer,
} from "../core/ed25519.ts";
import { AppError } from "../core/errors.ts";
import type { BundleAuthorStore, Store } from "../store/port.ts";

/** Where keys and authors are kept. */
export interface AuthorOptions {
  authors: BundleAuthorStore;
  /** Named secrets, sealed: made once. */
  secret: Store["secret"];
  /** The same, only read. */
  secrets: Pick<Store["secrets"], "read">;
  nowMs(): number;
}

/** Who signs here, and whose signatures people have met. */
export class Authors {
  readonly #options: AuthorOptions;

  constructor(options: AuthorOptions) {
    this.#options = options;
  }

  list(userId: string): Promise<readonly KnownAuthor[]> {
    return this.#options.authors.list(userId);
  }

  /** Calls an author something else, or, with null, forgets them. @throws {AppError} NOT_FOUND. */
  async change(
    { fingerprint, name }: { fingerprint: string; name: string | null },
    userId: string,
  ): Promise<readonly KnownAuthor[]> {
    const { authors } = this.#options;
    const known = (await authors.list(userId)).find((author) =>
      author.fingerprint === fingerprint
    );
    if (known === undefined) {
      throw new AppError(
        "NOT_FOUND",
        `You know no author with the fingerprint ${fingerprint}; list them to see whom you know`,
        { status: 404 },
      );
    }
    if (name === null) await authors.remove(userId, fingerprint);
    else await authors.put(userId, { ...known, name });
    return await authors.list(userId);
  }

  /** What somebody knows of an author. */
  async standingOf(
    { key, name, fingerprint }: BundleAuthor,
    userId: string,
  ): Promise<Pick<BundlePreview, "standing" | "knownAs">> {
    const own = await this.#options.secrets.read(nameOfKey(userId));
    if (own !== null && createTextSigner(own.text).key === key) {
      return { standing: "own", knownAs: null };
    }
    const all = await this.list(userId);
    const known = all.find((author) => author.fingerprint === fingerprint);
    if (known !== undefined) return { standing: "known", knownAs: known.name };
    const isTaken = all.some((one) =>
      one.name.toLowerCase() === name.toLowerCase()
    );
    return { standing: isTaken ? "name_taken" : "new", knownAs: null };
  }

  /** Trust on first use: whom one takes a bundle from is known from then on. */
  async meet(author: BundleAuthor, userId: string): Promise<void> {
    const { authors, nowMs } = this.#options;
    const { standing } = await this.standingOf(author, userId);
    if (standing === "own" || standing === "known") return;
    if ((await this.list(userId)).length >= AUTHORS_MAX) return;
    const firstSeenAt = new Date(nowMs()).toISOString();
    await authors.put(userId, { ...author, firstSeenAt });
  }

  /** The key of a person, made when it is first needed. */
  async signerOf(userId: string): Promise<Signer> {
    const pkcs8 = await this.#options.secret(
      nameOfKey(userId),
      () => Promise.resolve(createSigningKey()),
    );
    return createTextSigner(pkcs8);
  }
}

function nameOfKey(userId: string): string {
  return `bundle-signing-key-${userId}`;
}
