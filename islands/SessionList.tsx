import { useSignal } from "@preact/signals";
import type { SessionView } from "../lib/contracts/auth.ts";
import { Badge } from "../lib/ui/Badge.tsx";
import { Button } from "../lib/ui/Button.tsx";
import { api, offlineReason } from "../lib/ui/client/live.ts";
import { formatDateTime, zoneName } from "../lib/ui/format.ts";
import { Failed } from "../lib/ui/Failed.tsx";
import { ConfirmDialog } from "../lib/ui/settings/ConfirmDialog.tsx";
import {
  changeList,
  type ListFailure,
} from "../lib/ui/settings/list_change.ts";
import { programName } from "../lib/ui/settings/program_name.ts";

/** What is about to end: one login, or all but this one. */
type Ending = SessionView | "others" | null;

/** A person's logins, and how to end them. */
export default function SessionList(
  { sessions }: { sessions: readonly SessionView[] },
) {
  const shown = useSignal(sessions);
  const ending = useSignal<Ending>(null);
  const failure = useSignal<ListFailure | null>(null);
  const said = useSignal("");
  const busy = useSignal(false);
  const attempt = async (go: () => Promise<ListFailure | null>) => {
    busy.value = true;
    failure.value = null;
    failure.value = await go();
    busy.value = false;
    ending.value = null;
  };
  const end = async (wanted: Ending) => {
    if (wanted === null) return;
    await attempt(() =>
      changeList({
        change: async () => {
          said.value = await endLogins(wanted);
        },
        read: async () => {
          shown.value = (await api.sessions()).items;
        },
      })
    );
  };
  const others = shown.value.filter(({ isThis }) => !isThis);
  return (
    <>
      {failure.value !== null && (
        <Failed
          title={failure.value.part === "change"
            ? "The login could not be ended"
            : "The list could not be read"}
          error={failure.value.error}
          busy={busy.value}
          onRetry={() => {
            const failed = failure.peek();
            if (failed !== null) void attempt(failed.again);
          }}
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

/** Ends logins, and says what came of it. */
async function endLogins(wanted: SessionView | "others"): Promise<string> {
  if (wanted === "others") {
    const { revoked } = await api.revokeOtherSessions();
    return `Logins that have ended: ${revoked}`;
  }
  await api.revokeSession(wanted.id);
  return "The login has ended";
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
