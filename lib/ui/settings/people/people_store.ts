import { type Signal, signal } from "@preact/signals";
import type { InviteView, PersonView } from "../../../contracts/people.ts";
import type { ApiClient } from "../../client/api_client.ts";

/** What the page of people shows, and how it is kept up to date. */
export class PeopleStore {
  readonly people: Signal<readonly PersonView[]>;
  readonly nextCursor: Signal<string | null>;
  readonly invites: Signal<readonly InviteView[]>;
  /** What could not be read, and how to ask again; null where nothing failed. */
  readonly failure: Signal<{ error: unknown; again: () => void } | null> =
    signal(null);
  readonly #api: Pick<ApiClient, "people" | "invites">;

  constructor(
    first: {
      people: readonly PersonView[];
      nextCursor: string | null;
      invites: readonly InviteView[];
    },
    api: Pick<ApiClient, "people" | "invites">,
  ) {
    this.people = signal(first.people);
    this.nextCursor = signal(first.nextCursor);
    this.invites = signal(first.invites);
    this.#api = api;
  }

  /** Puts somebody in the place of who they were. */
  replace(person: PersonView): void {
    this.people.value = this.people.value.map((known) =>
      known.id === person.id ? person : known
    );
  }

  /** Adds the next page. */
  async more(): Promise<void> {
    await this.#orFailure(() => void this.more(), async () => {
      const { items, nextCursor } = await this.#api.people(
        this.nextCursor.value,
      );
      this.people.value = [...this.people.value, ...items];
      this.nextCursor.value = nextCursor;
    });
  }

  /** Reads the open links again. */
  async reloadInvites(): Promise<void> {
    await this.#orFailure(() => void this.reloadInvites(), async () => {
      this.invites.value = (await this.#api.invites()).items;
    });
  }

  async #orFailure(
    again: () => void,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
      this.failure.value = null;
    } catch (error) {
      this.failure.value = { error, again };
    }
  }
}
