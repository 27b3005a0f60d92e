import { Button } from "../Button.tsx";
import {
  ALL_COLUMNS,
  type ColumnId,
  columnOf,
  moveColumn,
  toggleColumn,
} from "./columns.ts";
import { FleetMenu } from "./FleetMenu.tsx";
import { saveColumns } from "./saved_views.ts";
import type { TableState } from "./table_state.ts";

/** Shows, hides and orders columns, without dragging; this browser remembers it. */
export function ColumnsMenu({ table }: { table: TableState }) {
  const shown = table.columns.value;
  const set = (columns: readonly ColumnId[]) => {
    table.columns.value = columns;
    saveColumns(localStorage, columns);
  };
  const hidden = ALL_COLUMNS.filter((id) => !shown.includes(id));
  return (
    <FleetMenu label="Columns" testId="columns-menu">
      <ul class="column-list">
        {[...shown, ...hidden].map((id) => {
          const { label } = columnOf(id);
          const place = shown.indexOf(id);
          return (
            <li key={id}>
              <label>
                <input
                  type="checkbox"
                  checked={place >= 0}
                  data-testid={`column-${id}`}
                  onChange={() => set(toggleColumn(shown, id))}
                />
                {label}
              </label>
              {place >= 0 && (
                <>
                  <Mover
                    label={`Move ${label} to the left`}
                    sign="↑"
                    refusal={place === 0 ? "It is the first" : null}
                    onMove={() => set(moveColumn(shown, id, -1))}
                  />
                  <Mover
                    label={`Move ${label} to the right`}
                    sign="↓"
                    refusal={place === shown.length - 1
                      ? "It is the last"
                      : null}
                    onMove={() => set(moveColumn(shown, id, 1))}
                  />
                </>
              )}
            </li>
          );
        })}
      </ul>
      <Button small onClick={() => set(ALL_COLUMNS)}>As at first</Button>
    </FleetMenu>
  );
}

function Mover(
  { label, sign, refusal, onMove }: {
    label: string;
    sign: string;
    refusal: string | null;
    onMove: () => void;
  },
) {
  return (
    <Button
      small
      kind="quiet"
      class="btn-icon"
      aria-label={label}
      hint={label}
      disabledReason={refusal}
      onClick={onMove}
    >
      <span aria-hidden="true">{sign}</span>
    </Button>
  );
}
