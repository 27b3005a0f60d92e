import { plural } from "../format.ts";
import type { Skip } from "./skips.ts";

const NAMES_SHOWN = 5;

/** Which agents a command will skip, and why, before it is sent. */
export function SkipList({ skips }: { skips: readonly Skip[] }) {
  const count = skips.reduce((sum, { names }) => sum + names.length, 0);
  return (
    <div class="skips" data-testid="skips">
      <p>{plural(count, "selected agent")} will be skipped:</p>
      <ul>
        {skips.map(({ reason, names }) => (
          <li key={reason}>
            <strong>{reason}</strong>: {names.slice(0, NAMES_SHOWN).join(", ")}
            {names.length > NAMES_SHOWN &&
              ` and ${names.length - NAMES_SHOWN} more`}
          </li>
        ))}
      </ul>
    </div>
  );
}
