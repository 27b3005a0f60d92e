import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../Button.tsx";
import {
  ALL_COLUMNS,
  type ColumnId,
  columnOf,
  FIRST_COLUMNS,
  moveColumn,
  toggleColumn,
} from "./columns.ts";
import { FleetMenu } from "./FleetMenu.tsx";
import { saveColumns } from "./saved_views.ts";
import type { TableState } from "./table_state.ts";

/** Shows, hides and orders columns, without dragging; this browser remembers it. */
export function ColumnsMenu({ table }: { table: TableState }) {
  const shown = table.columns.value;
  // A row of the list that changes its place loses the focus on the way.
  const moved = useRef<HTMLElement | null>(null);
  useLayoutEffect(() => {
    moved.current?.focus();
    moved.current = null;
  });
  const move = (id: ColumnId, by: -1 | 1, button: HTMLElement) => {
    moved.current = button;
    set(moveColumn(shown, id, by));
  };
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
                    onMove={(button) => move(id, -1, button)}
                  />
                  <Mover
                    label={`Move ${label} to the right`}
                    sign="↓"
                    refusal={place === shown.length - 1
                      ? "It is the last"
                      : null}
                    onMove={(button) => move(id, 1, button)}
                  />
                </>
              )}
            </li>
          );
        })}
      </ul>
      <Button small onClick={() => set(FIRST_COLUMNS)}>As at first</Button>
    </FleetMenu>
  );
}

function Mover(
  { label, sign, refusal, onMove }: {
    label: string;
    sign: string;
    refusal: string | null;
    onMove: (button: HTMLElement) => void;
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
      onClick={(event) => onMove(event.currentTarget)}
    >
      <span aria-hidden="true">{sign}</span>
    </Button>
  );
}
