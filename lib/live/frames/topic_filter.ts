import { ASKED_TOPICS } from "../../contracts/stream.ts";
import type { Frame } from "./frames.ts";

const ASKED: ReadonlySet<string> = new Set(ASKED_TOPICS);

/** What a client wants to hear of. */
export class TopicFilter {
  /** The same for filters that let the same frames through. */
  readonly key: string;
  readonly #topics: ReadonlySet<string>;

  /** No topics = everything but what has to be asked for. */
  constructor(topics: readonly string[] = []) {
    this.#topics = new Set(topics);
    this.key = [...this.#topics].sort().join(",");
  }

  /** Tells whether a frame is wanted. Frames about the stream itself always are. */
  accepts({ topics }: Frame): boolean {
    if (topics === null) return true;
    if (this.#topics.size === 0) {
      return !topics.some((topic) => ASKED.has(topic));
    }
    return topics.some((topic) => this.#topics.has(topic));
  }
}
