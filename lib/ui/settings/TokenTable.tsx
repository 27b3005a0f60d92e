import type { ApiTokenView } from "../../contracts/api_token.ts";
import { Badge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { EmptyState } from "../Feedback.tsx";
import { formatDateTime, zoneName } from "../format.ts";

const STATES = {
  active: { word: "Works", tone: "ok", glyph: "dot" },
  expired: { word: "Expired", tone: "muted", glyph: "ring" },
  ended: { word: "Ended", tone: "warn", glyph: "warn" },
} as const;

/** A person's API tokens; the texts are not among them. */
export function TokenTable(
  { tokens, refusal, onRevoke }: {
    tokens: readonly ApiTokenView[];
    /** Why none can be revoked now, or null. */
    refusal: string | null;
    onRevoke: (token: ApiTokenView) => void;
  },
) {
  if (tokens.length === 0) {
    return (
      <EmptyState title="You have no API token: make the first one below" />
    );
  }
  const time = (text: string | null) =>
    text === null ? "never" : formatDateTime(Date.parse(text));
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="API tokens, scrollable"
    >
      <table class="table" data-testid="tokens">
        <caption class="sr-only">Your API tokens</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Ends ({zoneName()})</th>
            <th scope="col">Last used ({zoneName()})</th>
            <th scope="col">May do</th>
            <th scope="col">
              <span class="sr-only">Revoke it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <th scope="row">{token.name}</th>
              <td>
                <Badge
                  tone={STATES[token.state].tone}
                  glyph={STATES[token.state].glyph}
                >
                  {STATES[token.state].word}
                </Badge>
              </td>
              <td>{time(token.expiresAt)}</td>
              <td>{time(token.lastUsedAt)}</td>
              <td class="token-scopes">
                <code>{token.scopes.join(", ")}</code>
              </td>
              <td>
                <Button
                  small
                  disabledReason={refusal}
                  onClick={() => onRevoke(token)}
                  aria-label={`Revoke ${token.name}`}
                  data-testid="token-revoke"
                >
                  Revoke…
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
