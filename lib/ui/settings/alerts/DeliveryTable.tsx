import type { AlertDeliveryView } from "../../../contracts/alerts/delivery.ts";
import { Badge } from "../../Badge.tsx";
import { formatDateTime, zoneName } from "../../format.ts";
import { deliveryTitle, deliveryWord, SEVERITY_WORDS } from "./alert_words.ts";

/** Messages of one channel, newest first. */
export function DeliveryTable(
  { name, deliveries }: {
    name: string;
    deliveries: readonly AlertDeliveryView[];
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label={`Messages of ${name}, scrollable`}
    >
      <table class="table" data-testid="deliveries">
        <caption class="sr-only">Messages of {name}, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Made ({zoneName()})</th>
            <th scope="col">About</th>
            <th scope="col">State</th>
            <th scope="col">Attempts</th>
            <th scope="col">Next attempt ({zoneName()})</th>
            <th scope="col">Last error</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => {
            const { word, tone, glyph } = deliveryWord(delivery);
            const [first] = delivery.items;
            return (
              <tr key={delivery.id}>
                <td>{formatDateTime(delivery.createdAt)}</td>
                <td class="alert-about">
                  {deliveryTitle(delivery)}
                  {delivery.kind !== "test" &&
                    ` (${SEVERITY_WORDS[delivery.severity]})`}
                  {first !== undefined && (
                    <span class="muted alert-sentence">
                      {first.message}
                      {first.simulated === true && " (paper)"}
                    </span>
                  )}
                </td>
                <td>
                  <Badge tone={tone} glyph={glyph}>{word}</Badge>
                </td>
                <td>{delivery.attempts}</td>
                <td>
                  {delivery.nextAttemptAt === null
                    ? <span class="muted">none</span>
                    : formatDateTime(delivery.nextAttemptAt)}
                </td>
                <td class="alert-about">
                  {delivery.lastError ?? <span class="muted">none</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
