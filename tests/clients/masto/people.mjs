// Two councils and their staff, signed in with masto.js. Kent: Ada, an admin, Ben and Cai. Devon: Dee.
import { setTimeout as wait } from "node:timers/promises";

import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";

import { watched } from "./watched.mjs";

// {kent: {url, domain}, devon: {url, domain}, password}, as test_masto.py says it.
export const { kent, devon, password } = JSON.parse(process.env.COUNCILS);
export const SCOPES = "read write follow push admin:read admin:write";
export const NOWHERE = "urn:ietf:wg:oauth:2.0:oob";
const WITHIN = 20_000;

export class Council {
  constructor({ url }) {
    this.url = url;
    this.oauth = watched("oauth", createOAuthAPIClient({ url }));
  }

  rest(accessToken) {
    return watched("rest", createRestAPIClient({ url: this.url, accessToken }));
  }

  async register() {
    this.app = await this.rest().v1.apps.create({ clientName: "masto.js", redirectUris: NOWHERE, scopes: SCOPES });
    this.secrets = { clientId: this.app.clientId, clientSecret: this.app.clientSecret, redirectUri: NOWHERE };
    this.instance = await this.rest().v2.instance.fetch();
    return this;
  }

  async signIn(username) {
    const asked = { grantType: "password", username, password, scope: SCOPES };
    const token = await this.oauth.token.create({ ...this.secrets, ...asked });
    return new Person(this, username, token.accessToken).known();
  }
}

class Person {
  constructor(council, name, accessToken) {
    Object.assign(this, { council, name, accessToken, rest: council.rest(accessToken) });
    Object.assign(this, { v1: this.rest.v1, v2: this.rest.v2 });
  }

  async known() {
    this.account = await this.v1.accounts.verifyCredentials();
    this.id = this.account.id;
    return this;
  }

  // Gives a streaming client that is connected.
  async listening() {
    const { streaming } = this.council.instance.configuration.urls;
    const stream = createStreamingAPIClient({ streamingApiUrl: streaming, accessToken: this.accessToken });
    await watched("streaming", stream).prepare();
    return stream;
  }

  write(status, more = {}) {
    return this.v1.statuses.create({ status, ...more });
  }
}

// Looks again and again until there is something, and gives it.
export async function until(look) {
  const ends = Date.now() + WITHIN;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > ends) throw new Error(`nothing within ${WITHIN / 1000} s: ${look}`);
    await wait(50);
  }
}

export const here = await new Council(kent).register();
export const there = await new Council(devon).register();
export const [ada, ben, cai] = await Promise.all(["ada", "ben", "cai"].map((name) => here.signIn(name)));
export const dee = await there.signIn("dee");
