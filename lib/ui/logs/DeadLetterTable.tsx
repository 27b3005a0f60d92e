import {
  DEAD_LETTER_MEANINGS,
  type DeadLetter,
  type DeadLetterReason,
} from "../../contracts/dead_letter.ts";
import { EmptyState } from "../Feedback.tsx";
import { formatDateTime, formatDay, formatTime, zoneName } from "../format.ts";

/** Each reason in a few words; the sentence is its title. */
const REASON_WORDS: Readonly<Record<DeadLetterReason, string>> = {
  late_message: "From an earlier run",
  late_reply: "Answer too late",
  unknown_message: "Unknown message",
  poison: "Crashed its reader twice",
  link_closed: "Link closed",
  not_kept: "Only counted",
};

/** Messages that reached nobody, newest first. Painted by the server alone. */
export function DeadLetterTable(
  { letters, nextCursor, isFirstPage }: {
    letters: readonly DeadLetter[];
    nextCursor: string | null;
    isFirstPage: boolean;
  },
) {
  if (letters.length === 0) {
    return (
      <EmptyState
        title={isFirstPage
          ? "No message was lost: everything that was sent has reached its reader"
          : "There is nothing older"}
      />
    );
  }
  return (
    <>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Undelivered messages, scrollable"
      >
        <table class="table" data-testid="dead-letters">
          <caption class="sr-only">Undelivered messages, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Time ({zoneName()})</th>
              <th scope="col">Actor</th>
              <th scope="col">Reason</th>
              <th scope="col">Link</th>
              <th scope="col">What it was</th>
            </tr>
          </thead>
          <tbody>
            {letters.map((letter) => <Row key={letter.n} letter={letter} />)}
          </tbody>
        </table>
      </div>
      {nextCursor !== null && (
        <p class="page-more">
          <a
            class="btn btn-default"
            href={`/dead-letters?cursor=${nextCursor}`}
            data-testid="dead-letters-older"
          >
            Older messages
          </a>
        </p>
      )}
    </>
  );
}

function Row({ letter }: { letter: DeadLetter }) {
  const { at, actorId, agentId, agentName, epoch, reason, link } = letter;
  return (
    <tr>
      <th scope="row" title={`${formatDateTime(at)} ${zoneName()}`}>
        {formatDay(at).slice(5)} {formatTime(at)}
      </th>
      <td title={`${actorId}, run ${epoch}`}>
        {agentId === null
          ? actorId
          : <a href={`/agents/${agentId}`}>{agentName ?? agentId}</a>}{" "}
        <span class="muted">run {epoch}</span>
      </td>
      <td class="cell-wrap" title={DEAD_LETTER_MEANINGS[reason]}>
        {REASON_WORDS[reason]}
      </td>
      <td>{link ?? "its own channel"}</td>
      <td class="cell-wrap">{letter.detail}</td>
    </tr>
  );
}
