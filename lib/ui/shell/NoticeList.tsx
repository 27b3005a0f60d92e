import { clearNotices, type Notice, notices } from "../client/notices.ts";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { formatDateTime, zoneName } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import type { GlyphName } from "../words.ts";

const LOOKS: Readonly<
  Record<Notice["tone"], { glyph: GlyphName; word: string }>
> = {
  ok: { glyph: "check", word: "Done" },
  info: { glyph: "dot", word: "Note" },
  warn: { glyph: "warn", word: "Warning" },
  danger: { glyph: "cross", word: "Error" },
};

/** What was told since this tab was opened, newest first. */
export function NoticeList(
  { open, onClose }: { open: boolean; onClose: () => void },
) {
  const { items } = notices.value;
  return (
    <Dialog
      label="Notifications"
      open={open}
      onClose={onClose}
      testId="notice-list"
    >
      <div class="dialog-body">
        <h2>Notifications</h2>
        {items.length === 0
          ? (
            <p class="muted">
              Nothing was told since this tab was opened. Messages and warnings
              of the platform are kept here until it is closed.
            </p>
          )
          : (
            <ul
              class="plain-list notices"
              tabIndex={0}
              aria-label="Newest first"
            >
              {items.map(({ at, tone, text, detail }) => (
                <li key={`${at} ${text}`} class="notice">
                  <span class={`tone-${tone}`}>
                    <Glyph name={LOOKS[tone].glyph} />
                    <span class="sr-only">{LOOKS[tone].word}:</span>
                  </span>
                  <div>
                    <p>{text}</p>
                    {detail !== null && detail !== "" && (
                      <p class="muted small">{detail}</p>
                    )}
                    <time class="muted small">
                      {formatDateTime(at)} {zoneName()}
                    </time>
                  </div>
                </li>
              ))}
            </ul>
          )}
        <div class="dialog-actions">
          {items.length > 0 && (
            <Button onClick={clearNotices} data-testid="notices-clear">
              Clear
            </Button>
          )}
          <Button onClick={onClose} autofocus>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}
