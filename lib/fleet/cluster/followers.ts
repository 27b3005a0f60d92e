/**
 * What this process knows of agents that others run: their newest views from
 * the events that those store, and the records when these have changed.
 *
 * @module
 */
import type { AgentView } from "../../contracts/agent.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import type { FleetContext } from "../context.ts";
import { recoverRemote, takeToldView } from "../recovery.ts";
import { FOLLOW_PAGE } from "./limits.ts";

/** Follows the events of all processes. */
export class Followers {
  readonly #context: FleetContext;
  #cursor: number;
  #watch: { close(): void } | null = null;
  #isReading = false;
  #isReadWanted = false;

  constructor(context: FleetContext) {
    this.#context = context;
    this.#cursor = context.store.events.headSeq();
  }

  /** Begins behind what was there when this was made. */
  start(): void {
    this.#watch = this.#context.store.events.watch(() => void this.#read());
    void this.#read();
  }

  close(): void {
    this.#watch?.close();
  }

  async #read(): Promise<void> {
    if (this.#isReading) {
      this.#isReadWanted = true;
      return;
    }
    this.#isReading = true;
    try {
      do {
        this.#isReadWanted = false;
        // deno-lint-ignore no-await-in-loop -- one page after the other
        while (await this.#readPage());
      } while (this.#isReadWanted);
    } catch {
      // The store's health tells of the failure; the next event tries again.
    } finally {
      this.#isReading = false;
    }
  }

  /** Reads one page; answers whether more may follow. */
  async #readPage(): Promise<boolean> {
    const { store } = this.#context;
    const { events, gap } = await store.events.after(this.#cursor, FOLLOW_PAGE);
    if (gap) await this.#readAll();
    // Of each agent the newest view counts.
    const views = new Map<string, AgentView>();
    for (const event of events) {
      this.#cursor = event.seq ?? this.#cursor;
      this.#sort(event, views);
    }
    for (const view of views.values()) {
      // deno-lint-ignore no-await-in-loop -- mostly nothing is read
      await this.#take(view);
    }
    return events.length === FOLLOW_PAGE;
  }

  #sort(event: StreamEnvelope, views: Map<string, AgentView>): void {
    if (event.type === "agent.updated") views.set(event.data.id, event.data);
    if (event.type !== "agent.removed") return;
    views.delete(event.data.id);
    const entry = this.#context.agents.find(event.data.id);
    if (entry?.isOwn === false) this.#context.agents.remove(event.data.id);
  }

  async #take(view: AgentView): Promise<void> {
    const { agents, store } = this.#context;
    const known = agents.find(view.id);
    if (known?.isOwn === true) return;
    if (known === undefined) {
      const record = await store.agents.get(view.id);
      if (record === null) return;
      await takeRemote(this.#context, record.id, view);
      return;
    }
    const { record, observed } = known;
    const isOther = record.configVersion !== view.configVersion ||
      record.desired !== view.desired || observed.epoch !== view.epoch ||
      observed.state !== view.observed;
    if (isOther) await takeRemote(this.#context, view.id, view);
    else takeToldView(known, view);
  }

  /** After a gap nobody knows what has changed. */
  async #readAll(): Promise<void> {
    const { agents, store } = this.#context;
    const records = await store.agents.list();
    const stored = new Set(records.map(({ id }) => id));
    for (const { isOwn, record: { id } } of agents.all()) {
      if (!isOwn && !stored.has(id)) agents.remove(id);
    }
    for (const { id } of records) {
      if (agents.find(id)?.isOwn === true) continue;
      // deno-lint-ignore no-await-in-loop -- rare, and not to be in anybody's way
      await takeRemote(this.#context, id, await store.agents.view(id));
    }
  }
}

/** Reads all of an agent that another process runs. */
export async function takeRemote(
  context: FleetContext,
  id: string,
  view: AgentView | null,
): Promise<void> {
  const record = await context.store.agents.get(id);
  if (record === null) return;
  const entry = await recoverRemote(context, record);
  // It may have become an own one while it was read.
  const now = context.agents.find(id);
  if (now?.isOwn === true) return;
  entry.hostId = now?.hostId ?? null;
  entry.hostProblem = now?.hostProblem ?? null;
  if (view !== null) takeToldView(entry, view);
  context.agents.add(entry);
}
