import type { Frame } from "./frames.ts";

/** Topics without the market's, which only those get who ask for it. */
const VOLATILE_TOPIC = "market:update";

/** What a client wants to hear of. */
export class TopicFilter {
  /** The same for filters that let the same frames through. */
  readonly key: string;
  readonly #topics: ReadonlySet<string>;

  /** No topics = everything but market updates. */
  constructor(topics: readonly string[] = []) {
    this.#topics = new Set(topics);
    this.key = [...this.#topics].sort().join(",");
  }

  /** Tells whether a frame is wanted. Frames about the stream itself always are. */
  accepts({ topics }: Frame): boolean {
    if (topics === null) return true;
    if (this.#topics.size === 0) return !topics.includes(VOLATILE_TOPIC);
    return topics.some((topic) => this.#topics.has(topic));
  }
}
