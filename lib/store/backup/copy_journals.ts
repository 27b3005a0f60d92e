import { copyPrivate } from "./files.ts";
import {
  isAnyClosed,
  type JournalListing,
  type ListedJournal,
  listJournals,
} from "./journal_listing.ts";
import { JOURNAL_LOOKS } from "./limits.ts";

/** From which folder to which. */
export interface CopyJournalsOptions {
  from: string;
  to: string;
  copyJournal?: ((from: string, to: string) => Promise<void>) | undefined;
}

/**
 * How it went: whole; an account was closed meanwhile; or a journal never stood
 * still between two looks.
 */
export type JournalsCopied = "whole" | "closed" | "restless";

/**
 * Copies the journals while they are written to. A journal that went on in a new
 * segment while it was copied is looked at again, and of it only what is new is
 * copied again: segments that have ended never change.
 *
 * `before` is what there was before the store was copied. Where an account has
 * been closed since, the copied store would know one whose journal is retired.
 */
export async function copyJournals(
  options: CopyJournalsOptions,
  before: JournalListing,
): Promise<JournalsCopied> {
  const copies = new Map<string, JournalCopy>();
  let last = before;
  for (let look = 0; look < JOURNAL_LOOKS; look++) {
    // deno-lint-ignore no-await-in-loop -- looks follow each other
    const listing = await listJournals(options.from);
    if (isAnyClosed(last, listing)) return "closed";
    last = listing;
    let isWhole = true;
    for (const [journal, listed] of listing) {
      const copy = copies.get(journal) ?? new JournalCopy(journal, options);
      copies.set(journal, copy);
      // deno-lint-ignore no-await-in-loop -- one file at a time
      if (!await copy.isWhole(listed)) isWhole = false;
    }
    if (isWhole) return "whole";
  }
  return "restless";
}

/** The copy of one journal. */
class JournalCopy {
  readonly #journal: string;
  readonly #options: CopyJournalsOptions;
  /** What was copied, by file name. */
  readonly #copied = new Map<string, string>();
  #isWhole = false;

  constructor(journal: string, options: CopyJournalsOptions) {
    this.#journal = journal;
    this.#options = options;
  }

  /**
   * Tells whether a look at the journal found nothing to copy, and copies what it
   * found. The look came after the copying before it, so nothing has ended in
   * between. A copy that was whole once stays as it is, whatever comes later.
   */
  async isWhole(listed: ListedJournal): Promise<boolean> {
    if (this.#isWhole) return true;
    const wanted = new Map(listed.ended.map(({ name }) => [name, "ended"]));
    if (listed.newestId !== null) wanted.set(this.#journal, listed.newestId);
    this.#isWhole = true;
    // What was removed meanwhile could leave a hole before what is still to come.
    for (const name of [...this.#copied.keys()]) {
      // deno-lint-ignore no-await-in-loop -- one file at a time
      if (!wanted.has(name)) await this.#remove(name);
    }
    for (const [name, id] of wanted) {
      if (this.#copied.get(name) === id) continue;
      this.#isWhole = false;
      // deno-lint-ignore no-await-in-loop -- as above
      if (await this.#copy(name)) this.#copied.set(name, id);
    }
    return this.#isWhole;
  }

  /** False where the file is gone: the next look tells why. */
  async #copy(name: string): Promise<boolean> {
    const { from, to, copyJournal = copyPrivate } = this.#options;
    try {
      await copyJournal(`${from}/${name}`, `${to}/${name}`);
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  async #remove(name: string): Promise<void> {
    await Deno.remove(`${this.#options.to}/${name}`);
    this.#copied.delete(name);
  }
}
