import { useSignal } from "@preact/signals";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { Button } from "../Button.tsx";
import { Glyph } from "../Glyph.tsx";
import { FieldHead } from "./ChangeTable.tsx";
import type { ConfigBase } from "./config_draft.ts";
import { valueText } from "./value_text.ts";
import {
  mergeConfigs,
  type MergeRow,
  mergeRows,
  presetSide,
  type Side,
} from "./config_merge.ts";

/** Somebody saved meanwhile: three columns, and whose value counts, field by field. */
export function ConfigMerge(
  { base, theirs, yours, onMerged, onTheirs }: {
    /** What was seen when editing began. */
    base: ConfigBase;
    /** What is stored now. */
    theirs: ConfigBase;
    yours: AgentConfig;
    /** Goes on with what was chosen, on top of what is stored. */
    onMerged: (config: unknown) => void;
    /** Gives the own changes up. */
    onTheirs: () => void;
  },
) {
  const choices = useSignal<Readonly<Record<string, Side>>>({});
  const input = { base: base.config, theirs: theirs.config, yours };
  const rows = mergeRows(input);
  const sideOf = (row: MergeRow) =>
    choices.value[row.pointer] ?? presetSide(row);
  const open = rows.filter((row) => sideOf(row) === null).length;
  return (
    <section class="stale-question" data-testid="config-stale">
      <h3 class="tone-warn">
        <Glyph name="warn" /> Version {theirs.configVersion} was saved meanwhile
      </h3>
      <p>
        You began with version{" "}
        {base.configVersion}. Choose what counts in each field; nothing is saved
        yet.
      </p>
      {rows.length === 0 ? <p>Both changes come to the same.</p> : (
        <MergeTable
          rows={rows}
          sideOf={sideOf}
          onChoose={(pointer, side) =>
            choices.value = { ...choices.value, [pointer]: side }}
        />
      )}
      <div class="dialog-actions">
        <Button data-testid="merge-theirs" onClick={onTheirs}>
          Give my changes up
        </Button>
        <Button
          kind="primary"
          disabledReason={open === 0
            ? null
            : `Choose in ${open} more ${open === 1 ? "field" : "fields"}`}
          data-testid="merge-continue"
          onClick={() => onMerged(mergeConfigs(input, rows, choices.value))}
        >
          Continue with these
        </Button>
      </div>
    </section>
  );
}

function MergeTable(
  { rows, sideOf, onChoose }: {
    rows: readonly MergeRow[];
    sideOf: (row: MergeRow) => Side | null;
    onChoose: (pointer: string, side: Side) => void;
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label="Fields that differ, scrollable"
    >
      <table class="table change-table">
        <caption class="sr-only">Fields that differ</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">You saw</th>
            <th scope="col">Theirs</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.pointer}>
              <FieldHead pointer={row.pointer}>
                {row.changedBy === "both" && (
                  <span class="changed">both changed</span>
                )}
              </FieldHead>
              <td>{valueText(row.base)}</td>
              {(["theirs", "yours"] as const).map((side) => (
                <td key={side}>
                  <label class="merge-choice">
                    <input
                      type="radio"
                      name={row.pointer}
                      checked={sideOf(row) === side}
                      data-testid={`merge-${side}-${row.pointer}`}
                      onChange={() => onChoose(row.pointer, side)}
                    />
                    <span>{valueText(row[side])}</span>
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
