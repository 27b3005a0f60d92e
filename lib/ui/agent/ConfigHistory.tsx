import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AgentDetail } from "../../contracts/agent.ts";
import type { ConfigVersion } from "../../contracts/config_history.ts";
import { jsonDiff } from "../../core/json_diff.ts";
import { Button } from "../Button.tsx";
import type { ApiPage } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { formatDateTime, plural, zoneName } from "../format.ts";
import { Unknown } from "../Amount.tsx";
import { ChangeTable } from "./ChangeTable.tsx";
import { usePages } from "./pages.ts";
import { PageState } from "./PageState.tsx";

/** Versions of the configuration: who wrote each, when, and what; two can be compared, and one restored. */
export function ConfigHistory(
  { agent, start, refusal, onRestore }: {
    agent: AgentDetail;
    /** What the server painted; null to ask for it. */
    start: ApiPage<ConfigVersion> | null;
    /** Why nothing may be restored, or null. */
    refusal: string | null;
    onRestore: (version: ConfigVersion) => void;
  },
) {
  const pages = usePages(
    start,
    (cursor) => api.configHistory(agent.id, cursor),
  );
  const compared = useSignal<readonly number[]>([]);
  // A newer version is on top of the list.
  useEffect(() => {
    const newest = pages.page.value?.items[0]?.configVersion;
    if (newest !== undefined && newest !== agent.configVersion) {
      void pages.reload();
    }
  }, [agent.configVersion]);
  const versions = pages.page.value?.items ?? [];
  const chosen = versions.filter(({ configVersion }) =>
    compared.value.includes(configVersion)
  );
  const [newer, older] = chosen;
  return (
    <section
      class="config-history"
      id="config-history"
      data-testid="config-history"
    >
      <h3>History</h3>
      <PageState pages={pages} what="the history" />
      {versions.length > 0 && (
        <VersionTable
          versions={versions}
          current={agent.configVersion}
          compared={compared.value}
          refusal={refusal}
          onCompare={(version) =>
            compared.value = toggled(compared.value, version)}
          onRestore={onRestore}
        />
      )}
      {newer !== undefined && older !== undefined && (
        <>
          <h3>
            Version {older.configVersion} and {newer.configVersion}
          </h3>
          <ChangeTable
            changes={jsonDiff(older.config, newer.config)}
            caption={`What differs between version ${older.configVersion} and ${newer.configVersion}`}
            before={`Version ${older.configVersion}`}
            after={`Version ${newer.configVersion}`}
            testId="config-compare"
          />
        </>
      )}
      <Older pages={pages} />
    </section>
  );
}

function Older(
  { pages }: { pages: ReturnType<typeof usePages<ConfigVersion>> },
) {
  if (!pages.hasMore) return null;
  return (
    <Button busy={pages.isBusy.value} onClick={() => void pages.more()}>
      Older versions
    </Button>
  );
}

/** Two at most: the third takes the place of the one that was chosen first. */
function toggled(chosen: readonly number[], version: number): number[] {
  return chosen.includes(version)
    ? chosen.filter((known) => known !== version)
    : [...chosen, version].slice(-2);
}

function VersionTable(
  { versions, current, compared, refusal, onCompare, onRestore }: {
    versions: readonly ConfigVersion[];
    current: number;
    compared: readonly number[];
    refusal: string | null;
    onCompare: (version: number) => void;
    onRestore: (version: ConfigVersion) => void;
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="History, scrollable"
    >
      <table class="table version-table">
        <caption class="sr-only">
          Versions of the configuration, newest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Compare</th>
            <th scope="col">Version, {zoneName()}</th>
            <th scope="col">Who and what</th>
            <th scope="col">
              <span class="sr-only">Restore</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => {
            const { configVersion, at, by, via } = version;
            const isCurrent = configVersion === current;
            return (
              <tr key={configVersion}>
                <td>
                  <input
                    type="checkbox"
                    checked={compared.includes(configVersion)}
                    aria-label={`Compare version ${configVersion}`}
                    data-testid={`compare-${configVersion}`}
                    onChange={() => onCompare(configVersion)}
                  />
                </td>
                <th scope="row">
                  {configVersion}
                  {isCurrent && <span class="changed">stored</span>}
                  <span class="record-note">
                    {at === null ? <NotKept /> : formatDateTime(at)}
                  </span>
                </th>
                <td class="cell-wrap">
                  {by === null ? <NotKept /> : by.name}
                  {via !== null && <span class="muted">via {via}</span>}
                  <VersionChanges version={version} />
                </td>
                <td>
                  {!isCurrent && (
                    <Button
                      small
                      disabledReason={refusal}
                      data-testid={`restore-${configVersion}`}
                      onClick={() => onRestore(version)}
                    >
                      Restore…
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function VersionChanges({ version: { changes } }: { version: ConfigVersion }) {
  if (changes.length === 0) {
    return <span class="record-note">The oldest that is kept</span>;
  }
  return (
    <span
      class="record-note"
      title={changes.map(({ pointer }) => pointer).join(", ")}
    >
      {changes.length <= 2
        ? changes.map(({ pointer }) => pointer.slice(1)).join(", ")
        : plural(changes.length, "field")}
    </span>
  );
}

function NotKept() {
  return <Unknown reason="Written before versions were kept" />;
}
