import {
  type AlertChannelView,
  CHANNEL_KIND_WORDS,
} from "../../../contracts/alerts/channel.ts";
import type { AlertDeliveryView } from "../../../contracts/alerts/delivery.ts";
import { Unknown } from "../../Amount.tsx";
import { Badge } from "../../Badge.tsx";
import { Button } from "../../Button.tsx";
import { formatDateTime, zoneName } from "../../format.ts";
import { channelWord } from "./alert_words.ts";
import { DeliveryTable } from "./DeliveryTable.tsx";

/** One channel: where it leads, how it does, what went out. */
export function ChannelCard(
  { channel, deliveries }: {
    channel: AlertChannelView;
    deliveries: readonly AlertDeliveryView[];
  },
) {
  const { id, name, kind, target, health, waiting, blockedBy } = channel;
  const { word, tone, glyph } = channelWord(channel);
  return (
    <article
      class="card key-card"
      aria-labelledby={`channel-${id}`}
      data-testid={`channel-${name}`}
    >
      <header class="key-head">
        <h3 id={`channel-${id}`}>{name}</h3>
        <span class="muted">
          {CHANNEL_KIND_WORDS[kind]} <code>{target}</code>
          {kind === "webhook" && "/…"}
        </span>
        <Badge tone={tone} glyph={glyph}>{word}</Badge>
      </header>
      {blockedBy !== null && <p class="tone-warn">{blockedBy}</p>}
      {health.failingSince !== null && (
        <p class="tone-danger" data-testid="channel-error">
          Fails since {formatDateTime(health.failingSince)}: {health.lastError}
        </p>
      )}
      {health.dropped > 0 && (
        <p class="tone-warn" data-testid="channel-dropped">
          {health.dropped}{" "}
          alerts were given up because too many waited, the last at{" "}
          {formatDateTime(health.lastDroppedAt)}
        </p>
      )}
      <dl class="key-rights">
        <div>
          <dt>Delivered last ({zoneName()})</dt>
          <dd>
            {health.lastDeliveredAt === null
              ? <Unknown reason="No message has arrived yet" />
              : formatDateTime(health.lastDeliveredAt)}
          </dd>
        </div>
        <div>
          <dt>Delivered</dt>
          <dd>{health.delivered}</dd>
        </div>
        <div>
          <dt>Failed</dt>
          <dd>{health.failed}</dd>
        </div>
        <div>
          <dt>Waiting</dt>
          <dd>{waiting}</dd>
        </div>
      </dl>
      <ChannelActions id={id} name={name} />
      {deliveries.length > 0 && (
        <details class="disclosure" open={health.failingSince !== null}>
          <summary>Messages ({deliveries.length})</summary>
          <DeliveryTable name={name} deliveries={deliveries} />
        </details>
      )}
    </article>
  );
}

function ChannelActions({ id, name }: { id: string; name: string }) {
  return (
    <div class="key-actions">
      <form method="post" action="/settings/alerts">
        <input type="hidden" name="channel" value={id} />
        <Button
          type="submit"
          name="action"
          value="test"
          aria-label={`Send a test to ${name}`}
          data-testid="channel-test"
        >
          Send a test
        </Button>
      </form>
      <details class="disclosure key-revoke">
        <summary>Remove…</summary>
        <p>
          Forgets the channel with its messages, and rules that lead nowhere
          else.
        </p>
        <form method="post" action="/settings/alerts">
          <input type="hidden" name="channel" value={id} />
          <Button
            type="submit"
            kind="danger"
            name="action"
            value="remove-channel"
            data-testid="channel-remove"
          >
            Remove {name}
          </Button>
        </form>
      </details>
    </div>
  );
}
