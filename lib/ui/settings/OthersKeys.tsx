import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import { Badge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { formatDateTime, zoneName } from "../format.ts";
import { KEY_STATUS_WORDS } from "./key_words.ts";

/** A key with the e-mail of whom it belongs to. */
export interface OwnedKey {
  view: ExchangeKeyView;
  owner: string;
}

/** Keys of other people, for admins: nobody else's key can be used, but it can be taken away. */
export function OthersKeys({ keys }: { keys: readonly OwnedKey[] }) {
  return (
    <section aria-labelledby="others-keys">
      <h2 id="others-keys">Keys of others</h2>
      <p class="muted">
        You see that they are there and can take them away. Only their owners
        test them, allow them for live trading or trade with them.
      </p>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Keys of others, scrollable"
      >
        <table class="table" data-testid="others-keys">
          <caption class="sr-only">Exchange keys of other people</caption>
          <thead>
            <tr>
              <th scope="col">Owner</th>
              <th scope="col">Key</th>
              <th scope="col">Exchange</th>
              <th scope="col">State</th>
              <th scope="col">Live trading</th>
              <th scope="col">Used last ({zoneName()})</th>
              <th scope="col">
                <span class="sr-only">Revoke it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => <OthersKey key={key.view.id} {...key} />)}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function OthersKey({ view, owner }: OwnedKey) {
  const { word, tone, glyph } = KEY_STATUS_WORDS[view.status];
  return (
    <tr>
      <td>{owner}</td>
      <th scope="row">{view.label}</th>
      <td>
        {view.exchange} <code>…{view.apiKeyEnd}</code>
      </td>
      <td>
        <Badge tone={tone} glyph={glyph}>{word}</Badge>
      </td>
      <td>{view.isLiveAllowed ? "allowed" : "not allowed"}</td>
      <td>
        {view.lastUsedAt === null ? "never" : formatDateTime(view.lastUsedAt)}
      </td>
      <td>
        <details class="disclosure key-revoke">
          <summary>Revoke…</summary>
          <form method="post" action="/settings/keys">
            <input type="hidden" name="key" value={view.id} />
            <Button
              type="submit"
              kind="danger"
              small
              name="action"
              value="revoke"
              aria-label={`Revoke ${view.label} of ${owner}`}
              data-testid="others-key-revoke"
            >
              Revoke
            </Button>
          </form>
        </details>
      </td>
    </tr>
  );
}
