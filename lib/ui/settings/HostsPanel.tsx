import type { HostsResponse, HostView } from "../../contracts/host.ts";
import { Card } from "../Card.tsx";
import { formatAge, formatCount } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { HOST_STATE_WORDS } from "../host_words.ts";
import { HostForm, type HostFormProps } from "./HostForm.tsx";

/** What the card of the hosts shows. */
export interface HostsPanelProps {
  hosts: HostsResponse;
  now: number;
  /** Whether the user may drain and forget. */
  mayManage: boolean;
  /** The question that is open; null for none. */
  form: HostFormProps | null;
}

/** The hosts over one store; where there is one process, one line. */
export function HostsPanel({ hosts, now, mayManage, form }: HostsPanelProps) {
  if (!hosts.isShared) {
    return (
      <Card title="Hosts">
        <p class="muted" data-testid="hosts-single">
          This process has its store for itself and runs all agents. Set KV_URL
          to run several over one.
        </p>
      </Card>
    );
  }
  return (
    <Card title="Hosts">
      {hosts.warnings.map((warning) => (
        <p key={warning} class="tone-warn" data-testid="hosts-warning">
          <Glyph name="warn" /> {warning}.
        </p>
      ))}
      {form !== null && <HostForm {...form} />}
      {hosts.items.length === 0
        ? (
          <p class="muted" data-testid="hosts-none">
            No host has ever started over this store.
          </p>
        )
        : <HostTable items={hosts.items} now={now} mayManage={mayManage} />}
    </Card>
  );
}

function HostTable(
  { items, now, mayManage }: {
    items: readonly HostView[];
    now: number;
    mayManage: boolean;
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Hosts, scrollable"
    >
      <table class="table" data-testid="hosts-table">
        <caption class="sr-only">Processes that run agents</caption>
        <thead>
          <tr>
            <th scope="col">Host</th>
            <th scope="col">State</th>
            <th scope="col" class="cell-num">Agents</th>
            <th scope="col">Seen</th>
            <th scope="col">Exchanges</th>
            <th scope="col">Version</th>
            {mayManage && <th scope="col">Actions</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((host) => (
            <HostRow
              key={host.id}
              host={host}
              now={now}
              mayManage={mayManage}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HostRow(
  { host, now, mayManage }: { host: HostView; now: number; mayManage: boolean },
) {
  const { word, tone, glyph } = HOST_STATE_WORDS[host.state];
  const notes = [
    host.isSelf ? "this process" : null,
    host.role === "all" ? "with panel and API" : null,
    host.isLiveArmed ? "may trade with money" : null,
  ].filter((note) => note !== null);
  return (
    <tr data-testid={`host-${host.id}`}>
      <th scope="row">
        {host.id}
        {notes.length > 0 && <div class="muted small">{notes.join(", ")}</div>}
      </th>
      <td>
        <span class={`state tone-${tone}`}>
          <Glyph name={glyph} />
          {word}
        </span>
      </td>
      <td class="cell-num">
        {host.state === "gone"
          ? `had ${formatCount(host.agents)}`
          : `${formatCount(host.agents)} of ${formatCount(host.capacity)}`}
      </td>
      <td>{formatAge(Date.parse(host.lastSeenAt), now)}</td>
      <td>{host.exchanges.join(", ")}</td>
      <td>{host.version}</td>
      {mayManage && (
        <td>
          <HostAction host={host} />
        </td>
      )}
    </tr>
  );
}

/** One that is up can be drained, one that is gone forgotten. */
function HostAction({ host: { id, state } }: { host: HostView }) {
  if (state === "draining") return <span class="muted">Gives away</span>;
  const action = state === "gone" ? "forget" : "drain";
  const query = new URLSearchParams({ action, host: id });
  return (
    <a
      class="btn btn-default btn-small"
      href={`/settings/system?${query}#host-form`}
      data-testid={`host-${action}`}
      aria-label={`${action === "drain" ? "Drain" : "Forget"} ${id}`}
    >
      {action === "drain" ? "Drain…" : "Forget…"}
    </a>
  );
}
