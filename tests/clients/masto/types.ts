// What masto.js gives, under one name for each client: declared.mjs reads the types from here.
import type { mastodon } from "masto";

export interface Clients {
  rest: mastodon.rest.Client;
  streaming: mastodon.streaming.Client;
  oauth: mastodon.oauth.Client;
}

export type Event = mastodon.streaming.Event;
