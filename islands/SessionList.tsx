import { useSignal } from "@preact/signals";
import type { SessionView } from "../lib/contracts/auth.ts";
import { Badge } from "../lib/ui/Badge.tsx";
import { Button } from "../lib/ui/Button.tsx";
import { api, offlineReason } from "../lib/ui/client/live.ts";
import { formatDateTime, zoneName } from "../lib/ui/format.ts";
import { Failed } from "../lib/ui/Failed.tsx";
import { ConfirmDialog } from "../lib/ui/settings/ConfirmDialog.tsx";
import { programName } from "../lib/ui/settings/program_name.ts";

/** What is about to end: one login, or all but this one. */
type Ending = SessionView | "others" | null;

/** A person's logins, and how to end them. */
export default function SessionList(
  { sessions }: { sessions: readonly SessionView[] },
) {
  const shown = useSignal(sessions);
  const ending = useSignal<Ending>(null);
  const failure = useSignal<{ error: unknown; wanted: Ending } | null>(null);
  const said = useSignal("");
  const busy = useSignal(false);
  const end = async (wanted: Ending) => {
    if (wanted === null) return;
    busy.value = true;
    failure.value = null;
    try {
      if (wanted === "others") {
        const { revoked } = await api.revokeOtherSessions();
        said.value = `Logins that have ended: ${revoked}`;
      } else {
        await api.revokeSession(wanted.id);
        said.value = "The login has ended";
      }
      shown.value = (await api.sessions()).items;
    } catch (error) {
      failure.value = { error, wanted };
    } finally {
      busy.value = false;
      ending.value = null;
    }
  };
  const others = shown.value.filter(({ isThis }) => !isThis);
  return (
    <>
      {failure.value !== null && (
        <Failed
          title="The login could not be ended"
          error={failure.value.error}
          busy={busy.value}
          onRetry={() => void end(failure.peek()?.wanted ?? null)}
        />
      )}
      <p role="status" class="sr-only" data-testid="sessions-done">
        {said.value}
      </p>
      <SessionTable
        sessions={shown.value}
        onEnd={(session) => ending.value = session}
      />
      <div class="settings-actions">
        <Button
          kind="danger"
          disabledReason={offlineReason() ??
            (others.length === 0 ? "This is your only login" : null)}
          onClick={() => ending.value = "others"}
          data-testid="sessions-end-others"
        >
          Log out everywhere else
        </Button>
      </div>
      <ConfirmDialog
        label={ending.value === "others"
          ? "Log out everywhere else?"
          : "End this login?"}
        open={ending.value !== null}
        busy={busy.value}
        goOn={ending.value === "others" ? "End all others" : "End it"}
        onClose={() => ending.value = null}
        onConfirm={() => void end(ending.peek())}
      >
        <p>{wordsOf(ending.value, others.length)}</p>
      </ConfirmDialog>
    </>
  );
}

function wordsOf(ending: Ending, others: number): string {
  if (ending === null) return "";
  if (ending === "others") {
    return `${others} other ${
      others === 1 ? "login ends" : "logins end"
    } at once, with the programs that use them. API tokens go on.`;
  }
  return `${
    programName(ending.userAgent)
  } at ${ending.address} is logged out at once. Agents go on.`;
}

function SessionTable(
  { sessions, onEnd }: {
    sessions: readonly SessionView[];
    onEnd: (session: SessionView) => void;
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Logins, scrollable"
    >
      <table class="table" data-testid="sessions">
        <caption class="sr-only">Your logins</caption>
        <thead>
          <tr>
            <th scope="col">Program</th>
            <th scope="col">Address</th>
            <th scope="col">Last used ({zoneName()})</th>
            <th scope="col">Begun ({zoneName()})</th>
            <th scope="col">
              <span class="sr-only">End it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionLine
              key={session.id}
              session={session}
              onEnd={() => onEnd(session)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SessionLine(
  { session, onEnd }: { session: SessionView; onEnd: () => void },
) {
  const { kind, userAgent, address, isThis } = session;
  const time = (text: string) => formatDateTime(Date.parse(text));
  return (
    <tr>
      <th scope="row" title={userAgent}>
        {programName(userAgent)} {kind === "program" && <Badge>Program</Badge>}
        {isThis && <Badge tone="ok" glyph="dot">This one</Badge>}
      </th>
      <td>
        <code>{address}</code>
      </td>
      <td>{time(session.lastSeenAt)}</td>
      <td>{time(session.createdAt)}</td>
      <td>
        {!isThis && (
          <Button
            small
            disabledReason={offlineReason()}
            onClick={onEnd}
            aria-label={`End the login of ${
              programName(userAgent)
            } at ${address}`}
            data-testid="session-end"
          >
            End…
          </Button>
        )}
      </td>
    </tr>
  );
}
