import {
  type AlertChannelView,
  CHANNEL_KIND_WORDS,
} from "../../../contracts/alerts/channel.ts";
import { Badge } from "../../Badge.tsx";
import { Button } from "../../Button.tsx";
import { channelWord } from "./alert_words.ts";

/** A channel with whom it belongs to: an e-mail, or an id where that is not known. */
export interface OwnedChannel {
  channel: AlertChannelView;
  owner: string;
}

/** Channels of others, for admins: seen and removed, never used. */
export function OthersChannels(
  { channels }: { channels: readonly OwnedChannel[] },
) {
  return (
    <section class="alerts-part" aria-labelledby="alert-others">
      <h2 id="alert-others">Channels of others</h2>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Channels of others, scrollable"
      >
        <table class="table" data-testid="others-channels">
          <caption class="sr-only">Channels of others</caption>
          <thead>
            <tr>
              <th scope="col">Owner</th>
              <th scope="col">Name</th>
              <th scope="col">Leads to</th>
              <th scope="col">State</th>
              <th scope="col">
                <span class="sr-only">Remove it</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {channels.map(({ channel, owner }) => {
              const { word, tone, glyph } = channelWord(channel);
              return (
                <tr key={channel.id}>
                  <th scope="row">{owner}</th>
                  <td>{channel.name}</td>
                  <td>
                    {CHANNEL_KIND_WORDS[channel.kind]}{" "}
                    <code>{channel.target}</code>
                  </td>
                  <td>
                    <Badge tone={tone} glyph={glyph}>{word}</Badge>
                  </td>
                  <td>
                    <form method="post" action="/settings/alerts">
                      <input type="hidden" name="channel" value={channel.id} />
                      <Button
                        type="submit"
                        small
                        kind="danger"
                        name="action"
                        value="remove-channel"
                        aria-label={`Remove ${channel.name} of ${owner}`}
                      >
                        Remove
                      </Button>
                    </form>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
