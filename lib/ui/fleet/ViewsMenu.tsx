import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../Button.tsx";
import { Glyph } from "../Glyph.tsx";
import { FleetMenu } from "./FleetMenu.tsx";
import {
  loadViews,
  removeView,
  saveColumns,
  type SavedView,
  saveView,
  VIEW_NAME_MAX,
} from "./saved_views.ts";
import type { TableState } from "./table_state.ts";

/** Views that were saved in this browser: filter, order and columns under a name. */
export function ViewsMenu({ table }: { table: TableState }) {
  const views = useSignal<readonly SavedView[]>([]);
  const name = useSignal("");
  const refusal = useSignal<string | null>(null);
  useEffect(() => {
    views.value = loadViews(localStorage);
  }, []);
  const save = () => {
    const text = name.value.trim();
    refusal.value = saveView(localStorage, table.toView(text));
    if (refusal.value !== null) return;
    name.value = "";
    views.value = loadViews(localStorage);
  };
  return (
    <FleetMenu label="Views" testId="views-menu">
      {views.value.length === 0 && (
        <p class="muted small">
          No view is saved in this browser yet. A view keeps filter, order and
          columns.
        </p>
      )}
      <ul class="view-list">
        {views.value.map((view) => (
          <li key={view.name}>
            <Button
              kind="quiet"
              data-testid={`view-${view.name}`}
              hint={view.filter === "" ? "No filter" : view.filter}
              onClick={() => {
                table.show(view);
                saveColumns(localStorage, view.columns);
              }}
            >
              {view.name}
            </Button>
            <Button
              small
              kind="quiet"
              class="btn-icon"
              aria-label={`Delete the view ${view.name}`}
              hint="Delete"
              onClick={() => {
                removeView(localStorage, view.name);
                views.value = loadViews(localStorage);
              }}
            >
              <Glyph name="cross" />
            </Button>
          </li>
        ))}
      </ul>
      <form
        class="view-form"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <label class="small" for="view-name">Save what is shown as</label>
        <div class="view-fields">
          <input
            class="input"
            id="view-name"
            maxLength={VIEW_NAME_MAX}
            value={name.value}
            autocomplete="off"
            data-testid="view-name"
            {...(refusal.value === null
              ? {}
              : { "aria-describedby": "view-refusal" })}
            onInput={(event) => name.value = event.currentTarget.value}
          />
          <Button type="submit" data-testid="view-save">Save</Button>
        </div>
        {refusal.value !== null && (
          <p class="tone-danger small" id="view-refusal" role="alert">
            {refusal.value}
          </p>
        )}
      </form>
    </FleetMenu>
  );
}
