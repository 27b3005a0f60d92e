import type { CandleFile } from "../contracts/feed.ts";
import type { ModelInfo } from "../contracts/inference.ts";
import type { FleetContext } from "./context.ts";
import type { FleetOptions } from "./fleet.ts";
import { loadedModels } from "./inference.ts";

/** What a configuration may name. */
export interface KnownFiles {
  candleFiles: readonly CandleFile[];
  models: readonly ModelInfo[];
}

/** Candle files and models of this host. A form is checked against what was found last; a command looks again first. */
export class Library {
  readonly #context: FleetContext;
  readonly #options: Pick<FleetOptions, "listCandleFiles" | "listModels">;
  #known: KnownFiles = { candleFiles: [], models: [] };

  constructor(
    context: FleetContext,
    options: Pick<FleetOptions, "listCandleFiles" | "listModels">,
  ) {
    this.#context = context;
    this.#options = options;
    this.known();
  }

  /** What was found last; the next call may know more. */
  known(): KnownFiles {
    this.#context.track(this.refresh(), "list candle files and models");
    return this.#known;
  }

  /** Looks again. */
  async refresh(): Promise<KnownFiles> {
    const [candleFiles, models] = await Promise.all([
      this.#options.listCandleFiles(),
      this.#options.listModels?.() ?? [],
    ]);
    return this.#known = { candleFiles, models };
  }

  /** Files that a replay feed can play. */
  async candleFiles(): Promise<readonly CandleFile[]> {
    return (await this.refresh()).candleFiles;
  }

  /** Models with what the inference worker tells of them. */
  async models(): Promise<readonly ModelInfo[]> {
    const [{ models }, loaded] = await Promise.all([
      this.refresh(),
      loadedModels(this.#context),
    ]);
    return models.map((model) => ({
      ...model,
      loaded: loaded.findLast(({ name }) => name === model.name) ?? null,
    }));
  }
}
