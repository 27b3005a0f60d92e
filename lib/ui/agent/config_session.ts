/**
 * One session of editing a configuration: what is edited, how far it is, and
 * what stands in the way.
 *
 * @module
 */
import { type Signal, signal } from "@preact/signals";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { ConfigPreview } from "../../contracts/config_preview.ts";
import { type ApiClient, ApiProblem, explain } from "../client/api_client.ts";
import {
  checkDraft,
  type ConfigBase,
  type ConfigDraft,
  type DraftError,
  placed,
  startDraft,
} from "./config_draft.ts";

/** How far the session is. */
export type EditStage =
  | { kind: "edit" }
  /** The server has said what the change comes to. */
  | { kind: "review"; config: AgentConfig; preview: ConfigPreview }
  /** Somebody saved meanwhile. */
  | { kind: "merge"; yours: AgentConfig; theirs: ConfigBase };

type SessionApi = Pick<ApiClient, "previewConfig" | "currentConfig">;

/** See the module. */
export class ConfigSession {
  readonly draft: Signal<ConfigDraft>;
  readonly stage: Signal<EditStage> = signal({ kind: "edit" });
  /** What the server says of fields, until they are edited. */
  readonly refused: Signal<readonly DraftError[]> = signal([]);
  readonly failure: Signal<string | null> = signal(null);
  readonly isBusy = signal(false);
  readonly #id: string;
  readonly #api: SessionApi;

  /** @param value What to begin with, where that is not what is stored. */
  constructor(
    api: SessionApi,
    { id, base, value }: { id: string; base: ConfigBase; value?: unknown },
  ) {
    this.#api = api;
    this.#id = id;
    this.draft = signal(startDraft(base, value));
  }

  /** Everything that is known to be wrong. */
  get errors(): readonly DraftError[] {
    const checked = checkDraft(this.draft.value);
    const found = "errors" in checked ? checked.errors : [];
    const known = new Set(found.map(({ pointer }) => pointer));
    return [
      ...found,
      ...this.refused.value.filter(({ pointer }) => !known.has(pointer)),
    ];
  }

  /** Takes an edit; what the server said of the last attempt may not be true any more. */
  edit(draft: ConfigDraft): void {
    this.draft.value = draft;
    this.refused.value = [];
    this.failure.value = null;
  }

  /** Asks the server what the change comes to. */
  async review(): Promise<void> {
    const draft = this.draft.value;
    const checked = checkDraft(draft);
    if ("errors" in checked || this.isBusy.value) return;
    const { config } = checked;
    await this.#ask(async () => {
      const preview = await this.#api.previewConfig(this.#id, config);
      this.refused.value = placed(preview.errors, draft.json);
      if (preview.configVersion === draft.base.configVersion) {
        this.stage.value = { kind: "review", config, preview };
      } else await this.#compare(config);
    });
  }

  /** Back to the fields. */
  back(): void {
    this.stage.value = { kind: "edit" };
    this.failure.value = null;
  }

  /** What a refused attempt to save comes to. */
  async takeRefusal(error: unknown): Promise<void> {
    const stage = this.stage.value;
    if (
      error instanceof ApiProblem && error.problem.status === 412 &&
      stage.kind === "review"
    ) {
      return await this.#ask(() => this.#compare(stage.config));
    }
    this.failure.value = explain(error);
    if (error instanceof ApiProblem) {
      const { errors = [] } = error.problem;
      this.refused.value = placed(errors, this.draft.value.json);
    }
  }

  /** Goes on with chosen fields, on top of what is stored. */
  async takeMerged(theirs: ConfigBase, merged: unknown): Promise<void> {
    this.edit(startDraft(theirs, merged));
    this.stage.value = { kind: "edit" };
    await this.review();
  }

  async #compare(yours: AgentConfig): Promise<void> {
    const theirs = await this.#api.currentConfig(this.#id);
    this.stage.value = { kind: "merge", yours, theirs };
  }

  async #ask(ask: () => Promise<void>): Promise<void> {
    this.isBusy.value = true;
    this.failure.value = null;
    try {
      await ask();
    } catch (error) {
      this.failure.value = explain(error);
    } finally {
      this.isBusy.value = false;
    }
  }
}
