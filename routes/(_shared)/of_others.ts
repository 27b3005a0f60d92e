import type { PageState } from "../../lib/api/page_state.ts";

/** People whose e-mail is looked up for a page. */
const MAX_NAMED = 200;

/** What belongs to everybody else, with the e-mail of whom it belongs to; an id where that is not known. */
export async function ofOthers<Item extends { ownerId: string }>(
  { auth }: Pick<PageState["services"], "auth">,
  { items, userId }: { items: readonly Item[]; userId: string },
): Promise<readonly { item: Item; owner: string }[]> {
  const others = items.filter(({ ownerId }) => ownerId !== userId);
  if (others.length === 0) return [];
  const people = await auth.people.page({ limit: MAX_NAMED, cursor: null });
  const emails = new Map(people.items.map(({ id, email }) => [id, email]));
  return others.map((item) => ({
    item,
    owner: emails.get(item.ownerId) ?? item.ownerId,
  }));
}
