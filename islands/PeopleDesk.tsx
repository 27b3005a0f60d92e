import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type {
  InviteView,
  LinkResponse,
  PersonView,
} from "../lib/contracts/people.ts";
import { Button } from "../lib/ui/Button.tsx";
import { Card } from "../lib/ui/Card.tsx";
import { explainFully } from "../lib/ui/client/explain_fully.ts";
import { api, offlineReason } from "../lib/ui/client/live.ts";
import { showToast } from "../lib/ui/client/toasts.ts";
import { Failed } from "../lib/ui/Failed.tsx";
import { InviteForm } from "../lib/ui/settings/people/InviteForm.tsx";
import { InviteTable } from "../lib/ui/settings/people/InviteTable.tsx";
import { LinkDialog } from "../lib/ui/settings/people/LinkDialog.tsx";
import { PeopleStore } from "../lib/ui/settings/people/people_store.ts";
import { PeopleTable } from "../lib/ui/settings/people/PeopleTable.tsx";
import {
  PersonQuestion,
  type PersonWish,
} from "../lib/ui/settings/people/PersonQuestion.tsx";
import { useProof } from "../lib/ui/settings/use_proof.tsx";
import { ToastHost } from "../lib/ui/ToastHost.tsx";

/** People and open links: invite, change, disable, set a password anew. */
export default function PeopleDesk(
  props: {
    people: readonly PersonView[];
    nextCursor: string | null;
    invites: readonly InviteView[];
    /** Who looks. */
    ownId: string;
  },
) {
  const store = useMemo(() => new PeopleStore(props, api), []);
  const wish = useSignal<PersonWish | null>(null);
  const made = useSignal<LinkResponse | null>(null);
  const { withProof, dialog } = useProof();
  const offline = offlineReason();
  /** Shows a link that was made, and that it is open. */
  const show = async (link: LinkResponse | null) => {
    if (link === null) return;
    made.value = link;
    await store.reloadInvites();
  };
  const carryOut = async (
    asked: PersonWish,
    { removesFactor }: { removesFactor: boolean },
  ) => {
    wish.value = null;
    const { person } = asked;
    try {
      if (asked.kind === "reset") {
        await show(
          await withProof(() => api.resetLink(person.id, removesFactor)),
        );
        return;
      }
      const changed = await withProof(() =>
        api.changePerson(person.id, changeOf(asked))
      );
      if (changed === null) return;
      store.replace(changed);
      showToast("ok", `${person.email} is changed`);
    } catch (error) {
      showToast(
        "danger",
        `${person.email} was not changed`,
        explainFully(error),
      );
    }
  };
  const revoke = async (invite: InviteView) => {
    try {
      await withProof(() => api.revokeInvite(invite.id));
    } catch (error) {
      showToast("danger", "The link was not taken back", explainFully(error));
    }
    await store.reloadInvites();
  };
  return (
    <>
      {store.failure.value !== null && (
        <Failed
          title="People and links could not be read"
          error={store.failure.value.error}
          onRetry={store.failure.value.again}
        />
      )}
      <Card title="Accounts">
        <PeopleTable
          people={store.people.value}
          ownId={props.ownId}
          refusal={offline}
          onRole={(person, role) => wish.value = { kind: "role", person, role }}
          onStatus={(person) => wish.value = { kind: "status", person }}
          onReset={(person) => wish.value = { kind: "reset", person }}
        />
        {store.nextCursor.value !== null && (
          <p class="page-more">
            <Button
              disabledReason={offline}
              onClick={() => void store.more()}
            >
              More people
            </Button>
          </p>
        )}
      </Card>
      <InviteForm
        refusal={offline}
        onInvite={async (request) =>
          await show(await withProof(() => api.invite(request)))}
      />
      <Card title="Open links">
        <InviteTable
          invites={store.invites.value}
          refusal={offline}
          onRevoke={(invite) => void revoke(invite)}
        />
      </Card>
      <PersonQuestion
        wish={wish.value}
        onClose={() => wish.value = null}
        onYes={(asked, options) => void carryOut(asked, options)}
      />
      <LinkDialog made={made.value} onClose={() => made.value = null} />
      {dialog}
      <ToastHost />
    </>
  );
}

function changeOf(wish: Exclude<PersonWish, { kind: "reset" }>) {
  if (wish.kind === "role") return { role: wish.role };
  const isActive = wish.person.status === "active";
  return { status: isActive ? "disabled" : "active" } as const;
}
