import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { AgentView } from "../../contracts/agent.ts";
import { explain } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { Dialog } from "../Dialog.tsx";
import type { PanelUser } from "../roles.ts";
import {
  findItems,
  keepRecent,
  type PaletteEffect,
  type PaletteItem,
  paletteItems,
  readRecent,
} from "./palette_items.ts";

/** Pages, agents and actions by name: a box to type in and a list to choose from. */
export function Palette(
  { open, user, onChoose, onClose }: {
    open: boolean;
    user: PanelUser;
    onChoose: (effect: PaletteEffect) => void;
    onClose: () => void;
  },
) {
  return (
    <Dialog
      label="Command palette"
      open={open}
      onClose={onClose}
      testId="palette"
      size="palette"
    >
      <PaletteBody user={user} onChoose={onChoose} />
    </Dialog>
  );
}

function PaletteBody(
  { user, onChoose }: {
    user: PanelUser;
    onChoose: (effect: PaletteEffect) => void;
  },
) {
  const query = useSignal("");
  const place = useSignal(0);
  const agents = useAgents();
  const items = findItems(paletteItems(user, agents.value.items), {
    query: query.value,
    recent: readRecent(),
  });
  const chosen = items[Math.min(place.value, items.length - 1)];
  const choose = (item: PaletteItem | undefined) => {
    if (item === undefined || item.refusal !== null) return;
    if (item.effect.kind === "open") keepRecent(item.id);
    onChoose(item.effect);
  };
  return (
    <>
      <input
        class="input palette-input"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-label="Find a page, an agent or an action"
        {...(chosen === undefined
          ? {}
          : { "aria-activedescendant": optionId(chosen) })}
        placeholder="Page, agent or action"
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={query.value}
        data-testid="palette-input"
        onInput={(event) => {
          query.value = event.currentTarget.value;
          place.value = 0;
        }}
        onKeyDown={(event) => {
          const step = STEPS[event.key];
          if (step !== undefined && items.length > 0) {
            event.preventDefault();
            place.value = (place.value + step + items.length) % items.length;
          } else if (event.key === "Enter") {
            event.preventDefault();
            choose(chosen);
          }
        }}
      />
      <PaletteList items={items} chosen={chosen} onChoose={choose} />
      <p class="palette-foot" role="status">
        {agents.value.problem ??
          (items.length === 0
            ? "Nothing is called so"
            : `${items.length} to choose from · ↑ ↓ Enter · Esc`)}
      </p>
    </>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

function optionId({ id, group }: PaletteItem): string {
  return `palette-${group}-${id}`.replaceAll(/\W+/g, "-");
}

function PaletteList(
  { items, chosen, onChoose }: {
    items: readonly PaletteItem[];
    chosen: PaletteItem | undefined;
    onChoose: (item: PaletteItem) => void;
  },
) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")
      ?.scrollIntoView({ block: "nearest" });
  }, [chosen?.id]);
  const groups = Map.groupBy(items, ({ group }) => group);
  return (
    <div
      class="palette-list"
      id="palette-list"
      role="listbox"
      aria-label="What fits"
      ref={list}
    >
      {[...groups].map(([group, members]) => (
        <div key={group} role="group" aria-label={group}>
          <p class="palette-group" aria-hidden="true">{group}</p>
          {members.map((item) => (
            <div
              key={item.id}
              id={optionId(item)}
              class="palette-item"
              role="option"
              aria-selected={item === chosen ? "true" : "false"}
              {...(item.refusal === null
                ? {}
                : { "aria-disabled": "true" as const })}
              data-testid="palette-item"
              onClick={() => onChoose(item)}
            >
              <span>{item.label}</span>
              <span class="palette-hint">{item.refusal ?? item.hint}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** The agents as they are now; without an answer the rest can be used. */
function useAgents(): Signal<
  { items: readonly AgentView[]; problem: string | null }
> {
  const agents = useSignal<
    { items: readonly AgentView[]; problem: string | null }
  >({ items: [], problem: null });
  useEffect(() => {
    api.listAgents().then(
      ({ items }) => agents.value = { items, problem: null },
      (error) =>
        agents.value = {
          items: [],
          problem: `Agents could not be read. ${explain(error)}`,
        },
    );
  }, []);
  return agents;
}
