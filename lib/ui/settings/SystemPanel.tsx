import type { ComponentChildren } from "preact";
import type { QuotaView } from "../../contracts/quota.ts";
import type { SystemView } from "../../contracts/system.ts";
import { Card } from "../Card.tsx";
import {
  formatCount,
  formatDateTime,
  formatDecimal,
  formatDuration,
  UNKNOWN,
  zoneName,
} from "../format.ts";
import { Glyph } from "../Glyph.tsx";

/** What the page shows. */
export interface SystemPanelProps {
  system: SystemView;
  quotas: readonly QuotaView[];
  /** When it was asked for. */
  now: number;
}

/** The process, its storage, its limits and its settings. */
export function SystemPanel({ system, quotas, now }: SystemPanelProps) {
  const { runtime, formats, memory, agents } = system;
  return (
    <>
      <Card title="Process">
        <dl class="system-facts" data-testid="system-process">
          <Fact name="SMC Fleet">
            <span data-testid="system-version">{system.version}</span>
          </Fact>
          <Fact name="Up for">
            {formatDuration(system.uptimeMs)}, since{" "}
            {formatDateTime(Date.parse(system.startedAt))} {zoneName()}
          </Fact>
          <Fact name="Trading">
            {system.tradingMode === "live"
              ? "Live: may send orders of real money"
              : "Paper alone"}
          </Fact>
          <Fact name="Agents that run">
            {formatCount(agents.running)} of{" "}
            {formatCount(agents.all)}, each in a worker of its own
          </Fact>
          <Fact name="Memory">
            {formatCount(memory.residentMiB)}{" "}
            MiB in all, workers included; heap of the main thread{" "}
            {formatCount(memory.heapUsedMiB)} MiB
          </Fact>
          <Fact name="Deno">
            {runtime.deno}, V8 {runtime.v8}
          </Fact>
          <Fact name="Machine">
            {runtime.system}, {formatCount(runtime.processors)} processors
          </Fact>
          <Fact name="Formats">
            API {formats.api}, store {formats.store}, worker protocol{" "}
            {formats.workers}
          </Fact>
        </dl>
        <p class="muted small">
          As of {formatDateTime(now)}{" "}
          {zoneName()}; load the page again for newer figures.
        </p>
      </Card>
      <Storage storage={system.storage} />
      <Quotas quotas={quotas} />
      <Settings settings={system.settings} />
    </>
  );
}

function Fact(
  { name, children }: { name: string; children: ComponentChildren },
) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Storage({ storage }: Pick<SystemView, "storage">) {
  return (
    <Card title="Storage">
      <dl class="system-facts" data-testid="system-storage">
        <Fact name="State">
          <span class={storage.ok ? "tone-ok" : "tone-danger"}>
            <Glyph name={storage.ok ? "check" : "cross"} />{" "}
            {storage.ok ? "Works" : "Fails"}
          </span>
          : {storage.detail}
        </Fact>
        <Fact name="Folder">
          <code>{storage.path}</code>
        </Fact>
        <Fact name="Size">
          <Bytes
            value={storage.bytes}
            reason="The folder cannot be read, or has too many files to count"
          />
        </Fact>
        <Fact name="Free on its disk">
          <Bytes
            value={storage.freeBytes}
            reason="The system does not tell"
          />
        </Fact>
      </dl>
    </Card>
  );
}

function Bytes({ value, reason }: { value: number | null; reason: string }) {
  if (value === null) {
    return <span class="unknown" title={reason}>{UNKNOWN}</span>;
  }
  const isLarge = value >= 1024 ** 3;
  const size = value / (isLarge ? 1024 ** 3 : 1024 ** 2);
  return <>{formatDecimal(size, { digits: 1 })} {isLarge ? "GiB" : "MiB"}</>;
}

function Quotas({ quotas }: { quotas: readonly QuotaView[] }) {
  return (
    <Card title="Limits in use">
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Limits, scrollable"
      >
        <table class="table" data-testid="system-quotas">
          <caption class="sr-only">How much of each limit is used</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Whose</th>
              <th scope="col" class="cell-num">Used</th>
              <th scope="col" class="cell-num">Limit</th>
              <th scope="col">One more</th>
            </tr>
          </thead>
          <tbody>
            {quotas.map(({ quota, things, of, used, limit, beyond }) => (
              <tr key={quota}>
                <th scope="row">{things}</th>
                <td>{of === "person" ? "yours" : "the server's"}</td>
                <td class="cell-num">{formatCount(used)}</td>
                <td class="cell-num">{formatCount(limit)}</td>
                <td>{beyond === "refused" ? "is refused" : beyond}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Settings({ settings }: Pick<SystemView, "settings">) {
  const names = (isSet: boolean) =>
    settings.filter((setting) => setting.isSet === isSet)
      .map(({ name }) => name);
  return (
    <Card title="Settings of the environment">
      <p class="muted small">
        Names alone: what they are set to is shown nowhere.
      </p>
      <Names title="Set" names={names(true)} />
      <Names title="At their preset" names={names(false)} />
    </Card>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  return (
    <div class="setting-names">
      <h3>{title}</h3>
      {names.length === 0 ? <p class="muted">None</p> : (
        <ul class="plain-list">
          {names.map((name) => (
            <li key={name}>
              <code>{name}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
