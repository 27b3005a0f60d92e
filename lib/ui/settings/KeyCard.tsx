import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import type { Role } from "../../contracts/policy.ts";
import { Unknown } from "../Amount.tsx";
import { Badge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { formatDateTime, zoneName } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { actionRefusal } from "../roles.ts";
import { KEY_RIGHTS, KEY_STATUS_WORDS, rightWord } from "./key_words.ts";

/** One exchange key: what it is, what it may do, what can be done with it. */
export function KeyCard({ view, role }: { view: ExchangeKeyView; role: Role }) {
  const { id, label, exchange, apiKeyEnd, status, statusDetail } = view;
  const word = KEY_STATUS_WORDS[status];
  return (
    <article
      class="card key-card"
      aria-labelledby={`key-${id}`}
      data-testid={`key-${label}`}
    >
      <header class="key-head">
        <h2 id={`key-${id}`}>{label}</h2>
        <span class="muted">
          {exchange} <code>…{apiKeyEnd}</code>
        </span>
        <Badge tone={word.tone} glyph={word.glyph}>{word.word}</Badge>
        {view.isLiveAllowed
          ? <Badge tone="warn" glyph="dot">Live trading allowed</Badge>
          : <Badge glyph="ring">Live trading not allowed</Badge>}
      </header>
      <p data-testid="key-detail">{statusDetail}</p>
      <dl class="key-rights">
        {KEY_RIGHTS.map((right) => {
          const { word, glyph, tone } = rightWord(view.rights, right);
          return (
            <div key={right.right}>
              <dt>{right.label}</dt>
              <dd class={`tone-${tone}`}>
                <Glyph name={glyph} /> {word}
              </dd>
            </div>
          );
        })}
        <div>
          <dt>Asked last ({zoneName()})</dt>
          <dd>
            {view.verifiedAt === null
              ? <Unknown reason="The exchange has not answered yet" />
              : formatDateTime(view.verifiedAt)}
          </dd>
        </div>
        <div>
          <dt>Used last ({zoneName()})</dt>
          <dd data-testid="key-used">
            {view.lastUsedAt === null
              ? <span class="muted">never</span>
              : formatDateTime(view.lastUsedAt)}
          </dd>
        </div>
      </dl>
      <KeyActions view={view} role={role} />
    </article>
  );
}

function KeyActions({ view, role }: { view: ExchangeKeyView; role: Role }) {
  const { id, label, isLiveAllowed, status } = view;
  const manage = actionRefusal(role, "keys.add");
  const live = actionRefusal(role, "keys.live") ??
    (isLiveAllowed || status === "verified"
      ? null
      : status === "unbound"
      ? "Only a key that is bound to addresses can trade live"
      : "Only a verified key can trade live");
  return (
    <div class="key-actions">
      <KeyButton id={id} action="test" label="Test now" refusal={manage} />
      {isLiveAllowed
        ? (
          <KeyButton
            id={id}
            action="forbid"
            label="Forbid live trading"
            refusal={live}
          />
        )
        : (
          <KeyButton
            id={id}
            action="allow"
            label="Allow live trading"
            refusal={live}
          />
        )}
      <RotateLink view={view} refusal={manage} />
      <details class="disclosure key-revoke">
        <summary data-testid="key-revoke-open">Revoke…</summary>
        <p>
          Forgets the key here. Delete it at the exchange, too. It is refused
          while an agent uses the key.
        </p>
        <KeyButton
          id={id}
          action="revoke"
          label={`Revoke ${label}`}
          refusal={manage}
        />
      </details>
    </div>
  );
}

/** Leads to the form: what is typed there is a secret, so it is asked for on its own. */
function RotateLink(
  { view: { id, label }, refusal }: {
    view: ExchangeKeyView;
    refusal: string | null;
  },
) {
  if (refusal !== null) {
    return (
      <Button
        type="button"
        disabledReason={refusal}
        data-testid="key-rotate"
      >
        Replace secrets…
      </Button>
    );
  }
  return (
    <a
      class="btn btn-default"
      href={`/settings/keys?${new URLSearchParams({ rotate: id })}#rotate`}
      aria-label={`Replace secrets of ${label}…`}
      data-testid="key-rotate"
    >
      Replace secrets…
    </a>
  );
}

function KeyButton(
  { id, action, label, refusal }: {
    id: string;
    action: "test" | "allow" | "forbid" | "revoke";
    label: string;
    refusal: string | null;
  },
) {
  return (
    <form method="post" action="/settings/keys">
      <input type="hidden" name="key" value={id} />
      <Button
        type={refusal === null ? "submit" : "button"}
        kind={action === "revoke" ? "danger" : "default"}
        name="action"
        value={action}
        disabledReason={refusal}
        data-testid={`key-${action}`}
      >
        {label}
      </Button>
      {refusal !== null && (
        <p class="field-help" aria-hidden="true">{refusal}</p>
      )}
    </form>
  );
}
