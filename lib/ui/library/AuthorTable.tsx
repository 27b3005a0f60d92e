import type { KnownAuthor } from "../../contracts/bundle.ts";
import { Button } from "../Button.tsx";
import { Card } from "../Card.tsx";
import { FormError } from "../FormError.tsx";
import { TableHead } from "../TableHead.tsx";
import { fingerprintText } from "./library_words.ts";

/** Authors whom one has met: to be named or forgotten. */
export function AuthorTable(
  { authors, error, refusal }: {
    authors: readonly KnownAuthor[];
    error: string | null;
    refusal: string | null;
  },
) {
  return (
    <Card title="Authors you know" id="authors">
      <p class="library-lead">
        Whom you take something from is known from then on: the next file of the
        same key says so, and one of another key under the same name is warned
        of.
      </p>
      {error !== null && <FormError message={error} />}
      {authors.length === 0 ? <p class="muted">Nobody yet.</p> : (
        <div
          class="table-scroll"
          tabIndex={0}
          role="region"
          aria-label="Authors, scrollable"
        >
          <table class="table risk-cards" data-testid="authors-table">
            <caption class="sr-only">Authors of bundles</caption>
            <TableHead heads={["Name", "Fingerprint", "Since", "Forget"]} />
            <tbody>
              {authors.map((author) => (
                <AuthorRow
                  key={author.fingerprint}
                  author={author}
                  refusal={refusal}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function AuthorRow(
  { author: { name, fingerprint, firstSeenAt }, refusal }: {
    author: KnownAuthor;
    refusal: string | null;
  },
) {
  return (
    <tr>
      <th scope="row">
        <form method="post" class="library-author">
          <input type="hidden" name="fingerprint" value={fingerprint} />
          <input
            class="input"
            name="author"
            value={name}
            maxLength={60}
            aria-label={`What you call ${name}`}
          />
          <Button
            type="submit"
            small
            name="action"
            value="name"
            disabledReason={refusal}
          >
            Rename
          </Button>
        </form>
      </th>
      <td class="cell-wrap">
        <code>{fingerprintText(fingerprint)}</code>
      </td>
      <td data-label="Since">{firstSeenAt.slice(0, 10)}</td>
      <td>
        <form method="post">
          <input type="hidden" name="fingerprint" value={fingerprint} />
          <Button
            type="submit"
            small
            name="action"
            value="forget"
            disabledReason={refusal}
            aria-label={`Forget ${name}`}
          >
            Forget
          </Button>
        </form>
      </td>
    </tr>
  );
}
