import type { Evidence } from "../evidence.ts";

/** How the log begins to tell of a message that reached nobody. */
const TOLD = "A message reached nobody";

/**
 * P1: the ring of dead letters has no holes, and what the log tells of is in it.
 * A process that dies may take the newest with it, from either of the two.
 */
export function checkDeadLetters(
  { deadLetters, events, bootSeqs, report }: Evidence,
): void {
  deadLetters.forEach(({ n }, index) => {
    if (n !== deadLetters[0]!.n + index) {
      report("P1", `Dead letter ${deadLetters[0]!.n + index} is missing`);
    }
  });
  if (bootSeqs.length > 1) return;
  const told = events.filter((event) =>
    event.type === "log.added" && event.data.message.includes(TOLD)
  );
  for (const event of told) {
    if (event.type !== "log.added") continue;
    const { message } = event.data;
    if (deadLetters.some(({ detail }) => message.includes(`(${detail})`))) {
      continue;
    }
    report("P1", `No dead letter is kept of: ${message}`);
  }
  if (told.length > deadLetters.length) {
    report(
      "P1",
      `The log tells of ${told.length} dead letters, ${deadLetters.length} are kept`,
    );
  }
}
